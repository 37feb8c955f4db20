#include "tools/load/flight.hpp"

#include <algorithm>

namespace load {

std::size_t Flight::room() const {
    const std::lock_guard lock{mutex_};
    return window_ - std::min(window_, flying_.size());
}

void Flight::submitted(std::span<const Transfer> transfers) {
    const auto now = Clock::now();
    const std::lock_guard lock{mutex_};
    for (const Transfer& transfer : transfers) flying_.emplace(transfer.id, now);
    counts_.submitted += transfers.size();
}

void Flight::refused(std::span<const Transfer> transfers) {
    const std::lock_guard lock{mutex_};
    for (const Transfer& transfer : transfers) flying_.erase(transfer.id);
    counts_.refused += transfers.size();
}

void Flight::finalized(std::span<const std::uint64_t> ids) {
    const auto now = Clock::now();
    const std::lock_guard lock{mutex_};
    ++counts_.blocks;
    for (const std::uint64_t id : ids) {
        const auto at = flying_.find(id);
        if (at == flying_.end()) continue;
        done_.push_back({now, std::chrono::duration<float, std::milli>(now - at->second).count()});
        flying_.erase(at);
        ++counts_.finalized;
    }
}

Counts Flight::counts() const {
    const std::lock_guard lock{mutex_};
    return counts_;
}

std::vector<double> Flight::latencies_ms(Clock::time_point since) const {
    std::vector<double> out;
    {
        const std::lock_guard lock{mutex_};
        for (const Done& done : done_)
            if (done.at >= since) out.push_back(done.ms);
    }
    std::ranges::sort(out);
    return out;
}

}  // namespace load
