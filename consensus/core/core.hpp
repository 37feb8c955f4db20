#pragma once
// One epoch of agreement as one validator lives it: Simplex in its certify-before-finalize form. The protocol and why
// it is safe: docs/design/consensus.md. Pure: the same recovered state and the same events at the same times give the
// same effects, byte for byte.
//
// View v has one leader. His proposal, the parent's certificate and the nullifications of the views between arrive
// together; who finds them in order notarizes. A quorum of notarizes (N) and an executed block let everybody go on to
// v + 1 and finalize v; a quorum of finalizes (F) makes the block and its ancestors final. A view in which nothing good
// comes is nullified instead; a quorum of nullifies (X) lets everybody go on, and lets later blocks skip it.

#include "consensus/core/config.hpp"
#include "consensus/core/effect.hpp"
#include "consensus/core/event.hpp"
#include "consensus/core/report.hpp"
#include "consensus/types/epoch.hpp"

#include <memory>

namespace consensus {

class Core {
public:
    Core(EpochInfo epoch, Config config, Recovered recovered);
    ~Core();
    Core(Core&&) noexcept;
    Core& operator=(Core&&) noexcept;

    /// Once, before any step. `out` is appended to, here and below.
    void start(std::uint64_t now_ms, Effects& out);
    /// Time must not run backwards. Events about other epochs are ignored.
    void step(std::uint64_t now_ms, const Event& event, Effects& out);
    /// When to step with TimePassed at the latest. Nothing: only an event can change something.
    std::optional<std::uint64_t> next_timer_ms() const;

    std::uint64_t view() const;
    std::uint64_t floor_view() const;
    bool is_ended() const;
    ViewReport report() const;
    Footprint footprint() const;

    /// For checkers: what this replica holds about a view, null where it holds nothing.
    CertificatePtr notarization(std::uint64_t view) const;
    CertificatePtr nullification(std::uint64_t view) const;
    CertificatePtr finalization(std::uint64_t view) const;

private:
    class Machine;
    std::unique_ptr<Machine> machine_;
};

}  // namespace consensus
