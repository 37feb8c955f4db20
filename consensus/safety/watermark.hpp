#pragma once
// What this key has signed, as far as it must be remembered to contradict nothing (invariants I1 and I2): per kind the
// highest view, and of the last 1,024 views which ones were nullified and which finalized.
//
//   Notarize(v)  only above every view that was notarized (I1: one content per view, whatever it was)
//   Nullify(v)   not where v was finalized (I2); again where v was nullified: the same words, the same signature
//   Finalize(v)  not where v was nullified (I2) and not twice
//
// What lies below the remembered views, or in an earlier epoch, is refused. So is everything new up to `silent_until`.

#include "chain/votes/vote.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

namespace consensus::safety {

using votes::Statement;

/// A view of an epoch, or of an earlier one than any.
struct Mark {
    std::uint64_t epoch = 0;
    std::uint64_t view = 0;
    auto operator<=>(const Mark&) const = default;
};

/// Which of the last 1,024 views, up to the highest one, are set.
struct ViewWindow {
    static constexpr std::uint64_t size = 1'024;
    enum class Seen : std::uint8_t { No, Yes, Forgotten };

    Mark top;
    std::array<std::uint64_t, size / 64> bits{};  ///< bit v mod 1,024

    Seen seen(const Mark& view) const;
    /// Has no effect on a view that is forgotten.
    void set(const Mark& view);
    bool operator==(const ViewWindow&) const = default;
};

enum class Refusal : std::uint8_t {
    Nothing,      ///< view 0 is not voted on
    Twice,        ///< a vote of this kind for this view, or for a later one, was signed
    Contradicts,  ///< Nullify and Finalize of one view
    Forgotten,    ///< too old to know
    Silent,       ///< not yet: what was signed before is in doubt
    NoKey         ///< the epoch's validators do not include this key
};

/// What a person reads.
std::string_view text(Refusal refusal);

struct Watermark {
    Mark notarized;
    ViewWindow nullified;
    ViewWindow finalized;
    Mark silent_until;

    /// Why the statement must not be signed, if so.
    std::optional<Refusal> refusal(const Statement& statement) const;
    /// The statement was signed, by us or by somebody with our key.
    void note(const Statement& statement);
    /// The highest view in which anything was signed.
    Mark highest() const;
    bool operator==(const Watermark&) const = default;
};

}  // namespace consensus::safety
