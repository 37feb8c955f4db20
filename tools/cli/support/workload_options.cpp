#include "tools/cli/support/workload_options.hpp"

#include "tools/cli/support/quantity.hpp"

namespace cli {

namespace {

using chain::Result;
template <class T>
using Parsed = Result<T, std::string>;

template <class T>
Parsed<T> of_option(const char* option, Parsed<T> value) {
    if (!value) return std::unexpected{std::string{option} + ": " + value.error()};
    return value;
}

Parsed<leases::ImageReference> image_from(const std::string& text) {
    constexpr std::string_view mark = "@sha256:";
    const auto at = text.find(mark);
    const auto digest =
        at == std::string::npos ? std::nullopt : chain::array_from_hex<32>(text.substr(at + mark.size()));
    if (!digest)
        return std::unexpected{
            std::string{"--image: name the image by digest, SOURCE/REPOSITORY@sha256:64-digits; a tag could change "
                        "what runs. SOURCE is a name that the "
                        "provider gives to a registry"}};
    return leases::ImageReference{.repository = {text.substr(0, at)}, .digest = *digest};
}

Parsed<leases::Variable> variable_from(const char* option, const std::string& text) {
    const auto equals = text.find('=');
    if (equals == 0 || equals == std::string::npos)
        return std::unexpected{std::string{option} + ": write NAME=value, not \"" + text + "\""};
    return leases::Variable{.name = {text.substr(0, equals)}, .value = {text.substr(equals + 1)}};
}

Parsed<leases::RestartPolicy> restart_from(const std::string& text) {
    if (text == "never") return leases::RestartPolicy::Never;
    if (text == "on-failure") return leases::RestartPolicy::OnFailure;
    if (text == "always") return leases::RestartPolicy::Always;
    return std::unexpected{"--restart: write never, on-failure or always, not \"" + text + "\""};
}

std::string_view text_of(leases::WorkloadError error) {
    using enum leases::WorkloadError;
    switch (error) {
        case TooLarge: return "the workload takes more than 8 KiB: shorten command and environment";
        case BadImage:
            return "--image: the repository must be in lower case letters, digits and . _ - : /, without a tag";
        case BadCommand: return "the command must begin with a program and hold no NUL byte";
        case BadEnvironment: return "--env: names are letters, digits and _, each once";
        case BadPort: return "--port: ports are 1 to 65535, each once";
        case NoMemory: return "--memory: ask for at least 4M";
        case NoCpu: return "--cpu: ask for at least 1m";
        case NoTime: return "--deadline: ask for more than 0";
    }
    std::unreachable();
}

}  // namespace

Parsed<std::optional<leases::Workload>> workload_from(const WorkloadOptions& options,
                                                      const std::optional<crypto::BoxPublic>& box_key) {
    if (options.image.empty()) {
        if (!options.command.empty())
            return std::unexpected{std::string{"a command needs an image: add --image SOURCE/REPOSITORY@sha256:…"}};
        return std::optional<leases::Workload>{};
    }
    leases::Workload out;
    TRY(out.image, image_from(options.image));
    for (const auto& word : options.command) out.command.value.push_back({word});
    for (const auto& text : options.environment) {
        TRY(auto variable, variable_from("--env", text));
        out.environment.value.push_back(std::move(variable));
    }
    if (!options.secrets.empty()) {
        std::string lines;
        for (const auto& text : options.secrets) {
            TRY_VOID(variable_from("--secret", text));
            lines += text + "\n";
        }
        const auto sealed = box_key ? crypto::seal(*box_key, chain::to_bytes(lines)) : std::nullopt;
        if (!sealed) return std::unexpected{std::string{"--secret: the machine has no usable box key"}};
        out.sealed_environment = {*sealed};
    }
    for (const auto port : options.ports)
        out.ports.value.push_back({.number = port, .protocol = leases::Protocol::Tcp});
    TRY(out.memory_bytes, of_option("--memory", parse_size(options.memory)));
    TRY(out.disk_bytes, of_option("--disk", parse_size(options.disk)));
    TRY(out.cpu_millis, of_option("--cpu", parse_cores(options.cpu)));
    TRY(out.restart, restart_from(options.restart));
    if (options.network == "outbound") out.network = leases::NetworkPolicy::Outbound;
    else if (options.network != "closed")
        return std::unexpected{"--network: write closed or outbound, not \"" + options.network + "\""};
    if (!options.deadline.empty()) {
        TRY(out.deadline_ms, of_option("--deadline", parse_duration(options.deadline)));
    }
    if (const auto checked = leases::check_workload(out); !checked)
        return std::unexpected{std::string{text_of(checked.error())}};
    return out;
}

std::string image_text(const leases::ImageReference& image) {
    return image.repository.value + "@sha256:" + chain::to_hex(image.digest).substr(2);
}

}  // namespace cli
