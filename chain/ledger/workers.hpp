#pragma once
// A few threads that share a loop's rounds with whoever runs it: a block's signatures are checked by them.

#include <cstddef>
#include <functional>
#include <memory>

namespace ledger {

class Workers {
public:
    /// So many threads beside the caller's own; none is fine.
    explicit Workers(std::size_t threads);
    ~Workers();
    Workers(const Workers&) = delete;
    Workers& operator=(const Workers&) = delete;

    /// Runs `task(i)` for every i below `count`; returns when all are done. One caller at a time helps himself to the
    /// threads, others wait for their turn. Tasks must not call this.
    void for_each(std::size_t count, const std::function<void(std::size_t)>& task);

    /// One for each core but the caller's, at most three.
    static std::size_t threads_by_default();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace ledger
