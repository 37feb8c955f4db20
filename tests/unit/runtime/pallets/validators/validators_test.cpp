#include "runtime/pallets/validators/validators.hpp"

#include "tests/support/chain.hpp"

#include <catch2/catch.hpp>

using namespace tests;

TEST_CASE("the digest's proposer names the author") {
    Chain chain;
    chain.run([](frame::Context& context) -> frame::DispatchResult {
        validators::storage.authorities.put(context.state, {{alice, {}, 1}, {bob, {}, 1}});
        return {};
    });
    const auto digest = [](std::uint32_t proposer) {
        return chain::Digest{{chain::to_digest(chain::ConsensusDigest{.proposer = proposer})}};
    };
    CHECK(validators::author_of(chain.state(), digest(0)) == alice);
    CHECK(validators::author_of(chain.state(), digest(1)) == bob);
    CHECK(validators::author_of(chain.state(), digest(2)) == std::nullopt);
    CHECK(validators::author_of(chain.state(), {}) == std::nullopt);
}
