#include "consensus/safety/watermark.hpp"

#include "consensus/types/mutant.hpp"

#include <algorithm>
#include <utility>

namespace consensus::safety {
namespace {

std::uint64_t bit_of(std::uint64_t view) { return std::uint64_t{1} << (view % 64); }
std::size_t word_of(std::uint64_t view) { return static_cast<std::size_t>(view % ViewWindow::size / 64); }

std::optional<Refusal> unless_free(const ViewWindow& other, const Mark& view) {
    switch (other.seen(view)) {
        case ViewWindow::Seen::No: return std::nullopt;
        case ViewWindow::Seen::Yes: return Refusal::Contradicts;
        case ViewWindow::Seen::Forgotten: return Refusal::Forgotten;
    }
    std::unreachable();
}

}  // namespace

ViewWindow::Seen ViewWindow::seen(const Mark& view) const {
    if (view > top) return Seen::No;
    if (view.epoch < top.epoch || top.view - view.view >= size) return Seen::Forgotten;
    return (bits[word_of(view.view)] & bit_of(view.view)) != 0 ? Seen::Yes : Seen::No;
}

void ViewWindow::set(const Mark& view) {
    if (seen(view) == Seen::Forgotten) return;
    if (view > top) {
        if (view.epoch > top.epoch || view.view - top.view >= size) bits.fill(0);
        else
            for (std::uint64_t v = top.view + 1; v <= view.view; ++v) bits[word_of(v)] &= ~bit_of(v);
        top = view;
    }
    bits[word_of(view.view)] |= bit_of(view.view);
}

std::string_view text(Refusal refusal) {
    switch (refusal) {
        case Refusal::Nothing: return "view 0 is not voted on";
        case Refusal::Twice: return "a vote of this kind was signed for this view or a later one";
        case Refusal::Contradicts:
            return "the view was nullified and would be notarized or finalized, or the other way round";
        case Refusal::Forgotten: return "the view is too old to know what was signed in it";
        case Refusal::Silent: return "what was signed before is in doubt: silent until the chain is past it";
        case Refusal::NoKey: return "the key is not among the epoch's validators";
    }
    std::unreachable();
}

std::optional<Refusal> Watermark::refusal(const Statement& statement) const {
    const Mark view{statement.epoch, statement.view};
    if (view.view == 0) return Refusal::Nothing;
    // Saying again what was said adds nothing, so silence does not forbid it.
    const bool is_again = statement.kind == votes::Kind::Nullify && nullified.seen(view) == ViewWindow::Seen::Yes;
    if (view <= silent_until && !is_again) return Refusal::Silent;
    if (mutant(Mutant::OneWatermarkForAll) && view <= highest()) return Refusal::Twice;
    switch (statement.kind) {
        case votes::Kind::Notarize:
            if (view <= notarized) return Refusal::Twice;
            // Not unsafe, but what a journal without its last frame would ask for.
            if (nullified.seen(view) == ViewWindow::Seen::Yes) return Refusal::Contradicts;
            return std::nullopt;
        case votes::Kind::Nullify:
            if (nullified.seen(view) == ViewWindow::Seen::Forgotten) return Refusal::Forgotten;
            return unless_free(finalized, view);
        case votes::Kind::Finalize:
            if (finalized.seen(view) == ViewWindow::Seen::Yes) return Refusal::Twice;
            if (finalized.seen(view) == ViewWindow::Seen::Forgotten) return Refusal::Forgotten;
            return unless_free(nullified, view);
    }
    std::unreachable();
}

void Watermark::note(const Statement& statement) {
    const Mark view{statement.epoch, statement.view};
    switch (statement.kind) {
        case votes::Kind::Notarize: notarized = std::max(notarized, view); return;
        case votes::Kind::Nullify: nullified.set(view); return;
        case votes::Kind::Finalize: finalized.set(view); return;
    }
}

Mark Watermark::highest() const { return std::max({notarized, nullified.top, finalized.top}); }

}  // namespace consensus::safety
