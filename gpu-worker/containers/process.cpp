#include "gpu-worker/containers/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

namespace worker {
namespace {

using chain::Result;

constexpr std::size_t error_bytes_kept = 8'192;
char* const environment[] = {const_cast<char*>(safe_path), const_cast<char*>("LC_ALL=C.UTF-8"),
                             const_cast<char*>("HOME=/nonexistent"), nullptr};

std::vector<char*> pointers_to(const std::vector<std::string>& argv) {
    std::vector<char*> pointers;
    for (const auto& word : argv) pointers.push_back(const_cast<char*>(word.c_str()));
    pointers.push_back(nullptr);
    return pointers;
}

std::string find_program(const std::string& name) {
    if (name.find('/') != std::string::npos) return name;
    for (const char* folder : {"/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/"})
        if (const auto path = folder + name; ::access(path.c_str(), X_OK) == 0) return path;
    return name;
}

// Between fork and exec of a program with threads: system calls only.
[[noreturn]] void become(const Command& command, const char* program, char* const* argv, int in, int out, int error) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    signal(SIGPIPE, SIG_DFL);
    if (dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(error, 2) < 0) _exit(126);
    if (command.file_bytes_max != 0) {
        const rlimit limit{command.file_bytes_max, command.file_bytes_max};
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    if (command.network_namespace >= 0 && setns(command.network_namespace, CLONE_NEWNET) != 0) _exit(126);
    execve(program, argv, environment);
    _exit(127);
}

/// Feeds the input and gathers both outputs until the child closed them or the time is over.
class Conversation {
public:
    Conversation(const Command& command, Fd in, Fd out, Fd error)
        : command_(command), in_(std::move(in)), out_(std::move(out)), error_(std::move(error)) {
        fcntl(in_.get(), F_SETFL, O_NONBLOCK);
        if (command_.input.empty()) in_.close();
    }

    /// Empty text: all went well.
    std::string hold(Output& output) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds{command_.timeout_ms};
        while (out_ || error_) {
            const auto left =
                std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
            if (left.count() <= 0) return "took longer than " + std::to_string(command_.timeout_ms) + " ms";
            pollfd fds[] = {{in_.get(), POLLOUT, 0}, {out_.get(), POLLIN, 0}, {error_.get(), POLLIN, 0}};
            if (::poll(fds, 3, static_cast<int>(std::min<std::int64_t>(left.count(), 1'000'000))) < 0 && errno != EINTR)
                return errno_fault("poll").text;
            if (fds[0].revents != 0) feed();
            if (fds[1].revents != 0) gather(out_, output.out);
            if (fds[2].revents != 0) gather(error_, output.error);
            if (output.out.size() > command_.output_bytes_max) return "wrote too much";
            if (output.error.size() > 2 * error_bytes_kept)
                output.error.erase(0, output.error.size() - error_bytes_kept);
        }
        return {};
    }

private:
    void feed() {
        const auto put = ::write(in_.get(), command_.input.data() + fed_, command_.input.size() - fed_);
        if (put > 0) fed_ += static_cast<std::size_t>(put);
        if ((put < 0 && errno != EAGAIN && errno != EINTR) || fed_ == command_.input.size()) in_.close();
    }
    static void gather(Fd& from, std::string& into) {
        char buffer[16'384];
        const auto got = ::read(from.get(), buffer, sizeof buffer);
        if (got > 0) into.append(buffer, static_cast<std::size_t>(got));
        else if (got == 0 || errno != EINTR) from.close();
    }

    const Command& command_;
    Fd in_, out_, error_;
    std::size_t fed_ = 0;
};

}  // namespace

Result<Output> run(const Command& command) {
    const auto program = find_program(command.argv.front());
    const auto argv = pointers_to(command.argv);
    TRY(auto in, make_pipe());
    TRY(auto out, make_pipe());
    TRY(auto error, make_pipe());
    const pid_t child = ::fork();
    if (child < 0) return std::unexpected{errno_fault("fork")};
    if (child == 0) become(command, program.c_str(), argv.data(), in.read.get(), out.write.get(), error.write.get());
    in.read.close();
    out.write.close();
    error.write.close();

    Output output;
    Conversation conversation{command, std::move(in.write), std::move(out.read), std::move(error.read)};
    const auto trouble = conversation.hold(output);
    if (!trouble.empty()) ::kill(child, SIGKILL);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (!trouble.empty()) return chain::fault(command.argv.front() + " " + trouble);
    output.code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    if (output.code == 127 && output.error.empty())
        return chain::fault(command.argv.front() + " is not installed (tools/setup installs it)");
    return output;
}

Result<std::string> run_ok(const Command& command) {
    TRY(auto output, run(command));
    if (output.code == 0) return std::move(output.out);
    while (output.error.ends_with('\n')) output.error.pop_back();
    return chain::fault(command.argv.front() + " (" + std::to_string(output.code) + "): " + output.error);
}

Result<pid_t> start(const std::vector<std::string>& argv, const Stdio& stdio, const std::vector<int>& keep) {
    const auto program = find_program(argv.front());
    const auto pointers = pointers_to(argv);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    const auto give = [&](int fd, int as) {
        if (fd < 0) posix_spawn_file_actions_addopen(&actions, as, "/dev/null", O_WRONLY, 0);
        else posix_spawn_file_actions_adddup2(&actions, fd, as);
    };
    posix_spawn_file_actions_adddup2(&actions, stdio.in, 0);
    give(stdio.out, 1);
    give(stdio.error, 2);
    // A dup2 of a descriptor onto itself clears its close-on-exec flag in the child.
    for (const int fd : keep) posix_spawn_file_actions_adddup2(&actions, fd, fd);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    sigset_t all;
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    pid_t child = 0;
    const int failed = ::posix_spawn(&child, program.c_str(), &actions, &attributes, pointers.data(), environment);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    errno = failed;
    if (failed != 0) return std::unexpected{errno_fault(program)};
    return child;
}

}  // namespace worker
