#pragma once
// A workload from the words of a command line.

#include "chain/base/result.hpp"
#include "chain/crypto/box.hpp"
#include "runtime/pallets/leases/workload.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cli {

/// As typed; empty texts were not given.
struct WorkloadOptions {
    std::string image;  // source/repository@sha256:digest
    std::vector<std::string> command;
    std::vector<std::string> environment;  // NAME=value
    std::vector<std::string> secrets;      // NAME=value, sealed to the machine
    std::vector<std::uint16_t> ports;
    std::string memory = "256M";
    std::string cpu = "1";
    std::string disk = "256M";
    std::string deadline;
    std::string restart = "never";   // never, on-failure, always
    std::string network = "closed";  // closed, outbound
};

/// Nothing where no image is given. The text names the option and the remedy.
chain::Result<std::optional<leases::Workload>, std::string> workload_from(
    const WorkloadOptions& options, const std::optional<crypto::BoxPublic>& box_key);

/// "source/repository@sha256:…"
std::string image_text(const leases::ImageReference& image);

}  // namespace cli
