#pragma once
// Where a node lives: a network namespace of its own on a bridge, and a small disk of its own. All of it lies in
// namespaces of this process, so it is gone with the process and its children, however they end.

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace tests {

/// Takes this process, before it has threads, into new namespaces for network and mounts, with a bridge. Why not, where
/// that is not allowed.
std::string leave_the_machine();

class House {
public:
    /// Mounts the disk at `data`.
    House(std::size_t index, std::filesystem::path data);
    ~House();
    House(const House&) = delete;
    House& operator=(const House&) = delete;

    static std::string address(std::size_t index) { return "10.99.0." + std::to_string(index + 1); }

    /// Runs with this house's network: what `work` starts lives there.
    void inside(const std::function<void()>& work) const;
    /// What comes from these houses is dropped here, by nftables; from nobody else.
    void deafen_to(const std::vector<std::size_t>& others) const;

    /// Nothing that needs more room succeeds until there is room.
    void fill_disk() const;
    void make_room() const;

private:
    std::string name_;
    std::filesystem::path data_;
    int network_ = -1;
};

}  // namespace tests
