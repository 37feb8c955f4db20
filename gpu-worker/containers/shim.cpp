// One job's keeper: a process of its own that builds the job's stage, starts it, keeps its log within bounds, ends it
// when its time is over, and writes down how it ended. It needs no worker to be alive.

#include "gpu-worker/containers/shim.hpp"

#include "chain/clock/clock.hpp"
#include "chain/codec/scale.hpp"
#include "chain/files/whole_file.hpp"
#include "gpu-worker/containers/cgroup.hpp"
#include "gpu-worker/containers/crun_containers.hpp"
#include "gpu-worker/containers/files.hpp"
#include "gpu-worker/containers/image_store.hpp"
#include "gpu-worker/containers/job_stage.hpp"
#include "gpu-worker/containers/log_file.hpp"
#include "gpu-worker/containers/mounts.hpp"
#include "gpu-worker/containers/network.hpp"
#include "gpu-worker/containers/process.hpp"
#include "gpu-worker/containers/results.hpp"
#include "gpu-worker/containers/selftest.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <limits>

namespace worker {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t secrets_bytes_max = 1U << 20;
constexpr std::uint64_t throttled_wait_ms = 20;
constexpr std::uint64_t drain_ms_max = 2'000;  // after the end, for what still stands in the pipes

std::unexpected<Failure> host_fault(const Fault& fault) {
    return std::unexpected{Failure{Reason::HostFault, fault.text}};
}

/// What crun says about the program or the image's links is the renter's business; the rest is the host's.
Failure crun_failure(const std::string& said) {
    const auto says = [&](const char* words) { return said.find(words) != std::string::npos; };
    if (says("openat2")) return {Reason::BadImage, "a link of the image stands where the worker mounts: " + said};
    if (says("chdir") || says("exec format") || says("Exec format")) return {Reason::StartFailed, said};
    if (says("exec") && (says("No such file") || says("ermission denied"))) return {Reason::StartFailed, said};
    return {Reason::HostFault, said};
}

class Keeper {
public:
    Keeper(JobFolder folder, JobPlan plan, Fd status)
        : folder_(std::move(folder)), plan_(std::move(plan)), status_(std::move(status)) {}

    int keep(const Secrets& secrets) {
        auto begun = begin(secrets);
        if (begun) {
            report({.started = true});
            watch();
        } else {
            exit_.reason = begun.error().reason;
            exit_.text = begun.error().text;
        }
        // Everything is taken down before the record is written: who reads the record finds nothing left over.
        take_down();
        const bool recorded =
            chain::write_whole(folder_.exit(), scale::encode(exit_), chain::Readers::Owner).has_value();
        if (!begun) report({.started = false, .failure_reason = exit_.reason, .text = exit_.text});
        std::error_code none;
        fs::remove(folder_.disk(), none);
        return recorded ? 0 : 1;
    }

private:
    Result<void, Failure> begin(const Secrets& secrets) {
        auto log =
            LogWriter::open(folder_.log(), plan_.spec.limits.log_bytes_max, plan_.spec.limits.log_bytes_per_second);
        if (!log) return host_fault(log.error());
        log_.emplace(std::move(*log));
        TRY(stage_, set_stage(plan_, folder_, secrets));
        TRY_VOID(create());
        const JobNetwork network{.slot = plan_.slot, .ports = plan_.ports, .policy = plan_.spec.network};
        if (auto done = connect_job(network, job_); !done) return host_fault(done.error());
        if (auto done = run_ok({.argv = crun({"start", plan_.spec.id.value})}); !done)
            return std::unexpected{crun_failure(done.error().text)};
        exit_.started_ms = chain::unix_ms();
        if (auto done = chain::write_whole(folder_.started(), scale::encode(exit_.started_ms), chain::Readers::Owner);
            !done)
            return host_fault(done.error());
        return {};
    }

    std::vector<std::string> crun(std::initializer_list<std::string> words) const {
        std::vector<std::string> argv{"crun", "--root", stage_->runtime(), "--cgroup-manager=cgroupfs"};
        argv.insert(argv.end(), words);
        return argv;
    }

