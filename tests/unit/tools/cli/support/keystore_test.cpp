#include "tools/cli/support/keystore.hpp"

#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>
#include <sys/stat.h>

#include <fstream>
#include <iterator>

using namespace cli;

namespace {

struct World {
    tests::TempFolder folder;
    Keystore store() const { return Keystore{folder / "keys"}; }
    std::string text_of(const std::string& name) const {
        std::ifstream in{folder / "keys" / (name + ".json")};
        return {std::istreambuf_iterator<char>{in}, {}};
    }
};

AskPassphrase answers(std::optional<std::string> text) {
    return [text = std::move(text)](const std::string&) { return text; };
}

}  // namespace

TEST_CASE("an encrypted key opens with its passphrase only, and its file does not show it") {
    const World world;
    const auto key = crypto::SecretKey::generate();
    REQUIRE(world.store().add("mine", key, "correct horse"));
    CHECK(world.text_of("mine").find(chain::to_hex(key.bytes()).substr(2)) == std::string::npos);
    CHECK(world.store().open("mine", answers("correct horse")).value().account() == key.account());
    CHECK(world.store().open("mine", answers("wrong")).error().text == "the passphrase is wrong");
    CHECK(world.store().open("mine", answers(std::nullopt)).error().text.find("TEPHRA_PASSPHRASE") !=
          std::string::npos);
}

TEST_CASE("a plain key is private to its owner and listed as plain") {
    const World world;
    const auto key = crypto::SecretKey::generate();
    REQUIRE(world.store().add("mine", key, ""));
    struct stat status{};
    REQUIRE(::stat((world.folder / "keys" / "mine.json").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
    const auto all = world.store().list().value();
    REQUIRE(all.size() == 7);
    CHECK(all[0].name == "mine");
    CHECK(all[0].protection == Protection::Plain);
    CHECK(all[1].name == "alith");
    CHECK(all[1].protection == Protection::Development);
    ::chmod((world.folder / "keys" / "mine.json").c_str(), 0644);
    CHECK(world.store().open("mine", answers({})).error().text.find("chmod 600") != std::string::npos);
}

TEST_CASE("no key is ever overwritten, and development names are taken") {
    const World world;
    REQUIRE(world.store().add("mine", crypto::SecretKey::generate(), ""));
    CHECK_FALSE(world.store().add("mine", crypto::SecretKey::generate(), ""));
    CHECK_FALSE(world.store().add("Alith", crypto::SecretKey::generate(), ""));
    CHECK_FALSE(world.store().add("../up", crypto::SecretKey::generate(), ""));
    CHECK_FALSE(world.store().add("", crypto::SecretKey::generate(), ""));
}

TEST_CASE("names, development accounts and addresses all name accounts") {
    const World world;
    const auto key = crypto::SecretKey::generate();
    REQUIRE(world.store().add("mine", key, "secret"));
    CHECK(world.store().account("mine").value() == key.account());
    CHECK(crypto::to_string(world.store().account("Baltathar").value()) ==
          "0x3Cd0A705a2DC65e5b1E1205896BaA2be8A07c6e0");
    CHECK(world.store().account(crypto::to_string(key.account())).value() == key.account());
    CHECK(world.store().account("nobody").error().text.find("tephra keys list") != std::string::npos);
    CHECK(world.store().open("nobody", answers({})).error().text.find("tephra keys new nobody") != std::string::npos);
}
