#include "chain/sync/sync.hpp"

#include "final_chain.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>

using namespace block_sync;
using tests::FinalChain;

namespace {

/// What a peer does with a question: an answer and after how long, or none.
struct Reply {
    Response response;
    std::uint64_t delay_ms = 20;
};
using Behaviour = std::function<std::optional<Reply>(const Request&)>;

Behaviour honest(const FinalChain& chain, std::uint64_t delay_ms = 20) {
    return [&chain, delay_ms](const Request& request) { return Reply{serve(chain, request), delay_ms}; };
}

/// One node that catches up with peers whose behaviour the test names, in simulated time.
class Catchup {
public:
    explicit Catchup(const FinalChain& chain, Limits limits = {}, std::uint32_t local = 0)
        : chain_(chain), local_(local), sync_(chain.genesis(), chain.local(local), limits) {}

    void add(Peer peer, Behaviour behaviour, std::uint32_t claim) {
        behaviours_[peer] = std::move(behaviour);
        step(event::PeerStands{peer, claim});
    }
    void add(Peer peer, Behaviour behaviour) { add(peer, std::move(behaviour), chain_.finalized()); }

    void step(const Event& event) {
        Effects effects;
        sync_.step(now_ms_, event, effects);
        for (const Effect& effect : effects) carry_out(effect);
        most_bytes_ = std::max(most_bytes_, sync_.report().window_bytes);
        most_blocks_ = std::max(most_blocks_, sync_.report().window_blocks);
    }

    /// Runs until nothing is left to happen before this time.
    void run_until(std::uint64_t end_ms) {
        for (;;) {
            const auto timer = sync_.next_timer_ms();
            const std::uint64_t arrival = arriving_.empty() ? ~std::uint64_t{0} : arriving_.begin()->first;
            const std::uint64_t next = std::min(arrival, timer.value_or(~std::uint64_t{0}));
            if (next > end_ms) break;
            now_ms_ = std::max(now_ms_, next);
            if (arrival > next) {
                step(event::TimePassed{});
                continue;
            }
            const Event event = std::move(arriving_.begin()->second);
            arriving_.erase(arriving_.begin());
            step(event);
        }
        now_ms_ = end_ms;
    }

    std::uint32_t local() const { return local_; }
    std::uint64_t now_ms() const { return now_ms_; }
    Sync& sync() { return sync_; }
    std::size_t most_bytes() const { return most_bytes_; }
    std::size_t most_blocks() const { return most_blocks_; }
    const std::vector<std::size_t>& applied() const { return applied_; }

    std::map<Peer, std::vector<Request>> asked;
    std::map<Peer, std::vector<Misdeed>> misdeeds;
    std::map<Peer, int> slow;
    bool contradiction = false;

private:
    void carry_out(const Effect& effect) {
        if (const auto* ask = std::get_if<effect::Ask>(&effect)) {
            asked[ask->peer].push_back(ask->request);
            if (auto reply = behaviours_.at(ask->peer)(ask->request))
                arriving_.emplace(now_ms_ + reply->delay_ms, event::Answered{ask->peer, std::move(reply->response)});
        } else if (const auto* apply = std::get_if<effect::Apply>(&effect)) {
            // What is handed over is the true chain, in order and without a gap.
            for (const auto& block : apply->proved.blocks)
                REQUIRE(chain::hash_of(block.header) == chain_.hash(++local_));
            REQUIRE(apply->proved.last == chain_.hash(local_));
            applied_.push_back(apply->proved.blocks.size());
            arriving_.emplace(now_ms_ + 5, event::Moved{chain_.local(local_), true});
        } else if (const auto* bad = std::get_if<effect::Misbehaved>(&effect)) {
            misdeeds[bad->peer].push_back(bad->misdeed);
        } else if (const auto* late = std::get_if<effect::Slow>(&effect)) {
            ++slow[late->peer];
        } else if (std::holds_alternative<effect::Contradiction>(effect)) {
            contradiction = true;
        }
    }

    const FinalChain& chain_;
    std::uint32_t local_;
    Sync sync_;
    std::map<Peer, Behaviour> behaviours_;
    std::multimap<std::uint64_t, Event> arriving_;
    std::uint64_t now_ms_ = 0;
    std::size_t most_bytes_ = 0;
    std::size_t most_blocks_ = 0;
    std::vector<std::size_t> applied_;
};

const auto every_tenth = [](std::uint32_t n) { return n % 10 == 0; };

}  // namespace

