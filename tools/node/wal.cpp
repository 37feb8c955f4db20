#include "tools/node/wal.hpp"

#include "chain/base/result.hpp"
#include "consensus/safety/describe.hpp"
#include "tools/node/commands.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace node {
namespace {

namespace fs = std::filesystem;
using consensus::safety::FileBytes;

chain::Result<FileBytes> read(const fs::path& file) {
    std::ifstream in{file, std::ios::binary};
    if (!in) return chain::fault("cannot read " + file.string() + ": is it the folder of a validator's journal?");
    return FileBytes{file.filename().string(), chain::Bytes{std::istreambuf_iterator<char>{in}, {}}};
}

bool is_ours(const fs::path& file) {
    const std::string name = file.filename().string();
    return name == consensus::safety::WatermarkFile::name || consensus::safety::part_from_name(name).has_value();
}

chain::Result<std::vector<FileBytes>> read_all(const fs::path& folder) {
    std::error_code failed;
    std::vector<fs::path> files;
    for (auto at = fs::directory_iterator{folder, failed}; !failed && at != fs::directory_iterator{};
         at.increment(failed))
        if (is_ours(at->path())) files.push_back(at->path());
    if (failed) return chain::fault("cannot read the folder " + folder.string() + ": " + failed.message());
    if (files.empty()) return chain::fault("the folder " + folder.string() + " holds no journal and no watermark");
    std::ranges::sort(files);
    std::vector<FileBytes> out;
    for (const fs::path& file : files) {
        TRY(out.emplace_back(), read(file));
    }
    return out;
}

int show(const fs::path& file) {
    const auto found = read(file);
    if (!found) return fail(found.error());
    const bool is_watermark = found->name == consensus::safety::WatermarkFile::name;
    fmt::print("{}", is_watermark ? consensus::safety::describe_watermark(found->bytes)
                                  : consensus::safety::describe_part(*found));
    return EXIT_SUCCESS;
}

}  // namespace

int wal(const std::filesystem::path& folder, const std::string& file) {
    if (!file.empty()) return show(folder / file);
    const auto files = read_all(folder);
    if (!files) return fail(files.error());
    const auto found = consensus::safety::examine(*files);
    fmt::print("{}{}\n", found.text, found.is_sound ? "sound" : "NOT SOUND");
    return found.is_sound ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace node
