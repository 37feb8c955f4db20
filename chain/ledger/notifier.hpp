#pragma once
// Delivers events to subscribers on one thread, in the order in which they were published, outside of every lock.

#include "chain/ledger/events.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <variant>
#include <vector>

namespace ledger {

/// There is work for a block: these became ready.
struct WorkArrived {
    std::shared_ptr<const std::vector<Hash>> transactions;
};

using Event = std::variant<std::shared_ptr<const NewBlock>, std::shared_ptr<const FinalizedBlocks>, WorkArrived,
                           TransactionStatus>;

/// Between two events of work: the first of a row is told at once, what follows it so soon is told together. A thread
/// woken for each transaction costs more than all that it does then.
inline constexpr std::chrono::milliseconds work_pause{5};

/// What a subscriber listens to; `transaction` for Transaction only.
struct Topic {
    enum class Kind : std::uint8_t { NewBlock, Finalized, Work, Transaction } kind{};
    Hash transaction{};
    auto operator<=>(const Topic&) const = default;
};

class Notifier {
public:
    Notifier();
    /// Drops what is not delivered yet. Subscriptions that live on do nothing.
    ~Notifier();
    Notifier(const Notifier&) = delete;
    Notifier& operator=(const Notifier&) = delete;

    /// Calls `receive` for each event of the topic that is published from now on, and first for `current`, if given.
    Subscription subscribe(const Topic& topic, std::function<void(const Event&)> receive,
                           std::optional<Event> current = std::nullopt);
    /// Queues the event for those who listen now. Never blocks on a subscriber.
    void publish(const Topic& topic, const Event& event);
    /// Tells who listens to Work, at once or within `work_pause`, behind whatever waits then.
    void publish_work(const Hash& transaction);
    /// Nobody listens to the topic any more, once what is queued has been delivered.
    void close(const Topic& topic);
    /// Returns once everything published before has been delivered.
    void deliver_all();
    /// Events that wait to be delivered. Blocks are always told; beyond `waiting_max` the ledger takes no transactions.
    std::size_t waiting() const;
    static constexpr std::size_t waiting_max = 65'536;

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
    std::thread thread_;
};

}  // namespace ledger
