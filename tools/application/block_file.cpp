#include "tools/application/block_file.hpp"

#include "chain/base/numbers.hpp"
#include "chain/sync/serve.hpp"
#include "tools/application/final_piece.hpp"
#include "tools/application/served_chain.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace node {

namespace {

constexpr std::string_view magic = "tephra/blocks/1";

/// Blocks as they are encoded, and the certificate of the last.
struct Piece {
    std::vector<chain::Bytes> blocks;
    chain::Bytes certificate;
};

/// The blocks from `first` up to the next certified one, more where certificates are near.
std::optional<Piece> piece_from(const ServedChain& chain, std::uint32_t first, std::uint32_t last) {
    Piece out;
    for (std::uint32_t next = first; next <= last;) {
        auto answer = block_sync::serve(
            chain, {.id = 0, .first = next, .count = std::min(block_sync::request_blocks_max, last - next + 1)});
        if (answer.blocks.empty()) return std::nullopt;
        next += static_cast<std::uint32_t>(answer.blocks.size());
        std::ranges::move(answer.blocks, std::back_inserter(out.blocks));
        if (answer.certified + 1 != next) continue;
        out.certificate = chain.certificate(answer.certified);
        return out;
    }
    return std::nullopt;
}

chain::Bytes length_of(const chain::Bytes& bytes) { return scale::encode(static_cast<std::uint32_t>(bytes.size())); }

void write(std::ofstream& out, chain::ByteView bytes) {
    const auto text = chain::as_text(bytes);
    out.write(text.data(), static_cast<std::streamsize>(text.size()));
}

/// Nothing at the end of the file; a fault where it ends in the middle.
chain::Result<std::optional<chain::Bytes>> read(std::ifstream& in, std::size_t size) {
    std::string text(size, '\0');
    in.read(text.data(), static_cast<std::streamsize>(size));
    if (in.gcount() == 0) return std::optional<chain::Bytes>{};
    if (static_cast<std::size_t>(in.gcount()) != size) return chain::fault("ends in the middle of a piece");
    return std::optional{chain::Bytes{text.begin(), text.end()}};
}

/// The next piece; nothing at the end of the file.
chain::Result<std::optional<Piece>> read_piece(std::ifstream& in, const BlockFileLimits& limits) {
    TRY(const auto prefix, read(in, 4));
    if (!prefix) return std::optional<Piece>{};
    const auto size = scale::decode<std::uint32_t>(*prefix).value();
    if (size > limits.piece_bytes_max) return chain::fault("has a piece that is too long");
    TRY(const auto bytes, read(in, size));
    if (!bytes) return chain::fault("ends in the middle of a piece");
    auto piece = scale::decode<Piece>(*bytes);
    if (!piece || piece->blocks.empty()) return chain::fault("has a piece that does not decode");
    return std::optional{*std::move(piece)};
}

/// What of the piece lies above the ledger's last final block, proved. Nothing where all of it is stored already.
chain::Result<std::optional<block_sync::Proved>> prove(const ledger::Ledger& ledger, const Piece& piece) {
    const auto local = local_of(ledger);
    block_sync::Window window{ledger.genesis().hash, votes::ed25519()};
    std::uint32_t last = 0;
    for (const chain::Bytes& bytes : piece.blocks) {
        auto block = scale::decode<chain::Block>(bytes);
        if (!block) return chain::fault("has a block that does not decode");
        last = block->header.number.value;
        if (last <= local.number) continue;
        const chain::Hash hash = chain::hash_of(block->header);
        if (chain::extrinsics_root(block->extrinsics) != block->header.extrinsics_root)
            return chain::fault("has a block with another block's transactions");
        window.add(last, {*std::move(block), hash, bytes.size(), 0});
    }
    if (last <= local.number) return std::optional<block_sync::Proved>{};
    auto certificate = scale::decode<votes::Certificate>(piece.certificate);
    if (!certificate) return chain::fault("has a certificate that does not decode");
    window.add(last, *std::move(certificate), 0);
    if (!window.holds(local.number + 1))
        return chain::fault("begins above this chain's last final block " + std::to_string(local.number) +
                            ": import an earlier file first");
    auto found = window.take(local, piece.blocks.size());
    if (!found.proved) return chain::fault("has blocks that its certificates do not prove");
    return std::optional{*std::move(found.proved)};
}

}  // namespace

chain::Result<std::uint32_t> export_blocks(const ledger::Ledger& ledger, const std::filesystem::path& file,
                                           std::uint32_t first, std::uint32_t last, const BlockFileProgress& progress) {
    if (std::error_code error; std::filesystem::exists(file, error))
        return chain::fault(file.string() + " exists: choose another name");
    std::ofstream out{file, std::ios::binary};
    write(out, chain::to_bytes(magic));
    write(out, ledger.genesis().hash.value);
    const ServedChain chain{ledger};
    std::uint32_t next = std::max(first, 1U);
    last = std::min(last, chain.finalized());
    while (out && next <= last) {
        const auto piece = piece_from(chain, next, last);
        if (!piece) break;
        const auto bytes = scale::encode(*piece);
        write(out, length_of(bytes));
        write(out, bytes);
        next += static_cast<std::uint32_t>(piece->blocks.size());
        if (progress) progress(next - 1);
    }
    out.close();
    if (!out) return chain::fault(file.string() + " cannot be written: free space on its disk, or choose another one");
    return next - 1;
}

chain::Result<std::uint32_t> import_blocks(ledger::Ledger& ledger, const std::filesystem::path& file,
                                           const BlockFileLimits& limits, const BlockFileProgress& progress) {
    const auto named = [&](const chain::Fault& fault) { return chain::fault(file.string() + " " + fault.text); };
    std::ifstream in{file, std::ios::binary};
    if (!in) return chain::fault(file.string() + " cannot be read");
    const auto head = read(in, magic.size() + sizeof(chain::Hash));
    if (!head) return named(head.error());
    if (!*head || !std::ranges::equal(chain::ByteView{**head}.first(magic.size()), chain::to_bytes(magic)))
        return chain::fault(file.string() + " is no file of blocks");
    if (!std::ranges::equal(chain::ByteView{**head}.subspan(magic.size()), ledger.genesis().hash.value))
        return chain::fault(file.string() + " holds another chain's blocks");
    for (;;) {
        const auto piece = read_piece(in, limits);
        if (!piece) return named(piece.error());
        if (!*piece) return ledger.finalized().number;
        const auto proved = prove(ledger, **piece);
        if (!proved) return named(proved.error());
        if (!*proved) continue;
        TRY_VOID(store_proved(ledger, **proved));
        if (progress) progress(ledger.finalized().number);
    }
}

}  // namespace node
