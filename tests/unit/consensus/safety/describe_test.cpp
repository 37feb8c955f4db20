#include "consensus/safety/describe.hpp"

#include "consensus/safety/signer.hpp"
#include "tests/support/memory_storage.hpp"

#include <catch2/catch.hpp>

using namespace consensus::safety;
using votes::Kind;

namespace {

const Hash genesis{{1}};
const votes::Ed25519Secret key{crypto::Ed25519Key::from_seed({9})};

std::vector<FileBytes> files_of(const MemoryStorage& disk) {
    std::vector<FileBytes> out;
    for (const auto& [name, bytes] : disk.durable) out.push_back({name, bytes});
    return out;
}

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// A validator that voted in views 1 to 3 and nullified 4.
struct Voted {
    MemoryStorage disk;
    Voted() {
        auto signer = *Signer::open(disk, key, genesis);
        auto journal = *Journal::open(disk, genesis, {.part_bytes = 400});
        REQUIRE(journal.enter(0, std::nullopt));
        for (std::uint64_t view = 1; view < 5; ++view) {
            const Kind kind = view == 4 ? Kind::Nullify : Kind::Notarize;
            journal.append(OwnVote{*signer.sign({kind, 0, view, view == 4 ? 0 : view - 1, {}}, 2)});
            REQUIRE(signer.commit());
            REQUIRE(journal.commit());
        }
    }
};

}  // namespace

TEST_CASE("a part is told record by record") {
    const Voted voted;
    const std::string text = describe_part({part_name(0, 1), voted.disk.durable.at(part_name(0, 1))});
    CHECK(says(text, "       1 at         0  opens epoch 0 of the chain 0x0100000000000000"));
    CHECK(says(text, "own vote: notarize epoch 0 view 1 parent 0 block 0x0000000000000000 as validator 2"));
    CHECK(says(text, "journal-000000000000-000001: whole"));
}

TEST_CASE("the watermark is told with both of its slots") {
    const Voted voted;
    const std::string text = describe_watermark(voted.disk.durable.at("watermark"));
    CHECK(says(text, "slot at 0: write 3"));
    CHECK(says(text, "slot at 4096: write 4"));
    CHECK(says(text, "highest notarize: epoch 0 view 3"));
    CHECK(says(text, "highest nullify: epoch 0 view 4"));
    CHECK(says(describe_watermark({}), "--no-sign-until"));
}

TEST_CASE("a sound folder is called sound, with a torn end too") {
    Voted voted;
    CHECK(examine(files_of(voted.disk)).is_sound);
    Bytes& last = voted.disk.durable.rbegin()->second;  // the watermark
    CHECK(last.size() > watermark_slot_offset);
    Bytes& part = std::next(voted.disk.durable.rbegin())->second;
    part.resize(part.size() - 1);
    CHECK(examine(files_of(voted.disk)).is_sound);
}

TEST_CASE("what is damaged, missing, behind or contradictory is named") {
    const Voted sound;
    {
        Voted damaged;
        damaged.disk.durable.at(part_name(0, 1))[40] ^= 1;
        const auto found = examine(files_of(damaged.disk));
        CHECK_FALSE(found.is_sound);
        CHECK(says(found.text, "CORRUPT"));
    }
    {
        Voted without;
        without.disk.durable.erase("watermark");
        CHECK(says(examine(files_of(without.disk)).text, "watermark: missing"));
    }
    {
        Voted restored;
        MemoryStorage young;
        auto signer = *Signer::open(young, key, genesis);
        REQUIRE(signer.sign({Kind::Notarize, 0, 1, 0, {}}, 2));
        REQUIRE(signer.commit());
        restored.disk.durable["watermark"] = young.durable.at("watermark");
        CHECK(says(examine(files_of(restored.disk)).text,
                   "the watermark does not know the vote: notarize epoch 0 view 2 parent 1"));
    }
    {
        Voted twice;
        auto journal = *Journal::open(twice.disk, genesis);
        REQUIRE(journal.enter(0, std::nullopt));
        journal.append(OwnVote{{{Kind::Finalize, 0, 4, 3, {}}, 2, {}}});
        REQUIRE(journal.commit());
        const auto found = examine(files_of(twice.disk));
        CHECK_FALSE(found.is_sound);
        CHECK(says(found.text, "CONTRADICTION: nullify epoch 0 view 4 and finalize epoch 0 view 4"));
    }
}
