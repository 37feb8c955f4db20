// Block sync against peers that answer with anything, at any time: what it hands over is the final chain, in order; its
// window keeps its bounds; and one honest peer is enough to catch up in the end.

#include "chain/base/check.hpp"
#include "chain/crypto/hash.hpp"
#include "chain/sync/serve.hpp"
#include "chain/sync/sync.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>

namespace {

using namespace block_sync;

constexpr std::uint32_t chain_length = 60;
constexpr std::uint32_t epoch_length = 7;
constexpr Peer honest_peer = 100;

/// Signatures are not what is fuzzed: a good one is a hash of the message.
class Hashed : public votes::Scheme {
public:
    bool verify(const crypto::Ed25519Public&, chain::ByteView message,
                const votes::Signature& signature) const override {
        return signature == sign(message);
    }
    static votes::Signature sign(chain::ByteView message) {
        votes::Signature out{};
        std::ranges::copy(crypto::blake2b_256(message).value, out.begin());
        return out;
    }
};

/// Four validators; every third block and every epoch's last one has a certificate.
class Chain : public Source {
public:
    /// Any other flavour than 0 is a chain that nobody agreed on.
    explicit Chain(std::uint8_t flavour) : flavour_(flavour) {
        blocks_.push_back({});
        for (std::uint32_t number = 1; number <= chain_length; ++number) {
            chain::Block block{.header = {.parent_hash = hash(number - 1), .number = {number}},
                               .extrinsics = {{flavour, static_cast<std::uint8_t>(number)}}};
            block.header.extrinsics_root = chain::extrinsics_root(block.extrinsics);
            blocks_.push_back(std::move(block));
        }
    }
    chain::Hash hash(std::uint32_t number) const { return chain::hash_of(blocks_.at(number).header); }
    Local local(std::uint32_t number) const {
        const std::uint32_t epoch = number / epoch_length;
        return {.number = number,
                .hash = hash(number),
                .epoch = epoch,
                .boundary = (epoch + 1) * epoch_length,
                .table = votes::ValidatorTable{std::vector<votes::Validator>(4, {.key = {}, .weight = 1})}};
    }
    std::uint32_t finalized() const override { return chain_length; }
    std::optional<Bytes> block(std::uint32_t number) const override {
        return number > chain_length ? std::nullopt : std::optional{scale::encode(blocks_[number])};
    }
    std::optional<chain::Header> header(std::uint32_t number) const override {
        return number > chain_length ? std::nullopt : std::optional{blocks_[number].header};
    }
    Bytes certificate(std::uint32_t number) const override {
        if (number % 3 != 0 && number % epoch_length != 0 && number != chain_length) return {};
        const votes::Statement statement{votes::Kind::Finalize, (number - 1) / epoch_length, number, number - 1,
                                         hash(number)};
        auto signature = Hashed::sign(votes::signing_bytes(statement, hash(0)));
        signature[0] ^= flavour_;
        return scale::encode(votes::Certificate{statement, {0x07}, std::vector(3, signature)});
    }

private:
    std::uint8_t flavour_;
    std::vector<chain::Block> blocks_;
};

const Chain& true_chain() {
    static const Chain made{0};
    return made;
}
const Chain& false_chain() {
    static const Chain made{1};
    return made;
}

class World {
public:
    World() : sync_(true_chain().hash(0), true_chain().local(0), limits(), scheme_) {}

    static Limits limits() {
        Limits out;
        out.window_blocks = 24;
        out.apply_blocks = 5;
        return out;
    }

