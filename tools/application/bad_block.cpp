#include "tools/application/bad_block.hpp"

#include "chain/files/whole_file.hpp"

#include <algorithm>

namespace node {
namespace {

constexpr std::string_view name_prefix = "bad-block-";

}  // namespace

std::string describe(const BadBlock& bad) {
    const chain::Header& header = bad.block.header;
    const auto line = [](std::string_view name, const std::string& value) {
        return std::string{name} + ": " + value + '\n';
    };
    return line("reason", bad.why) + line("block", chain::to_hex(chain::hash_of(header))) +
           line("number", std::to_string(header.number.value)) + line("parent", chain::to_hex(header.parent_hash)) +
           line("state root in its header", chain::to_hex(header.state_root)) +
           line("state root when executed here",
                bad.computed_root ? chain::to_hex(*bad.computed_root) : "none: it could not be executed") +
           line("extrinsics root", chain::to_hex(header.extrinsics_root)) +
           line("extrinsics", std::to_string(bad.block.extrinsics.size())) +
           line("last final block here",
                std::to_string(bad.finalized.number) + ' ' + chain::to_hex(bad.finalized.hash)) +
           line("encoded", chain::to_hex(scale::encode(bad.block)));
}

chain::Result<std::filesystem::path> write_bad_block(const std::filesystem::path& folder, const BadBlock& bad) {
    const std::string hash = chain::to_hex(chain::hash_of(bad.block.header)).substr(2, 16);
    const auto file =
        folder / (std::string{name_prefix} + std::to_string(bad.block.header.number.value) + '-' + hash + ".txt");
    const auto known = bad_block_files(folder);
    if (known.size() >= bad_block_files_max && std::ranges::find(known, file) == known.end())
        return chain::fault(folder.string() + " has " + std::to_string(known.size()) +
                            " files of bad blocks already: remove those that are looked into");
    TRY_VOID(chain::write_whole(file, describe(bad), chain::Readers::Everybody));
    return file;
}

std::vector<std::filesystem::path> bad_block_files(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> out;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator{folder, error})
        if (entry.path().filename().string().starts_with(name_prefix)) out.push_back(entry.path());
    std::ranges::sort(out);
    return out;
}

}  // namespace node
