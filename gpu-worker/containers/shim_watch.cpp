#include "gpu-worker/containers/shim_watch.hpp"

#include "chain/base/check.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

namespace worker {

ShimWatch::~ShimWatch() {
    if (!thread_.joinable()) return;
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    wake();
    thread_.join();
}

void ShimWatch::start(std::function<std::optional<Exit>(const JobId&)> ended) {
    ended_ = std::move(ended);
    wake_ = Fd{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    chain::check(static_cast<bool>(wake_));
    thread_ = std::thread{[this] { run(); }};
}

void ShimWatch::wake() {
    const std::uint64_t one = 1;
    static_cast<void>(::write(wake_.get(), &one, sizeof one));
}

void ShimWatch::add(const JobId& id, Fd shim, pid_t child) {
    {
        const std::lock_guard lock{mutex_};
        watched_[id] = {std::move(shim), child};
    }
    wake();
}

void ShimWatch::wait_for_end(const JobId& id) {
    if (std::this_thread::get_id() == thread_.get_id()) return;
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [&] { return !watched_.contains(id); });
}

void ShimWatch::on_exit(std::function<void(const JobId&, const Exit&)> handler) {
    const std::lock_guard lock{mutex_};
    handler_ = std::move(handler);
}

void ShimWatch::run() {
    for (;;) {
        std::vector<JobId> ids;
        std::vector<pollfd> fds{{wake_.get(), POLLIN, 0}};
        {
            const std::lock_guard lock{mutex_};
            if (stopping_) return;
            for (const auto& [id, watched] : watched_) {
                ids.push_back(id);
                fds.push_back({watched.shim.get(), POLLIN, 0});
            }
        }
        if (::poll(fds.data(), fds.size(), -1) <= 0) continue;
        std::uint64_t count = 0;
        static_cast<void>(::read(wake_.get(), &count, sizeof count));
        for (std::size_t i = 0; i < ids.size(); ++i) {
            if (fds[i + 1].revents == 0) continue;
            std::function<void(const JobId&, const Exit&)> handler;
            {
                const std::lock_guard lock{mutex_};
                if (const auto child = watched_[ids[i]].child; child != 0) ::waitpid(child, nullptr, 0);
                handler = handler_;
            }
            const auto exit = ended_(ids[i]);
            {
                const std::lock_guard lock{mutex_};
                watched_.erase(ids[i]);
            }
            changed_.notify_all();
            if (handler && exit) handler(ids[i], *exit);
        }
    }
}

}  // namespace worker
