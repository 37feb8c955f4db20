#include "gpu-worker/containers/job_plan.hpp"

#include "gpu-worker/containers/image_reference.hpp"

#include <algorithm>
#include <set>

namespace worker {
namespace {

std::unexpected<Failure> bad_spec(std::string text) {
    return std::unexpected{Failure{Reason::BadSpec, std::move(text)}};
}

bool is_variable_name(std::string_view name) {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    const auto allowed = [&](char c) { return letter(c) || (c >= '0' && c <= '9'); };
    return !name.empty() && name.size() <= 128 && letter(name.front()) && std::ranges::all_of(name, allowed);
}

/// Variables that steer the driver or the loader: the worker sets them, nobody else.
bool is_reserved(std::string_view name) {
    return name.starts_with("NVIDIA_") || name.starts_with("LD_") || name == "CUDA_VISIBLE_DEVICES";
}

bool is_word(std::string_view word) {
    return word.size() <= SpecBounds::word_bytes_max && word.find('\0') == std::string_view::npos;
}

Result<void, Failure> check_limits(const Limits& limits) {
    using B = SpecBounds;
    if (limits.memory_bytes < B::memory_bytes_min) return bad_spec("memory below 4 MiB");
    if (limits.memory_bytes > (1ULL << 50)) return bad_spec("memory beyond every machine");
    if (limits.disk_bytes < B::disk_bytes_min || limits.disk_bytes > B::disk_bytes_max)
        return bad_spec("disk outside 4 MiB to 16 TiB");
    if (limits.cpu_milli < B::cpu_milli_min || limits.cpu_milli > 4'096'000)
        return bad_spec("cpu below a hundredth of a core");
    if (limits.processes_max < B::processes_min || limits.processes_max > 4'194'304)
        return bad_spec("fewer than 4 processes");
    if (limits.open_files_max < B::open_files_min || limits.open_files_max > 1'048'576)
        return bad_spec("open files outside 16 to 1,048,576");
    if (limits.log_bytes_max > B::log_bytes_max) return bad_spec("log beyond 1 GiB");
    if (limits.log_bytes_per_second < B::log_rate_min) return bad_spec("log rate below 1 KiB/s");
    if (limits.stop_grace_ms > B::stop_grace_ms_max) return bad_spec("stop grace beyond 5 minutes");
    if (limits.shared_memory_bytes > limits.memory_bytes) return bad_spec("more shared memory than memory");
    return {};
}

Result<void, Failure> check_environment(const JobSpec& spec) {
    if (spec.environment.size() > SpecBounds::variables_max) return bad_spec("more than 256 environment variables");
    for (const auto& [name, value] : spec.environment) {
        if (!is_variable_name(name)) return bad_spec("an environment variable's name is not a name");
        if (is_reserved(name)) return bad_spec("the environment variable " + name + " is set by the worker only");
        if (!is_word(value)) return bad_spec("the environment variable " + name + " is too long or holds a zero byte");
    }
    return {};
}

}  // namespace

Result<void, Failure> check_spec(const JobSpec& spec) {
    if (!is_valid(spec.id)) return bad_spec("the job's id is not 1 to 48 characters of a-z, 0-9 and -");
    TRY_VOID(parse_image_reference(spec.image));
    if (spec.command.size() > SpecBounds::words_max) return bad_spec("a command of more than 256 words");
    if (!std::ranges::all_of(spec.command, is_word))
        return bad_spec("a word of the command is too long or holds a zero byte");
    if (!spec.command.empty() && spec.command.front().empty()) return bad_spec("the command's program is empty");
    if (spec.ports.size() > SpecBounds::ports_max) return bad_spec("more than 16 ports");
    if (std::set(spec.ports.begin(), spec.ports.end()).size() != spec.ports.size() ||
        std::ranges::find(spec.ports, 0) != spec.ports.end())
        return bad_spec("a port is 0 or named twice");
    if (spec.gpus.size() > SpecBounds::gpus_max) return bad_spec("more than 64 GPUs");
    TRY_VOID(check_environment(spec));
    return check_limits(spec.limits);
}

Result<std::vector<std::string>, Failure> arguments_of(const JobSpec& spec, const ImageConfig& image) {
    if (!spec.command.empty()) return spec.command;
    auto words = image.entry_point;
    words.insert(words.end(), image.arguments.begin(), image.arguments.end());
    if (words.empty() || words.front().empty()) return bad_spec("neither the job nor the image names a program");
    if (words.size() > SpecBounds::words_max || !std::ranges::all_of(words, is_word))
        return bad_spec("the image's own command is too long");
    return words;
}

}  // namespace worker
