#pragma once
// A TCP line on loopback that a test can spoil: who connects to `address` reaches the target, until the test makes the
// line slow or dead. A dead line is one whose cable was pulled: nothing passes, and neither end is told.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace tests {

class Line {
public:
    /// Takes connections at once and opens one to 127.0.0.1:`target` for each.
    explicit Line(std::uint16_t target);
    ~Line();
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;

    /// "127.0.0.1:port", a port that the kernel chose.
    std::string address() const;
    /// Connections that stand now carry nothing any more, in either direction. Later ones are good.
    void die();
    /// What comes from the target passes in portions of so many bytes, so many milliseconds apart.
    void slow_down(std::size_t portion_bytes, int pause_ms);
    /// What has passed from the target to those who connected.
    std::uint64_t bytes_down() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace tests
