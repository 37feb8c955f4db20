#include "node_process.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <sstream>
#include <thread>

namespace tests {
namespace {

pid_t spawn(const std::vector<std::string>& arguments, const std::filesystem::path& output) {
    std::vector<std::string> all{NODE_PROGRAM};
    all.insert(all.end(), arguments.begin(), arguments.end());
    std::vector<char*> raw;
    for (auto& argument : all) raw.push_back(argument.data());
    raw.push_back(nullptr);
    const pid_t pid = ::fork();
    if (pid != 0) return pid;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // a test that dies leaves nobody behind
    const int out = ::open(output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ::dup2(out, STDOUT_FILENO);
    ::dup2(out, STDERR_FILENO);
    ::execv(raw[0], raw.data());
    ::_exit(127);
}

std::string read_all(const std::filesystem::path& file) {
    std::ostringstream out;
    out << std::ifstream{file}.rdbuf();
    return out.str();
}

int exit_code(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status); }

}  // namespace

NodeProcess::NodeProcess(const std::filesystem::path& data, std::vector<std::string> more, Return when,
                         const std::string& chain)
    : log_(data.string() + ".log") {
    std::filesystem::create_directories(data.parent_path());
    std::filesystem::remove(log_);  // the port of an earlier node must not be read for this one's
    // The socket's path must fit into 108 bytes, and the data folder may be a small disk: keep it beside the log.
    std::vector<std::string> arguments{
        "run", "--data",       data.string(),           "--chain",       chain, "--rpc-port",
        "0",   "--rpc-socket", data.string() + ".sock", "--worker-port", "0"};
    const std::vector<std::string> pace{"--block-interval-ms", "20", "--empty-block-interval-ms", "100"};
    if (std::ranges::find(more, pace[0]) == more.end()) arguments.insert(arguments.end(), pace.begin(), pace.end());
    arguments.insert(arguments.end(), more.begin(), more.end());
    pid_ = spawn(arguments, log_);
    const std::string mark = "JSON-RPC on 127.0.0.1:";
    while (when == Return::WhenItListens && is_running()) {
        const std::string text = log();
        const auto at = text.find(mark);
        const auto end = at == std::string::npos ? at : text.find('\n', at);
        if (end != std::string::npos) {
            url_ = "ws://127.0.0.1:" + text.substr(at + mark.size(), end - at - mark.size());
            return;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{2});
    }
}

NodeProcess::~NodeProcess() {
    if (!is_running()) return;
    signal(SIGKILL);
    wait();
}

void NodeProcess::note(int status) {
    status_ = exit_code(status);
    pid_ = -1;
}

bool NodeProcess::is_running() {
    int status = 0;
    if (pid_ > 0 && ::waitpid(pid_, &status, WNOHANG) == pid_) note(status);
    return pid_ > 0;
}

int NodeProcess::wait() {
    int status = 0;
    if (pid_ > 0 && ::waitpid(pid_, &status, 0) == pid_) note(status);
    return status_;
}

void NodeProcess::signal(int number) const {
    if (pid_ > 0) ::kill(pid_, number);
}

std::string NodeProcess::log() const { return read_all(log_); }

int run_node(const std::vector<std::string>& arguments, std::string& text) {
    std::string name = (std::filesystem::temp_directory_path() / "tephra-run-XXXXXX").string();
    ::close(::mkstemp(name.data()));
    int status = 0;
    ::waitpid(spawn(arguments, name), &status, 0);
    text = read_all(name);
    std::filesystem::remove(name);
    return exit_code(status);
}

}  // namespace tests
