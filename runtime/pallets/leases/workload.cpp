#include "runtime/pallets/leases/workload.hpp"

#include "chain/base/image_name.hpp"
#include "chain/crypto/hash.hpp"

#include <algorithm>
#include <string_view>

namespace leases {
namespace {

constexpr std::uint64_t memory_bytes_min = 4ULL << 20;

constexpr bool is_digit(char c) { return '0' <= c && c <= '9'; }
constexpr bool is_lower(char c) { return 'a' <= c && c <= 'z'; }
constexpr bool is_letter(char c) { return is_lower(c) || ('A' <= c && c <= 'Z'); }

bool has_nul(std::string_view text) { return text.find('\0') != std::string_view::npos; }

/// source/path, without tag or digest.
bool is_repository(std::string_view text) {
    const auto slash = text.find('/');
    return slash != std::string_view::npos && chain::is_image_source(text.substr(0, slash)) &&
           chain::is_image_path(text.substr(slash + 1));
}

bool is_variable_name(std::string_view text) {
    return !text.empty() && !is_digit(text.front()) &&
           std::ranges::all_of(text, [](char c) { return is_letter(c) || is_digit(c) || c == '_'; });
}

bool are_variables(const std::vector<Variable>& variables) {
    for (auto it = variables.begin(); it != variables.end(); ++it) {
        if (!is_variable_name(it->name.value) || has_nul(it->value.value)) return false;
        if (std::any_of(variables.begin(), it, [&](const Variable& other) { return other.name == it->name; }))
            return false;
    }
    return true;
}

bool are_ports(const std::vector<Port>& ports) {
    for (auto it = ports.begin(); it != ports.end(); ++it)
        if (it->number == 0 || std::find(ports.begin(), it, *it) != it) return false;
    return true;
}

}  // namespace

chain::Result<void, WorkloadError> check_workload(const Workload& workload) {
    if (scale::encode(workload).size() > workload_bytes_max) return std::unexpected{WorkloadError::TooLarge};
    if (!is_repository(workload.image.repository.value)) return std::unexpected{WorkloadError::BadImage};
    const auto& command = workload.command.value;
    if (!command.empty() && command.front().value.empty()) return std::unexpected{WorkloadError::BadCommand};
    if (std::ranges::any_of(command, [](const auto& part) { return has_nul(part.value); }))
        return std::unexpected{WorkloadError::BadCommand};
    if (!are_variables(workload.environment.value)) return std::unexpected{WorkloadError::BadEnvironment};
    if (!are_ports(workload.ports.value)) return std::unexpected{WorkloadError::BadPort};
    if (workload.memory_bytes < memory_bytes_min) return std::unexpected{WorkloadError::NoMemory};
    if (workload.cpu_millis == 0) return std::unexpected{WorkloadError::NoCpu};
    if (workload.deadline_ms == 0) return std::unexpected{WorkloadError::NoTime};
    return {};
}

chain::Hash hash_of(const Workload& workload) { return crypto::blake2b_256(scale::encode(workload)); }

}  // namespace leases
