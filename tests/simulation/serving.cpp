#include "tests/simulation/serving.hpp"

#include <array>

namespace simulation {

namespace {

using block_sync::Proof;
using block_sync::Response;

constexpr std::uint32_t promised = 1'000'000;

chain::Block decode(const chain::Bytes& bytes) {
    auto block = scale::decode<chain::Block>(bytes);
    chain::check(block.has_value());
    return *std::move(block);
}

void falsify_body(Served& served, Random& random) {
    auto& blocks = served.response.blocks;
    const std::size_t which = random.below(blocks.size());
    chain::Block block = decode(blocks[which]);
    block.extrinsics.push_back({static_cast<std::uint8_t>(random.next())});
    blocks[which] = scale::encode(block);
    served.false_from = served.response.first + static_cast<std::uint32_t>(which);
}

/// Returns the header that the last block got.
chain::Header falsify_headers(Served& served, Random& random) {
    auto& blocks = served.response.blocks;
    const std::size_t begin = random.below(blocks.size());
    chain::Header last;
    for (std::size_t i = begin; i < blocks.size(); ++i) {
        chain::Block block = decode(blocks[i]);
        if (i > begin) block.header.parent_hash = chain::hash_of(last);
        block.header.state_root.value[random.below(32)] ^= 1;
        last = block.header;
        blocks[i] = scale::encode(block);
    }
    served.false_from = served.response.first + static_cast<std::uint32_t>(begin);
    return last;
}

/// A certificate like the true one, for another block.
void falsify_proof(Served& served, const chain::Header& last) {
    auto proof = scale::decode<Proof>(served.response.proof);
    if (!proof) return;
    proof->header = last;
    proof->certificate.statement.block = chain::hash_of(last);
    served.response.certified = last.number.value;
    served.response.proof = scale::encode(*proof);
}

}  // namespace

std::string_view name(Serving serving) {
    constexpr std::array<std::string_view, servings> names{"truly",        "false-bodies", "false-headers",
                                                           "false-proofs", "withholding",  "promising",
                                                           "stingy",       "slow",         "unasked"};
    return names[static_cast<std::size_t>(serving)];
}

std::uint32_t claim(Serving serving, const block_sync::Source& source) {
    return source.finalized() + (serving == Serving::Promising ? promised : 0);
}

std::vector<Served> serve(Serving serving, const block_sync::Source& source, const block_sync::Request& request,
                          Random& random) {
    if (serving == Serving::Withholding) return {};
    std::vector<Served> out{{.response = block_sync::serve(source, request)}};
    Served& served = out.front();
    served.response.finalized = claim(serving, source);
    if (served.response.blocks.empty()) return out;
    switch (serving) {
        case Serving::FalseBodies: falsify_body(served, random); break;
        case Serving::FalseHeaders: falsify_headers(served, random); break;
        case Serving::FalseProofs: falsify_proof(served, falsify_headers(served, random)); break;
        case Serving::Promising: served.response.blocks.clear(); break;
        case Serving::Stingy: served.response.blocks.resize(1); break;
        case Serving::Slow: served.late_us = random.between(1'000'000, 20'000'000); break;
        case Serving::Unasked: out.push_back(served); break;
        case Serving::Truly:
        case Serving::Withholding: break;
    }
    return out;
}

}  // namespace simulation
