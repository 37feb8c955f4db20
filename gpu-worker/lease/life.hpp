#pragma once
// A lease's life on the machine that serves it, as a pure state machine: events in, effects out. No clock, no IO.
//
//            Seen(Starting)            Prepared            Seen(Active)           Launched          Exited
//   Unknown ───────────────▶ Preparing ─────────▶ Confirming ──────────▶ Launching ─────────▶ Running ───────▶
//   Reporting
//                                │ PrepareFailed                              │ LaunchFailed     │               │
//                                ▼                                            └────────▶ Reporting               │
//                            Rejecting            Seen(Closed) or Gone, from anywhere                            │
//                                └───────────────────────────▶ Stopping ──Exited──▶ Kept ──grace over──▶ Removed ◀┘
//
// A lease without a workload stands Open from Active on, until its renter starts one (StartAsked).
// Only finalized facts arrive as Seen. After a restart the machine begins in Unknown again and Found tells what still
// runs, so the same walk leads to the same place: nothing is launched twice, confirmed twice or left running.

#include "runtime/pallets/leases/records.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace worker::lease {

enum class Phase : std::uint8_t {
    Unknown,     // nothing seen yet
    Preparing,   // the image is fetched and checked
    Confirming,  // ready; the chain has been told and has not made the lease active yet
    Rejecting,   // cannot run; the chain has been told why
    Open,        // active, and nothing is to run: no workload yet, or a service that its renter stopped
    Launching,
    Running,
    Reporting,  // the workload ended; the chain has been told and has not closed the lease yet
    Stopping,   // closed on the chain, the job still ends
    Kept,       // closed; log and results wait for the renter
    Removed,    // nothing is left
};
/// "preparing": what the renter's tools show.
std::string_view name_of(Phase phase);

/// A finalized block told about the lease.
struct Seen {
    leases::LeaseState state{};
    bool has_workload = false;
    leases::RestartPolicy restart{};
    std::uint64_t due_ms = 0;  // live clock: when the start deadline, or its time or money, is over if nothing changes
    std::uint64_t live_now_ms = 0;  // live clock of the block
    std::optional<leases::CloseReason> closed;
};
/// The chain does not know the lease any more.
struct Gone {};
/// Containers knew a job of this lease when the worker started.
struct Found {
    bool running = false;
    std::optional<std::int32_t> exit_code;  // where it has ended
};
/// An earlier process of this worker wrote down how the lease ended. Comes before Found.
struct Remembered {
    std::string text;
    std::uint64_t kept_until_ms = 0;  // 0: the chain had not closed it yet
};
struct Prepared {};
struct PrepareFailed {
    leases::RejectReason reason{};
    std::string text;
};
struct Launched {};
/// The program could not be started after the lease became active.
struct LaunchFailed {
    std::int32_t code =
        125;  // reported as the exit code, as container tools count: 125 no container, 126 and 127 no program
    std::string text;
};
struct Exited {
    std::int32_t code = 0;
    std::string text;  // what a person reads; empty: the exit code says it
};
/// The renter gives an open lease a workload, or starts a stopped service again. In another phase nothing happens.
struct StartAsked {
    leases::RestartPolicy restart{};
};
/// The renter asks to stop the workload.
struct StopAsked {};
/// A call that this lease asked for was not accepted for good (dispatch error). The chain's state decides what follows.
struct CallFailed {
    std::string text;
};
/// Time passes, told about once a second. Both clocks are the host's, Unix milliseconds.
struct Tick {
    std::uint64_t now_ms = 0;
    std::uint64_t since_block_ms = 0;  // since a finalized block last arrived
};
using Event = std::variant<Seen, Gone, Remembered, Found, Prepared, PrepareFailed, Launched, LaunchFailed, Exited,
                           StartAsked, StopAsked, CallFailed, Tick>;

struct Prepare {};
struct ConfirmStart {};
struct RejectStart {
    leases::RejectReason reason{};
    std::string text;
};
struct Launch {};
struct Stop {};
struct ReportExit {
    std::int32_t code = 0;
};
/// Forget the job: log, results, disk, and what the worker wrote down about the lease.
struct Remove {};
/// A line for people: the renter's tools, the node's operator.
struct Note {
    std::string text;
};
using Effect = std::variant<Prepare, ConfirmStart, RejectStart, Launch, Stop, ReportExit, Remove, Note>;
using Effects = std::vector<Effect>;

/// What the provider decides.
struct Terms {
    std::uint64_t results_kept_ms = 3'600'000;  // after the close; then log and results are removed
    std::uint64_t call_again_ms = 20'000;       // a call that the chain has not acted on is made again
    std::uint64_t restart_first_ms = 1'000;     // a service that ended is started again after this …
    std::uint64_t restart_most_ms = 60'000;     // … doubled each time up to this
    std::uint64_t silence_slack_ms =
        30'000;  // how long past its last known end a job runs on without news from the chain
};

class Life {
public:
    /// `now_ms`: the host's clock, as in Tick.
    Life(const Terms& terms, std::uint64_t now_ms) : terms_(terms), now_ms_(now_ms) {}

    /// The only way that anything changes.
    Effects step(const Event& event);

    Phase phase() const { return phase_; }
    /// What a person reads about the lease: the last note.
    const std::string& text() const { return text_; }
    std::optional<std::int32_t> exit_code() const { return exit_code_; }
    /// Whether renters may act on it (logs, stop); afterwards only results are handed out, and only while Kept.
    bool is_open() const { return phase_ != Phase::Stopping && phase_ != Phase::Kept && phase_ != Phase::Removed; }
    /// Unix ms until which log and results are kept; 0 while the lease is open.
    std::uint64_t kept_until_ms() const { return kept_until_ms_; }

private:
    void on(const Seen& event, Effects& out);
    void on(const Gone&, Effects& out);
    void on(const Remembered& event, Effects& out);
    void on(const Found& event, Effects& out);
    void on(const Prepared&, Effects& out);
    void on(const PrepareFailed& event, Effects& out);
    void on(const Launched&, Effects& out);
    void on(const LaunchFailed& event, Effects& out);
    void on(const Exited& event, Effects& out);
    void on(const StartAsked& event, Effects& out);
    void on(const StopAsked&, Effects& out);
    void on(const CallFailed& event, Effects& out);
    void on(const Tick& event, Effects& out);

    void starting(Effects& out);
    void active(Effects& out);
    void closed(const std::string& why, Effects& out);
    void run(Effects& out);
    void ended(std::int32_t code, const std::string& how, Effects& out);
    void keep();
    void note(std::string text, Effects& out);
    /// Remembers what to repeat while the chain's state does not move, and asks for it now.
    void call(const Effect& effect, Effects& out);

    Terms terms_;
    Phase phase_ = Phase::Unknown;
    std::string text_;
    std::optional<Found> found_;
    std::string remembered_;  // how it ended, from an earlier process
    std::optional<std::int32_t> exit_code_;
    std::optional<Effect> open_call_;
    std::uint64_t call_again_at_ms_ = 0;
    std::uint64_t now_ms_ = 0;
    std::uint64_t restart_at_ms_ = 0;
    std::uint64_t restart_delay_ms_ = 0;
    std::uint64_t kept_until_ms_ = 0;
    std::uint64_t left_ms_ = ~std::uint64_t{0};  // from the last block to the lease's end
    bool has_workload_ = false;
    leases::RestartPolicy restart_{};
    bool ends_lease_ = false;  // the workload's end is the lease's: what the chain knows as a job
    bool stop_asked_ = false;
    bool active_ = false;
};

}  // namespace worker::lease
