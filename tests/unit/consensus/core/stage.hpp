#pragma once
// One replica on a stage: the test says what it hears and sees what it does. Signing, checking signatures and the
// application answer by themselves, truthfully, unless a test takes an answer into its own hands.

#include "consensus/core/core.hpp"

#include <map>
#include <set>

namespace stage {

using namespace consensus;
using chain::Hash;
using votes::Kind;
using votes::Statement;
using votes::Vote;

/// A vote whose signature says who signed what: cheap, and wrong for anybody else.
Vote signed_by(std::uint32_t validator, const Statement& statement);
bool is_genuine(const Vote& vote);
Statement notarize(std::uint64_t view, std::uint64_t parent, const Hash& block, std::uint64_t epoch = 0);
Statement finalize(std::uint64_t view, std::uint64_t parent, const Hash& block, std::uint64_t epoch = 0);
Statement nullify(std::uint64_t view, std::uint64_t epoch = 0);
CertificatePtr certificate(const Statement& statement, const std::vector<std::uint32_t>& signers);

/// A table of equal weights, or of these.
EpochInfo epoch_of(std::size_t validators, std::uint32_t length = 1'000);
EpochInfo epoch_of_weights(const std::vector<std::uint64_t>& weights, std::uint32_t length = 1'000);
/// The first view from `from` that this validator leads (or, with `other`, does not lead).
std::uint64_t view_led_by(const EpochInfo& epoch, std::uint32_t validator, std::uint64_t from = 1);
std::uint32_t leader_of(const EpochInfo& epoch, std::uint64_t view);

/// The block that an honest leader builds: a hash of its place.
Hash block_of(const Position& position);
Payload payload_of(const Hash& block);

class Node {
public:
    explicit Node(EpochInfo epoch, std::optional<std::uint32_t> me = 0, Config config = {}, Recovered recovered = {});

    /// All of these return what the replica did, the answers given meanwhile included.
    Effects start(std::uint64_t now = 0);
    Effects happens(const Event& event);
    Effects hears(std::uint32_t validator, Message message);
    Effects hears_vote(std::uint32_t validator, const Statement& statement);
    Effects hears_from(const Peer& peer, Message message);
    Effects waits(std::uint64_t ms);
    /// Lets time pass up to this moment, timer by timer.
    Effects until(std::uint64_t now);
    Effects has_work(bool is_there = true) { return happens(event::WorkChanged{is_there}); }

    std::uint64_t now() const { return now_; }
    Core& core() { return core_; }
    const EpochInfo& epoch() const { return epoch_; }

    // how the world answers
    bool answers_signatures = true;
    bool refuses_to_sign = false;
    bool answers_builds = true;
    bool answers_checks = true;
    bool answers_executions = true;
    bool answers_finalized = true;
    bool builds_empty = false;
    event::Verdict verdict = event::Verdict::Good;
    std::uint64_t due_in_ms = 0;
    bool executes_well = true;
    bool finds_blocks = false;

    /// Every vote that it signed, and every certificate that it stored, in order.
    std::vector<Vote> cast;
    std::vector<CertificatePtr> stored;

private:
    void settle(Effects& fresh, Effects& all);
    void answer(const Effect& effect, Effects& out);

    EpochInfo epoch_;
    std::optional<std::uint32_t> me_;
    Core core_;
    std::uint64_t now_ = 0;
    std::map<Hash, Tip> blocks_;
};

/// The effects of one kind.
template <class E>
std::vector<E> all(const Effects& effects) {
    std::vector<E> out;
    for (const auto& effect : effects)
        if (const auto* found = std::get_if<E>(&effect)) out.push_back(*found);
    return out;
}
/// The messages of one kind that were sent.
template <class M>
std::vector<M> sent(const Effects& effects) {
    std::vector<M> out;
    for (const auto& send : all<effect::Send>(effects))
        if (const auto* found = std::get_if<M>(send.message.get())) out.push_back(*found);
    return out;
}
/// The statements that it cast.
std::vector<Statement> cast(const Effects& effects);
/// The statements of the certificates that it sent.
std::vector<Statement> certificates_sent(const Effects& effects);

}  // namespace stage
