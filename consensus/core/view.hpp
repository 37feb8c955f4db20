#pragma once
// What a replica knows of one view: who said what, how much that weighs, what is proved, and what became of the block.

#include "chain/base/check.hpp"
#include "consensus/core/deck.hpp"
#include "consensus/types/message.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <limits>
#include <optional>

namespace consensus {

using votes::Kind;

inline constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();
inline constexpr std::size_t kinds = 3;
inline std::size_t index(Kind kind) { return static_cast<std::size_t>(kind); }

/// Weight behind one statement: of all votes held for it, and of those whose signature was checked.
struct Tally {
    chain::u128 held = 0;
    chain::u128 verified = 0;
    bool is_checking = false;  ///< a batch of its votes is being checked
};

/// What a notarize or finalize vote is about: a parent view and a block.
struct Content {
    enum class Check : std::uint8_t { None, Asked, Waiting, Passed, Failed };
    enum class Execution : std::uint8_t { None, Asked, Good, Bad };

    std::uint64_t parent_view = 0;
    Hash block;
    Tally notarizes;
    Tally finalizes;
    Payload payload;                      ///< until the application holds the block
    std::uint64_t judged = 0;             ///< the peer whose payload is being checked
    std::uint64_t sender = 0;             ///< the peer that the payload is from
    std::optional<std::uint32_t> number;  ///< known as soon as the parent's is
    Check check = Check::None;
    Execution execution = Execution::None;
    bool is_held = false;          ///< the application keeps the block
    bool is_out_of_order = false;  ///< it stands where no block may: beyond the boundary, or its own parent
    bool is_mismatch_told = false;
    bool is_empty = false;
    bool is_sought = false;          ///< FindBlock was asked at least once
    std::uint32_t find_round = 0;    ///< whom to ask next
    std::uint64_t chore_at = never;  ///< when to check again or to look for it again

    bool is(std::uint64_t parent, const Hash& hash) const { return parent_view == parent && block == hash; }
};

/// One validator's vote of one kind.
struct Slot {
    enum class State : std::uint8_t { Empty, Held, Checking, Verified, Refuted };
    State state = State::Empty;
    bool is_rival_known = false;  ///< it contradicted itself here: nothing of it is checked again
    bool is_skip_known = false;   ///< its notarize skips a final view, and that was told
    std::uint16_t content = 0;
    std::uint64_t via = 0;  ///< the peer that brought it
    votes::Signature signature{};
};

/// What I did in a view. Asked and Cast bind for ever; Refused was never signed.
enum class Mine : std::uint8_t { None, Asked, Cast, Refused };

struct View {
    static constexpr std::int32_t none = -1;

    std::uint64_t number = 0;
    std::uint32_t leader = 0;
    std::vector<Content> contents;
    Tally nullifies;
    std::vector<Slot> slots;  ///< kind by kind, a slot per validator; empty once the view lies far behind
    std::array<CertificatePtr, kinds> certificates;
    std::array<Mine, kinds> mine{};
    std::array<MessagePtr, kinds> own;  ///< my votes, as they are sent
    std::int32_t proposal = none;       ///< the leader's first, an index of contents
    std::int32_t certified = none;      ///< executed, notarized, and so is its parent
    bool is_failed = false;             ///< the proposal failed a check: nothing to wait for
    std::uint64_t seen_at = 0;          ///< when the proposal came

    Slot& slot(Kind kind, std::uint32_t validator) { return slots[index(kind) * (slots.size() / kinds) + validator]; }
    const CertificatePtr& certificate(Kind kind) const { return certificates[index(kind)]; }
    bool has(Kind kind) const { return certificates[index(kind)] != nullptr; }
    Mine my(Kind kind) const { return mine[index(kind)]; }
    /// I signed such a vote here, or am about to.
    bool did(Kind kind) const { return my(kind) == Mine::Asked || my(kind) == Mine::Cast; }

    /// The index of a content, which is added if it is new.
    std::uint16_t content(std::uint64_t parent_view, const Hash& block);
    Tally& tally(Kind kind, std::uint16_t content);
    /// Whether the vote in this slot, of the statement's kind, is the statement.
    bool says(const Slot& slot, const votes::Statement& statement) const {
        return statement.kind == Kind::Nullify || contents[slot.content].is(statement.parent_view, statement.block);
    }
    /// The notarized or finalized content, if a certificate names one.
    const votes::Statement* proved() const;
    bool is_proved(const Content& content) const;
    votes::Statement statement(Kind kind, std::uint64_t epoch, std::uint16_t content) const;
};

/// The views that a replica holds, one after the other; most of them exist, so a place costs a pointer.
class Views {
public:
    Views(std::size_t validators, const Deck& deck) : validators_(validators), deck_(deck) {}

    View* find(std::uint64_t view) {
        return view < base_ || view - base_ >= views_.size() ? nullptr : views_[view - base_].get();
    }
    const View* find(std::uint64_t view) const { return const_cast<Views&>(*this).find(view); }
    /// Makes the view if need be. Not below `base`.
    View& at(std::uint64_t view);
    /// Lets go of everything below `view`.
    void prune_below(std::uint64_t view);
    /// Lets go of the votes and blocks of one view; certificates and flags stay.
    void compact(std::uint64_t view);

    std::uint64_t base() const { return base_; }
    /// One above the highest view that has a place.
    std::uint64_t end() const { return base_ + views_.size(); }

private:
    std::size_t validators_;
    const Deck& deck_;
    std::uint64_t base_ = 1;
    std::deque<std::unique_ptr<View>> views_;
    std::vector<std::unique_ptr<View>> spare_;  // views come and go: their memory is used again
};

}  // namespace consensus
