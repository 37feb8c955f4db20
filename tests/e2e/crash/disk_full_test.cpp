// A disk that fills up: the node stops by itself, says what to do, and loses nothing.

#include "load.hpp"
#include "node_process.hpp"
#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>
#include <sys/mount.h>

#include <cstring>
#include <fstream>

using namespace tests;

namespace {

/// A disk of a few megabytes in memory.
class SmallDisk {
public:
    explicit SmallDisk(const std::filesystem::path& at) : at_(at) {
        std::filesystem::create_directories(at);
        is_mounted_ = ::mount("tmpfs", at.c_str(), "tmpfs", 0, "size=6m") == 0;
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;
    ~SmallDisk() {
        if (is_mounted_) ::umount2(at_.c_str(), MNT_DETACH);
    }
    bool is_mounted() const { return is_mounted_; }
    bool grow() const { return ::mount("tmpfs", at_.c_str(), "tmpfs", MS_REMOUNT, "size=64m") == 0; }

private:
    std::filesystem::path at_;
    bool is_mounted_ = false;
};

}  // namespace

TEST_CASE("a full disk stops the node cleanly; with room again it goes on where it was") {
    TempFolder folder;
    const auto data = folder.path() / "node";  // the log stands beside it, on the real disk
    const SmallDisk disk{data};
    if (!disk.is_mounted()) {
        WARN("SKIPPED: cannot mount a small disk here (" << std::strerror(errno)
                                                         << "); run as root to test a full disk");
        return;
    }
    Finals finals;
    {
        NodeProcess node{data};
        REQUIRE(node.is_running());
        Load load{node.url(), finals};
        CHECK(node.wait() == 1);
        load.join();
        CHECK_THAT(node.log(), Catch::Contains("is full: free some space and start the node again"));
    }
    REQUIRE_FALSE(finals.empty());
    REQUIRE(disk.grow());
    NodeProcess node{data};
    REQUIRE(node.is_running());
    auto client = rpc::Client::connect(node.url());
    REQUIRE(client);
    for (const auto& [number, hash] : finals) {
        const auto now = (*client)->get<std::optional<chain::Hash>>("chain_getBlockHash", {number});
        REQUIRE(now);
        CHECK(*now == hash);
    }
}