TEST_CASE("a new node fetches everything, from several peers at once") {
    const FinalChain chain{1'000, 0, every_tenth};
    Catchup node{chain};
    for (const Peer peer : {1U, 2U, 3U}) node.add(peer, honest(chain));
    node.run_until(60'000);
    CHECK(node.local() == 1'000);
    CHECK(node.misdeeds.empty());
    CHECK(node.slow.empty());
    for (const Peer peer : {1U, 2U, 3U}) CHECK(node.asked[peer].size() >= 3);
    CHECK(node.sync().report().applied == 1'000);
    CHECK(node.sync().report().window_blocks == 0);
}

TEST_CASE("epochs are crossed at their last blocks") {
    const FinalChain chain{500, 37, [](std::uint32_t) { return false; }};
    Catchup node{chain};
    node.add(1, honest(chain));
    node.add(2, honest(chain));
    node.run_until(60'000);
    CHECK(node.local() == 500);
    CHECK(node.misdeeds.empty());
    CHECK(std::ranges::all_of(node.applied(), [](std::size_t n) { return n <= 37; }));
}

TEST_CASE("long stretches without a certificate are held until one comes") {
    const FinalChain chain{900, 0, [](std::uint32_t) { return false; }};
    Catchup node{chain};
    node.add(1, honest(chain));
    node.run_until(60'000);
    CHECK(node.local() == 900);
    CHECK(node.applied() == std::vector<std::size_t>{900});
}

TEST_CASE("a peer with another chain is found out and the node catches up without it") {
    const FinalChain chain{600, 0, every_tenth};
    const FinalChain fake{600, 0, every_tenth, 1};
    Catchup node{chain};
    // Its own certificates are signed by nobody in particular: their statements name blocks that no quorum signed.
    node.add(66, [&](const Request& request) {
        auto response = serve(fake, request);
        auto proof = *scale::decode<Proof>(response.proof);
        for (auto& signature : proof.certificate.signatures) signature[0] ^= 1;
        response.proof = scale::encode(proof);
        return std::optional{Reply{std::move(response), 1}};
    });
    node.add(1, honest(chain));
    node.add(2, honest(chain));
    node.run_until(120'000);
    CHECK(node.local() == 600);
    CHECK_FALSE(node.misdeeds[66].empty());
    CHECK(node.misdeeds[66].front() == Misdeed::BadCertificate);
    CHECK(node.misdeeds.size() == 1);
}

TEST_CASE("false blocks under a true certificate are found out") {
    const FinalChain chain{600, 0, every_tenth};
    const FinalChain fake{600, 0, every_tenth, 1};
    Catchup node{chain};
    node.add(66, [&](const Request& request) {
        auto response = serve(fake, request);
        response.proof = scale::encode(chain.proof(response.certified));
        return std::optional{Reply{std::move(response), 1}};
    });
    node.add(1, honest(chain));
    node.run_until(120'000);
    CHECK(node.local() == 600);
    CHECK(node.misdeeds[66].front() == Misdeed::Lied);
    CHECK(node.misdeeds.size() == 1);
}

TEST_CASE("a silent peer is given up, and others are asked for what it owes") {
    const FinalChain chain{400, 0, every_tenth};
    Catchup node{chain};
    node.add(9, [](const Request&) { return std::nullopt; });
    node.add(1, honest(chain));
    node.run_until(60'000);
    CHECK(node.local() == 400);
    CHECK(node.slow[9] >= 1);
    CHECK(node.slow[1] == 0);
    CHECK(node.misdeeds.empty());
}

TEST_CASE("a slow peer holds nobody up for longer than its patience") {
    const FinalChain chain{2'000, 0, every_tenth};
    Catchup node{chain};
    node.add(9, honest(chain, 9'000));
    for (const Peer peer : {1U, 2U}) node.add(peer, honest(chain, 30));
    node.run_until(15'000);
    CHECK(node.local() == 2'000);
    CHECK(node.asked[9].size() <= 4);
    CHECK(node.misdeeds.empty());  // late is not unsolicited
}

TEST_CASE("a peer that claims more than it has is asked last") {
    const FinalChain chain{100, 0, every_tenth};
    const FinalChain shorter{30, 0, every_tenth};
    Catchup node{chain};
    node.add(9, honest(shorter, 1), 4'000'000'000);
    node.add(1, honest(chain));
    node.run_until(60'000);
    CHECK(node.local() == 100);
    CHECK(node.asked[9].size() <= 10);
}

TEST_CASE("answers that are none are misdeeds") {
    const FinalChain chain{100, 0, every_tenth};
    const auto misdeed_of = [&](const std::function<void(Response&)>& spoil) {
        Catchup node{chain};
        node.add(9, [&](const Request& request) {
            auto response = serve(chain, request);
            spoil(response);
            return std::optional{Reply{std::move(response), 1}};
        });
        node.run_until(500);
        CHECK(node.local() == 0);
        REQUIRE_FALSE(node.misdeeds[9].empty());
        return node.misdeeds[9].front();
    };
    CHECK(misdeed_of([](Response& r) { r.id += 1'000; }) == Misdeed::Unsolicited);
    CHECK(misdeed_of([](Response& r) { r.first += 1; }) == Misdeed::Malformed);
    CHECK(misdeed_of([](Response& r) { r.blocks[3].pop_back(); }) == Misdeed::Malformed);
    CHECK(misdeed_of([](Response& r) { r.blocks[3].back() ^= 1; }) == Misdeed::Malformed);  // not the header's body
    CHECK(misdeed_of([](Response& r) { std::swap(r.blocks[3], r.blocks[4]); }) == Misdeed::Malformed);
    CHECK(misdeed_of([](Response& r) { r.blocks.resize(65, r.blocks[0]); }) == Misdeed::Malformed);
    CHECK(misdeed_of([](Response& r) { r.proof.clear(); }) == Misdeed::Malformed);
    CHECK(misdeed_of([](Response& r) { r.certified = 1; }) == Misdeed::Malformed);
    CHECK(misdeed_of([](Response& r) { r.certified += 10; }) == Misdeed::Malformed);
    CHECK(misdeed_of([&](Response& r) { r.proof = scale::encode(Proof{chain.certify(60), *chain.header(70)}); }) ==
          Misdeed::Malformed);
}

TEST_CASE("agreement gets some time to finish the last block by itself, unless it asks for help") {
    const FinalChain chain{11};
    Catchup patient{chain, {}, 10};
    patient.add(1, honest(chain));
    patient.run_until(1'900);
    CHECK(patient.asked.empty());
    patient.run_until(2'500);
    CHECK(patient.local() == 11);

    Catchup urgent{chain, {}, 10};
    urgent.add(1, honest(chain));
    urgent.step(event::Wanted{});
    urgent.run_until(100);
    CHECK(urgent.local() == 11);
}

TEST_CASE("what agreement finalizes meanwhile is not fetched again") {
    const FinalChain chain{500};
    Catchup node{chain};
    node.step(event::Moved{chain.local(490), false});
    node.add(1, honest(chain));
    CHECK(node.asked[1].size() == 1);
    CHECK(node.asked[1].front().first == 491);
    CHECK(node.asked[1].front().count == 10);
}

TEST_CASE("the window keeps its bounds, and is worked off through them") {
    const FinalChain chain{1'500, 0, every_tenth};
    Limits limits;
    limits.window_blocks = 200;
    Catchup narrow{chain, limits};
    for (const Peer peer : {1U, 2U, 3U, 4U}) narrow.add(peer, honest(chain));
    narrow.run_until(60'000);
    CHECK(narrow.local() == 1'500);
    CHECK(narrow.most_blocks() <= 200);

    limits = {};
    limits.window_bytes = 1'000;
    Catchup tight{chain, limits};
    tight.add(1, honest(chain));
    tight.run_until(60'000);
    CHECK(tight.local() == 1'500);
    CHECK(tight.most_bytes() < 100'000);
}

TEST_CASE("a peer that leaves in the middle costs nothing but its ranges") {
    const FinalChain chain{800, 0, every_tenth};
    Catchup node{chain};
    node.add(9, honest(chain, 3'000));
    node.add(1, honest(chain));
    node.run_until(50);
    node.step(event::PeerGone{9});
    node.run_until(3'000);
    CHECK(node.local() == 800);
    CHECK(node.slow.empty());
}

TEST_CASE("a finalized chain that does not hold our own final block stops the node") {
    const FinalChain chain{100};
    Catchup node{chain};
    auto wrong = chain.local(10);
    wrong.hash = Hash{{1}};
    node.step(event::Moved{wrong, false});
    node.add(1, honest(chain));
    node.run_until(1'000);
    CHECK(node.contradiction);
    CHECK(node.sync().report().is_halted);
    CHECK(node.sync().next_timer_ms() == std::nullopt);
}