    /// crun leaves the job's first process as our child, stopped before its program, with our pipes as its output.
    Result<void, Failure> create() {
        auto in = make_pipe();
        auto out = make_pipe();
        auto error = make_pipe();
        if (!in || !out || !error) return host_fault({"no pipes"});
        in->write.close();
        const auto log = folder_.shim_log().string();
        auto argv = crun({"--log", log, "create", "--bundle", stage_->bundle(), "--pid-file", stage_->pid_file(),
                          plan_.spec.id.value});
        const auto child =
            start(argv, {.in = in->read.get(), .out = out->write.get(), .error = error->write.get()}, {});
        if (!child) return host_fault(child.error());
        int status = 0;
        while (::waitpid(*child, &status, 0) < 0 && errno == EINTR) {
        }
        created_ = true;
        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
            return std::unexpected{crun_failure(read_text(log).value_or("crun wrote no reason"))};
        const auto text = read_text(stage_->pid_file(), 64);
        if (!text || std::from_chars(text->data(), text->data() + text->size(), job_).ec != std::errc{} || job_ <= 1)
            return host_fault({"crun left no process id"});
        job_fd_ = Fd{static_cast<int>(::syscall(SYS_pidfd_open, job_, 0))};
        if (!job_fd_) return host_fault(errno_fault("the job's first process"));
        outputs_[0] = {std::move(out->read), LogStream::Out};
        outputs_[1] = {std::move(error->read), LogStream::Error};
        for (auto& output : outputs_) ::fcntl(output.fd.get(), F_SETFL, O_NONBLOCK);
        return {};
    }

    void watch() {
        sigset_t wanted;
        sigemptyset(&wanted);
        for (const int number : {stop_signal, kill_signal}) sigaddset(&wanted, number);
        const Fd signals{::signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK)};
        if (plan_.spec.limits.deadline_ms != 0) deadline_ms_ = exit_.started_ms + plan_.spec.limits.deadline_ms;
        for (;;) {
            const auto now = chain::unix_ms();
            if (now >= deadline_ms_) end(Reason::Timeout, now);
            if (now >= kill_ms_) kill_now();
            const std::size_t allowance = log_->allowance(now);
            std::array<pollfd, 4> fds{{{signals.get(), POLLIN, 0},
                                       {job_fd_.get(), POLLIN, 0},
                                       {allowance != 0 ? outputs_[0].fd.get() : -1, POLLIN, 0},
                                       {allowance != 0 ? outputs_[1].fd.get() : -1, POLLIN, 0}}};
            ::poll(fds.data(), fds.size(), patience(now, allowance));
            if (fds[0].revents != 0) obey(signals.get());
            if (fds[2].revents != 0) copy_log(outputs_[0], allowance);
            if (fds[3].revents != 0) copy_log(outputs_[1], log_->allowance(chain::unix_ms()));
            if (fds[1].revents != 0) break;
        }
        int status = 0;
        while (::waitpid(job_, &status, 0) < 0 && errno == EINTR) {
        }
        exit_.code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
        job_ended_ = true;
        drain();
    }

