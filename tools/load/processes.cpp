#include "tools/load/processes.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <string>

namespace load {

double cpu_seconds(pid_t pid) {
    std::ifstream file{pid == 0 ? std::string{"/proc/self/stat"} : fmt::format("/proc/{}/stat", pid)};
    std::string line;
    std::getline(file, line);
    const auto end_of_name = line.rfind(')');
    if (end_of_name == std::string::npos) return 0;
    // utime and stime are the 14th and 15th fields; the name is the second.
    std::size_t at = end_of_name + 2;
    for (int field = 3; field < 14; ++field) at = line.find(' ', at) + 1;
    char* next = nullptr;
    const double user = std::strtod(line.c_str() + at, &next);
    const double system = std::strtod(next, nullptr);
    return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

Memory memory(pid_t pid) {
    std::ifstream file{fmt::format("/proc/{}/status", pid)};
    Memory out;
    for (std::string line; std::getline(file, line);) {
        const auto bytes = [&] { return std::stoul(line.substr(line.find(':') + 1)) * 1'024; };
        if (line.starts_with("VmRSS:")) out.now = bytes();
        if (line.starts_with("VmHWM:")) out.most = bytes();
    }
    return out;
}

double load_average() {
    double averages[1]{};
    return ::getloadavg(averages, 1) == 1 ? averages[0] : 0;
}

}  // namespace load
