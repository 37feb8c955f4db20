#pragma once
// What the worker writes down about leases: the chain keeps a closed lease for a while and a workload only as a hash,
// but a worker that comes back must know whose results lie here and what was to run. One file a lease.

#include "chain/base/result.hpp"
#include "runtime/pallets/leases/records.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace worker {

/// How a lease ended here, in the words that its renter reads: the chain has only a reason.
struct Ending {
    std::string text;
    std::uint64_t kept_until_ms{};  // Unix ms, as lease::Life counts; 0: the chain has not closed the lease yet

    bool operator==(const Ending&) const = default;
};

struct BookEntry {
    leases::Lease lease;  // as last seen
    std::optional<leases::Workload> workload;
    std::optional<Ending> ending;

    bool operator==(const BookEntry&) const = default;
};

class LeaseBook {
public:
    /// Reads what is there; a damaged file is a fault that names it. `data`/leases is made where it is missing.
    static chain::Result<LeaseBook> open(const std::filesystem::path& data);

    const std::map<leases::LeaseId, BookEntry>& entries() const { return entries_; }
    /// Durable when it returns. Nothing is written where nothing changed.
    chain::Result<void> put(leases::LeaseId id, BookEntry entry);
    void remove(leases::LeaseId id);

private:
    explicit LeaseBook(std::filesystem::path folder) : folder_(std::move(folder)) {}
    std::filesystem::path file_of(leases::LeaseId id) const;

    std::filesystem::path folder_;
    std::map<leases::LeaseId, BookEntry> entries_;
};

}  // namespace worker
