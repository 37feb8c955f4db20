#pragma once
// One thread that waits for all living shims at once, our children and adopted ones alike.

#include "gpu-worker/containers/containers.hpp"
#include "gpu-worker/containers/files.hpp"

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

namespace worker {

class ShimWatch {
public:
    ShimWatch() = default;
    ~ShimWatch();

    /// `ended` is called in the thread for each shim that died; it makes sure that there is a record and returns it.
    void start(std::function<std::optional<Exit>(const JobId&)> ended);

    /// `child`: the process to reap, 0 where it is not ours.
    void add(const JobId& id, Fd shim, pid_t child);

    /// Returns when the job is not watched (any more). At once from within the thread.
    void wait_for_end(const JobId& id);

    void on_exit(std::function<void(const JobId&, const Exit&)> handler);

private:
    struct Watched {
        Fd shim;
        pid_t child = 0;
    };

    void run();
    void wake();

    std::function<std::optional<Exit>(const JobId&)> ended_;
    std::function<void(const JobId&, const Exit&)> handler_;
    // Guards handler_, watched_ and stopping_: launches add from any thread while the thread polls.
    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<JobId, Watched> watched_;
    bool stopping_ = false;
    Fd wake_;
    std::thread thread_;
};

}  // namespace worker
