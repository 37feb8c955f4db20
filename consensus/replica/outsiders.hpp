#pragma once
// Votes of people who are no validators any more (S6): an index of the epoch's table cannot name them, but the
// connection they speak on can. A vote that a key which proved itself, and which is not in the table, signed itself is
// evidence. Honest nodes sign only as validators of the epoch that they sign for.
//
// Whether it is so is asked like any other signature: of a table with that one key. Bounded: few checks under way, few
// a second, one report for a key in an epoch.

#include "chain/base/bucket.hpp"
#include "consensus/replica/ports.hpp"

#include <deque>
#include <set>

namespace consensus {

class Outsiders {
public:
    static constexpr std::size_t checks_max = 16;     ///< under way; beyond, votes are passed over
    static constexpr std::size_t reported_max = 256;  ///< keys of one epoch; beyond, nobody is reported any more
    static constexpr chain::Rate checks_per_s{4, 16};
    /// Numbers of its batches begin here: the core's never come so far.
    static constexpr std::uint64_t first_batch = std::uint64_t{1} << 63;

    /// Indices and reports are about one epoch.
    void begin() { pending_.clear(), reported_.clear(); }
    struct Question {
        EpochPtr epoch;  ///< of that key alone
        effect::CheckSignatures work;
    };
    /// A message of this epoch on the connection of a key that is not in its table. Nothing: nothing to check.
    std::optional<Question> heard(std::uint64_t now_ms, const crypto::Ed25519Public& key, const Message& message);
    static bool is_answer(const event::SignaturesChecked& checked) { return checked.batch >= first_batch; }
    std::optional<Evidence> answered(const event::SignaturesChecked& checked);

    std::size_t pending() const { return pending_.size(); }

private:
    struct Pending {
        std::uint64_t batch = 0;
        votes::VoteFromOutside charge;
    };
    std::deque<Pending> pending_;
    std::set<crypto::Ed25519Public> reported_;
    chain::Bucket checks_{checks_per_s};
    std::uint64_t next_ = first_batch;
};

}  // namespace consensus