    int patience(std::uint64_t now, std::size_t allowance) const {
        std::uint64_t until = std::min(deadline_ms_, kill_ms_);
        if (allowance == 0) until = std::min(until, now + throttled_wait_ms);
        if (until == never) return -1;
        return static_cast<int>(std::min<std::uint64_t>(until - std::min(until, now), 60'000));
    }

    void obey(int signals) {
        signalfd_siginfo info{};
        while (::read(signals, &info, sizeof info) == sizeof info) {
            end(Reason::Stopped, chain::unix_ms());
            if (info.ssi_signo == static_cast<std::uint32_t>(kill_signal)) kill_now();
        }
    }

    void end(Reason why, std::uint64_t now) {
        if (ending_) return;
        ending_ = why;
        deadline_ms_ = never;
        kill_ms_ = now + plan_.spec.limits.stop_grace_ms;
        ::syscall(SYS_pidfd_send_signal, job_fd_.get(), SIGTERM, nullptr, 0);
    }

    /// The first process is the root of the job's process namespace: the kernel takes all others along.
    void kill_now() {
        kill_ms_ = never;
        ::syscall(SYS_pidfd_send_signal, job_fd_.get(), SIGKILL, nullptr, 0);
    }

    struct JobOutput {
        Fd fd;
        LogStream stream = LogStream::Out;
    };

    /// False at its end.
    bool copy_log(JobOutput& output, std::size_t bytes_max) {
        std::array<std::uint8_t, 65'536> buffer;
        const auto got = ::read(output.fd.get(), buffer.data(), std::min(bytes_max, buffer.size()));
        if (got > 0)
            log_->write(output.stream, chain::unix_ms(), chain::ByteView{buffer}.first(static_cast<std::size_t>(got)));
        if (got == 0) output.fd.close();
        return got > 0;
    }

    void drain() {
        const auto end_ms = chain::unix_ms() + drain_ms_max;
        for (auto& output : outputs_)
            while (output.fd && chain::unix_ms() < end_ms && copy_log(output, 65'536)) {
            }
    }

    void judge() {
        exit_.usage = cgroup_usage(plan_.cgroup);
        const auto fill = fill_of(stage_->disk());
        exit_.usage.disk_bytes = fill.used_bytes;
        if (exit_.started_ms == 0) return;
        if (ending_) exit_.reason = *ending_;
        else if (exit_.code != 0 && out_of_memory_kills(plan_.cgroup) != 0) exit_.reason = Reason::OutOfMemory;
        else if (exit_.code != 0 && fill.full) exit_.reason = Reason::DiskFull;
        else exit_.reason = Reason::Exited;
    }

    void collect() {
        const PackBounds bounds{.bytes_max = plan_.spec.limits.disk_bytes};
        const auto packed = pack_results(stage_->disk() / "results", folder_.results(), bounds);
        if (!packed) {
            exit_.text += "the results could not be packed: " + packed.error().text;
            return;
        }
        exit_.results = packed->results;
        for (const auto& sentence : packed->left_out) exit_.text += sentence + "; ";
    }

    void take_down() {
        if (stage_ && created_) {
            judge();
            if (!job_ended_) static_cast<void>(kill_cgroup(plan_.cgroup).has_value());
            static_cast<void>(run({.argv = crun({"delete", "--force", plan_.spec.id.value})}).has_value());
            static_cast<void>(remove_cgroup(plan_.cgroup).has_value());
        }
        if (needs_link({.slot = plan_.slot, .ports = plan_.ports, .policy = plan_.spec.network}))
            static_cast<void>(disconnect_job(plan_.slot).has_value());
        if (exit_.started_ms != 0) collect();
        if (stage_)
            for (const auto& mounted : {stage_->root(), stage_->disk(), stage_->lower(), stage_->image()})
                unmount(mounted);
        exit_.ended_ms = chain::unix_ms();
    }

    void report(const LaunchReport& launched) {
        static_cast<void>(write_all(status_.get(), scale::encode(launched)).has_value());
        status_.close();
    }

    static constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();

    JobFolder folder_;
    JobPlan plan_;
    Fd status_;
    std::optional<LogWriter> log_;
    std::optional<JobStage> stage_;
    bool created_ = false;
    bool job_ended_ = false;
    pid_t job_ = 0;
    Fd job_fd_;
    std::array<JobOutput, 2> outputs_;
    std::optional<Reason> ending_;
    std::uint64_t deadline_ms_ = never;
    std::uint64_t kill_ms_ = never;
    Exit exit_;
};

/// argv: shim job FOLDER STATUS-DESCRIPTOR, secrets on standard input.
int job_main(const fs::path& path, int status) {
    // Slot, lock and ports stay open in this process alone.
    ::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
    ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    ::umask(022);
    sigset_t blocked;
    sigemptyset(&blocked);
    for (const int number : {stop_signal, kill_signal, SIGINT, SIGHUP}) sigaddset(&blocked, number);
    ::sigprocmask(SIG_BLOCK, &blocked, nullptr);
    ::signal(SIGPIPE, SIG_IGN);

    const JobFolder folder{path};
    // The lock came with us; its file says whom to signal.
    const Fd lock{::open(folder.lock().c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC)};
    if (!lock || !write_all(lock.get(), chain::to_bytes(std::to_string(::getpid())))) return 2;
    const auto plan_bytes = read_file(folder.plan());
    const auto secret_bytes = read_all(0, secrets_bytes_max);
    if (!plan_bytes || !secret_bytes) return 2;
    auto plan = scale::decode<JobPlan>(*plan_bytes);
    const auto secrets = scale::decode<Secrets>(*secret_bytes);
    if (!plan || !secrets) return 2;
    return Keeper{folder, std::move(*plan), Fd{status}}.keep(*secrets);
}

std::optional<std::uint64_t> number_in(const char* text) {
    const std::string_view digits = text;
    std::uint64_t value = 0;
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (failed != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return value;
}

}  // namespace

int shim_main(int argc, char** argv) {
    const std::string_view mode = argc > 1 ? argv[1] : "";
    if (mode == "job" && argc == 4)
        if (const auto status = number_in(argv[3])) return job_main(argv[2], static_cast<int>(*status));
    if (mode == "unpack" && argc == 5) {
        const auto bytes_max = number_in(argv[3]);
        const auto files_max = number_in(argv[4]);
        if (bytes_max && files_max) return unpack_main(argv[2], *bytes_max, *files_max);
    }
    if (mode == "probe" && argc == 3) return probe_main(argv[2]);
    return 2;
}

}  // namespace worker
