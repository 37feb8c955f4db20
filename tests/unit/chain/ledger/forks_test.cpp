#include "chain/ledger/forks.hpp"

#include <catch2/catch.hpp>

using namespace ledger;

namespace {

const Hash root{{100}};
Hash name(std::uint8_t i) { return {{i}}; }

ExecutedPtr block(std::uint8_t i, const Hash& parent, std::uint32_t number) {
    chain::Block body;
    body.header.parent_hash = parent;
    body.header.number.value = number;
    return std::make_shared<const Executed>(Executed{body, name(i), number, 0, nullptr});
}

std::vector<Hash> names(const std::vector<ExecutedPtr>& blocks) {
    std::vector<Hash> out;
    for (const auto& b : blocks) out.push_back(b->hash);
    return out;
}

bool add(Forks& forks, ExecutedPtr block) {
    const Hash hash = block->hash;
    if (!forks.insert(std::move(block))) return false;
    forks.certify(hash);
    return true;
}

/// root - 1 - 2 - 3, and 1 - 4 - 5 - 6, and root - 7.
Forks tree() {
    Forks forks{root, 10};
    CHECK(add(forks, block(1, root, 11)));
    CHECK(add(forks, block(2, name(1), 12)));
    CHECK(add(forks, block(3, name(2), 13)));
    CHECK(add(forks, block(4, name(1), 12)));
    CHECK(add(forks, block(5, name(4), 13)));
    CHECK(add(forks, block(7, root, 11)));
    return forks;
}

}  // namespace

TEST_CASE("the highest block is best, the first of equals stays") {
    auto forks = tree();
    CHECK(forks.best() == name(3));
    CHECK(add(forks, block(6, name(5), 14)));
    CHECK(forks.best() == name(6));
    CHECK(forks.best_number() == 14);
    const auto moved = forks.move(name(3), name(6));
    CHECK(names(moved.left) == std::vector{name(3), name(2)});
    CHECK(names(moved.joined) == std::vector{name(4), name(5), name(6)});
    CHECK(names(forks.move(root, name(2)).joined) == std::vector{name(1), name(2)});
}

TEST_CASE("finality keeps what stands on it and names what lost") {
    auto forks = tree();
    auto lost = names(forks.finalize(name(4)));
    std::ranges::sort(lost);
    CHECK(lost == std::vector{name(2), name(3), name(7)});
    CHECK(forks.size() == 1);
    CHECK(forks.best() == name(5));
    CHECK(forks.can_carry(name(4)));
    CHECK_FALSE(forks.can_carry(name(1)));
    CHECK(names(forks.path_to(name(5))) == std::vector{name(5)});
    CHECK(forks.finalize(name(5)).empty());
    CHECK(forks.best() == name(5));
    CHECK(forks.best_number() == 13);
}

TEST_CASE("the tree does not grow beyond its bound") {
    Forks forks{root, 0};
    std::size_t inserted = 0;
    for (std::uint32_t i = 0; i < Forks::blocks_max + 5; ++i) {
        Hash hash{{1, static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(i >> 8)}};
        chain::Block body;
        body.header.parent_hash = root;
        inserted += forks.insert(std::make_shared<const Executed>(Executed{body, hash, 1, 0, nullptr}));
    }
    CHECK(inserted == Forks::blocks_max);
}
