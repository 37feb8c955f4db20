#pragma once
// Submits transfers to one node, in batches over one WebSocket, while there is room in flight.

#include "tools/load/flight.hpp"
#include "tools/load/socket.hpp"

#include <atomic>

namespace load {

struct Pace {
    std::size_t batch = 100;
    /// Transfers a second of this feeder; 0: no limit.
    double rate = 0;
};

class Feeder {
public:
    Feeder(Socket socket, Transfers& transfers, Flight& flight, Pace pace);
    ~Feeder() { stop(); }
    Feeder(const Feeder&) = delete;
    Feeder& operator=(const Feeder&) = delete;

    void start();
    void stop();
    /// Why it gave up; empty while it runs. After `stop`.
    const std::string& fault() const { return fault_; }

private:
    void run();
    std::size_t wanted(Clock::time_point start, std::uint64_t sent) const;
    chain::Result<std::vector<Transfer>> submit(const std::vector<Transfer>& transfers);

    Socket socket_;
    Transfers& transfers_;
    Flight& flight_;
    Pace pace_;
    std::string text_;  // of one message, kept for its memory
    std::atomic<bool> is_stopping_ = false;
    std::string fault_;  // the thread's own until it is joined
    std::thread thread_;
};

}  // namespace load
