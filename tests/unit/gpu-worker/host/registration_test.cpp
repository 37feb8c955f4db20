#include "gpu-worker/host/registration.hpp"

#include <catch2/catch.hpp>

using namespace worker;

namespace {
RegistrationBundle bundle(const crypto::SecretKey& machine) {
    return make_bundle(machine, {.genesis = {{1}}, .owner = {{2}}, .counter = 3, .tls_key = {4}, .box_key = {5}},
                       {.slots = 2, .cpu = {"some \"CPU\""}, .cpu_threads = 8, .memory_bytes = 16ULL << 30});
}
std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}
}  // namespace

TEST_CASE("the owner's file carries the registration unchanged") {
    const auto machine = crypto::SecretKey::generate();
    const auto made = bundle(machine);
    const auto read = bundle_from_json(to_json(made)).value();
    CHECK(read.claims == made.claims);
    CHECK(read.signature == made.signature);
    CHECK(read.registration.machine == machine.account());
    CHECK(machines::registration_digest(read.registration) == machines::registration_digest(made.registration));
}

TEST_CASE("a file that was changed is refused before it costs a fee") {
    const auto text = to_json(bundle(crypto::SecretKey::generate()));
    const auto why = [](const std::string& changed) { return bundle_from_json(changed).error().text; };
    CHECK(why(replaced(text, "\"counter\": 3", "\"counter\": 4")).starts_with("signature: "));
    CHECK(why(replaced(text, "\"tls_key\": \"0x04", "\"tls_key\": \"0x05")).starts_with("signature: "));
    CHECK(why(replaced(text, "\"genesis\": \"0x01", "\"genesis\": \"0x")).starts_with("genesis: "));
    CHECK(why(replaced(text, "\"counter\"", "\"count\"")).find("unknown field \"count\"") != std::string::npos);
}
