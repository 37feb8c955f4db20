#include "gpu-worker/host/registration.hpp"

#include "gpu-worker/host/json_record.hpp"

namespace worker {

using chain::Result;

/// The file, with a name for the linker: clang reflects on no other. Claims are SCALE in hexadecimal: they are signed
/// as bytes; `summary` is for the eye and is not read back.
struct RegistrationFile {
    std::string summary;
    std::string genesis;
    std::string machine;
    std::string owner;
    std::uint32_t counter{};
    std::string claims;
    std::string tls_key;
    std::string box_key;
    std::string signature;
};

namespace {

std::string summary_of(const machines::Claims& claims) {
    std::string out = claims.gpus.value.empty()
                          ? std::to_string(claims.slots) + " CPU slots, " + claims.cpu.value
                          : std::to_string(claims.gpus.value.size()) + " × " + claims.gpus.value[0].label.value;
    out += ", " + std::to_string(claims.cpu_threads) + " threads, " + std::to_string(claims.memory_bytes >> 30) +
           " GiB memory";
    return out;
}

template <class T, class Parse>
Result<void> field(const std::string& text, const char* name, T& out, Parse parse) {
    auto value = parse(text);
    if (!value) return chain::fault(std::string{name} + ": not what `tephra-worker register` writes");
    out = *std::move(value);
    return {};
}

}  // namespace

RegistrationBundle make_bundle(const crypto::SecretKey& machine, machines::Registration registration,
                               machines::Claims claims) {
    registration.machine = machine.account();
    registration.claims_hash = machines::hash_of(claims);
    const auto signature = machine.sign(machines::registration_digest(registration));
    return {.registration = registration, .claims = std::move(claims), .signature = signature};
}

std::string to_json(const RegistrationBundle& bundle) {
    const auto& r = bundle.registration;
    boost::json::object out;
    out["summary"] = summary_of(bundle.claims);
    out["genesis"] = chain::to_hex(r.genesis);
    out["machine"] = crypto::to_string(r.machine);
    out["owner"] = crypto::to_string(r.owner);
    out["counter"] = r.counter;
    out["claims"] = chain::to_hex(scale::encode(bundle.claims));
    out["tls_key"] = chain::to_hex(r.tls_key);
    out["box_key"] = chain::to_hex(r.box_key);
    out["signature"] = chain::to_hex(bundle.signature.value);
    std::string text;
    for (const auto& [key, value] : out) {
        text += text.empty() ? "{\n  " : ",\n  ";
        text += "\"" + std::string{key} + "\": " + boost::json::serialize(value);
    }
    return text + "\n}\n";
}

Result<RegistrationBundle> bundle_from_json(std::string_view text) {
    TRY(const RegistrationFile file, json::parse<RegistrationFile>(text));
    RegistrationBundle out;
    auto& r = out.registration;
    TRY_VOID(field(file.genesis, "genesis", r.genesis, chain::hash_from_hex));
    TRY_VOID(field(file.machine, "machine", r.machine, crypto::account_from_string));
    TRY_VOID(field(file.owner, "owner", r.owner, crypto::account_from_string));
    TRY_VOID(field(file.tls_key, "tls_key", r.tls_key, chain::array_from_hex<32>));
    TRY_VOID(field(file.box_key, "box_key", r.box_key, chain::array_from_hex<32>));
    TRY_VOID(field(file.signature, "signature", out.signature.value, chain::array_from_hex<65>));
    TRY_VOID(field(file.claims, "claims", out.claims, [](const std::string& hex) -> std::optional<machines::Claims> {
        const auto bytes = chain::from_hex(hex);
        if (!bytes) return std::nullopt;
        auto claims = scale::decode<machines::Claims>(*bytes);
        return claims ? std::optional{*std::move(claims)} : std::nullopt;
    }));
    r.counter = file.counter;
    r.claims_hash = machines::hash_of(out.claims);
    const auto signer = crypto::recover(machines::registration_digest(r), out.signature);
    if (!signer || *signer != r.machine)
        return chain::fault("signature: it is not the machine's over this file; run `tephra-worker register` again");
    return out;
}

}  // namespace worker