    void step(const Event& event) {
        Effects effects;
        sync_.step(now_ms_, event, effects);
        for (const Effect& effect : effects) {
            if (const auto* ask = std::get_if<effect::Ask>(&effect)) asked_.emplace_back(ask->peer, ask->request);
            else if (const auto* apply = std::get_if<effect::Apply>(&effect)) store(apply->proved);
            else chain::check(!std::holds_alternative<effect::Contradiction>(effect));
            if (const auto* bad = std::get_if<effect::Misbehaved>(&effect)) chain::check(bad->peer != honest_peer);
        }
        chain::check(sync_.report().window_blocks <= limits().window_blocks);
        if (asked_.size() > 256) asked_.erase(asked_.begin(), asked_.begin() + 128);
    }
    void moved() {
        if (!std::exchange(is_storing_, false)) return;
        step(event::Moved{true_chain().local(local_), true});
    }
    void answer(Peer peer, Response response) { step(event::Answered{peer, std::move(response)}); }
    void pass(std::uint64_t ms) {
        now_ms_ += ms;
        step(event::TimePassed{});
    }
    void forget(Peer peer) {
        std::erase_if(asked_, [&](const auto& asked) { return asked.first == peer; });
    }

    std::optional<std::pair<Peer, Request>> take_asked(std::size_t which) {
        if (asked_.empty()) return std::nullopt;
        const auto at = asked_.begin() + static_cast<std::ptrdiff_t>(which % asked_.size());
        const auto out = *at;
        asked_.erase(at);
        return out;
    }
    std::uint32_t local() const { return local_; }

private:
    void store(const Proved& proved) {
        chain::check(!is_storing_ && !proved.blocks.empty());
        for (const auto& block : proved.blocks)
            chain::check(chain::hash_of(block.header) == true_chain().hash(++local_));
        chain::check(proved.last == true_chain().hash(local_));
        is_storing_ = true;
    }

    Hashed scheme_;
    Sync sync_;
    std::vector<std::pair<Peer, Request>> asked_;
    std::uint64_t now_ms_ = 0;
    std::uint32_t local_ = 0;
    bool is_storing_ = false;
};

/// True or false blocks, with a true, a false or no certificate, and a few bytes changed.
Response lie(const Request& request, fuzz::Input& input) {
    Response out = serve(input.below(2) == 0 ? true_chain() : false_chain(), request);
    const std::uint8_t how = input.byte();
    if (how & 1) {
        const auto certificate = scale::decode<votes::Certificate>(true_chain().certificate(out.certified));
        const auto header = true_chain().header(out.certified);
        if (certificate && header) out.proof = scale::encode(Proof{*certificate, *header});
    }
    if (how & 2) out.proof.clear();
    if (how & 4) out.certified += input.byte();
    if (how & 8) out.finalized = input.byte() * 7U;
    if (how & 16) out.blocks.resize(input.below(66));
    if (how & 32 && !out.proof.empty()) out.proof[input.below(256) % out.proof.size()] ^= input.byte();
    if (how & 64 && !out.blocks.empty()) {
        Bytes& block = out.blocks[input.below(64) % out.blocks.size()];
        if (!block.empty()) block[input.below(256) % block.size()] ^= input.byte();
    }
    if (how & 128) out.id += input.byte();
    return out;
}

void play(World& world, fuzz::Input& input) {
    const Peer peer = input.below(4);
    switch (input.below(6)) {
        case 0: return world.step(event::PeerStands{peer, input.byte()});
        case 1: world.forget(peer); return world.step(event::PeerGone{peer});
        case 2:
        case 3:
            if (const auto asked = world.take_asked(input.byte()))
                world.answer(asked->first, lie(asked->second, input));
            return;
        case 4: return world.moved();
        default: return world.pass(input.byte() * std::uint64_t{16});
    }
}

void block_sync_target(fuzz::Input input) {
    World world;
    while (!input.empty()) play(world, input);
    // The liars leave, somebody honest comes.
    for (Peer peer = 0; peer < 4; ++peer) {
        world.forget(peer);
        world.step(event::PeerGone{peer});
    }
    world.step(event::PeerStands{honest_peer, chain_length});
    for (int i = 0; i < 2'000 && world.local() < chain_length; ++i) {
        world.moved();
        if (const auto asked = world.take_asked(0)) world.answer(asked->first, serve(true_chain(), asked->second));
        else world.pass(500);
    }
    chain::check(world.local() == chain_length);
}

const fuzz::Target target{"block_sync", block_sync_target};

}  // namespace
