#pragma once
// Which requests were admitted: each nonce of a renter and lease once, also across restarts of the worker. A request
// dies with its expiry, at most a minute later, so the file stays as small as a minute of requests.

#include "chain/base/result.hpp"
#include "chain/crypto/account.hpp"
#include "runtime/pallets/escrow/records.hpp"

#include <cstdint>
#include <filesystem>
#include <set>
#include <tuple>

namespace worker {

using chain::Fault;
using chain::Result;

class NonceBook {
public:
    static constexpr std::size_t entries_max = 65'536;  // live ones; beyond, requests are refused until some expire

    /// Reads what an earlier process admitted; makes the file where there is none.
    static Result<NonceBook> open(std::filesystem::path file, std::uint64_t now_ms);
    ~NonceBook();
    NonceBook(NonceBook&& other) noexcept;
    NonceBook& operator=(NonceBook&&) = delete;

    enum class Verdict : std::uint8_t { Fresh, Replayed, Full };
    /// Fresh exactly once for each (renter, lease, nonce): durable when it returns. Fault: the disk failed, and the
    /// request must not be served.
    Result<Verdict> admit(const crypto::AccountId& renter, escrow::LeaseId lease, std::uint64_t nonce,
                          std::uint64_t expiry_ms, std::uint64_t now_ms);

private:
    using Key = std::tuple<crypto::AccountId, escrow::LeaseId, std::uint64_t>;

    NonceBook(std::filesystem::path file, int descriptor) : file_(std::move(file)), descriptor_(descriptor) {}
    void forget_expired(std::uint64_t now_ms);
    Result<void> compact();

    std::filesystem::path file_;
    int descriptor_ = -1;
    std::size_t written_ = 0;  // records in the file, dead ones included
    std::set<Key> keys_;
    std::set<std::pair<std::uint64_t, Key>> by_expiry_;
};

}  // namespace worker
