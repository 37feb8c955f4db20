#include "tools/node/config.hpp"

#include <cstdlib>

namespace node {

std::filesystem::path default_data_folder(const std::string& chain_id) {
    if (const char* data = std::getenv("XDG_DATA_HOME"); data != nullptr && *data != '\0')
        return std::filesystem::path{data} / "tephra" / chain_id;
    if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0')
        return std::filesystem::path{home} / ".local/share/tephra" / chain_id;
    return std::filesystem::path{"tephra-data"} / chain_id;
}

}  // namespace node
