#include "gpu-worker/host/claims.hpp"

#include "chain/crypto/hash.hpp"
#include "chain/files/whole_file.hpp"

#include <algorithm>

namespace worker {

namespace {

constexpr std::uint64_t gib = 1ULL << 30;

machines::Label label(std::string text) {
    text.resize(std::min<std::size_t>(text.size(), machines::Label::max));
    return {std::move(text)};
}

machines::Gpu claim_of(const Gpu& gpu) {
    return {.label = label(gpu.name),
            .memory_bytes = gpu.memory_bytes,
            .compute_capability = static_cast<std::uint16_t>(gpu.capability_major * 10 + gpu.capability_minor),
            .uuid_hash = crypto::blake2b_256(chain::to_bytes(gpu.uuid))};
}

std::uint64_t whole_gib(std::uint64_t bytes) { return bytes >= gib ? bytes / gib * gib : bytes; }

}  // namespace

Inventory take_inventory(const Settings& settings) {
    return {.gpus = gpu_inventory(), .cpu = cpu_inventory(settings.data)};
}

machines::Claims claims_for_registration(const Inventory& inventory, const Settings& settings) {
    machines::Claims claims;
    for (const auto& gpu : inventory.gpus.gpus)
        if (claims.gpus.value.size() < machines::slots_max) claims.gpus.value.push_back(claim_of(gpu));
    const bool has_gpu = !claims.gpus.value.empty();
    claims.slots = has_gpu ? static_cast<std::uint8_t>(claims.gpus.value.size()) : settings.offer.slots;
    claims.cpu = label(inventory.cpu.name);
    claims.cpu_threads = inventory.cpu.threads;
    claims.memory_bytes = whole_gib(inventory.cpu.memory_bytes);
    claims.disk_bytes =
        settings.offer.disk_bytes != 0 ? settings.offer.disk_bytes : whole_gib(inventory.cpu.disk_free_bytes / 5 * 4);
    claims.upload_bits_per_second = settings.offer.upload_bits_per_second;
    claims.download_bits_per_second = settings.offer.download_bits_per_second;
    claims.region = label(settings.offer.region);
    claims.driver_version = label(inventory.gpus.driver_version);
    claims.worker_version = label(std::string{worker_version});
    if (!settings.offer.endpoint.empty()) claims.endpoint = machines::Endpoint{settings.offer.endpoint};
    return claims;
}

machines::Claims claims_for_probe(const Inventory& inventory, const machines::Claims& registered) {
    machines::Claims out = registered;
    // GPUs are who they are: a missing, added or exchanged one shows.
    out.gpus.value.clear();
    for (const auto& gpu : inventory.gpus.gpus)
        if (out.gpus.value.size() < machines::slots_max) out.gpus.value.push_back(claim_of(gpu));
    out.cpu = label(inventory.cpu.name);
    out.cpu_threads = inventory.cpu.threads;
    out.memory_bytes = std::min(registered.memory_bytes, inventory.cpu.memory_bytes);
    return out;
}

Result<void> keep_claims(const std::filesystem::path& data, const machines::Claims& claims) {
    return chain::write_whole(data / "claims", chain::to_hex(scale::encode(claims)) + "\n", chain::Readers::Owner);
}

Result<machines::Claims> kept_claims(const std::filesystem::path& data) {
    TRY(const std::string text, chain::read_private(data / "claims"));
    const auto bytes = chain::from_hex(text);
    if (!bytes) return chain::fault((data / "claims").string() + " is damaged: register the machine's hardware again");
    auto claims = scale::decode<machines::Claims>(*bytes);
    if (!claims) return chain::fault((data / "claims").string() + " is damaged: register the machine's hardware again");
    return *std::move(claims);
}

}  // namespace worker
