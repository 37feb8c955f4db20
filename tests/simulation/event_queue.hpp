#pragma once
// What happens next. Events of one microsecond happen in an order drawn from the seed, because a real network promises
// none.

#include "tests/simulation/random.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace simulation {

/// Microseconds since the run began.
using Micros = std::uint64_t;

template <class Event>
class EventQueue {
public:
    explicit EventQueue(Random random) : random_(random) {}

    void push(Micros at, Event event) {
        std::uint32_t slot = 0;
        if (free_.empty()) {
            slot = static_cast<std::uint32_t>(events_.size());
            events_.push_back(std::move(event));
        } else {
            slot = free_.back();
            free_.pop_back();
            events_[slot] = std::move(event);
        }
        heap_.push_back({at, static_cast<std::uint32_t>(random_.next()), slot});
        std::ranges::push_heap(heap_, later);
    }

    bool empty() const { return heap_.empty(); }
    std::size_t size() const { return heap_.size(); }
    /// The time of the next event; only if there is one.
    Micros next_at() const { return heap_.front().at; }

    /// Takes the next event out; only if there is one.
    Event pop() {
        std::ranges::pop_heap(heap_, later);
        const std::uint32_t slot = heap_.back().slot;
        heap_.pop_back();
        free_.push_back(slot);
        return std::move(events_[slot]);
    }

private:
    /// Keys move in the heap, events stay where they are.
    struct Key {
        Micros at;
        std::uint32_t tie;
        std::uint32_t slot;
    };
    static bool later(const Key& a, const Key& b) {
        if (a.at != b.at) return a.at > b.at;
        return a.tie != b.tie ? a.tie > b.tie : a.slot > b.slot;
    }

    Random random_;
    std::vector<Key> heap_;
    std::vector<Event> events_;
    std::vector<std::uint32_t> free_;
};

}  // namespace simulation
