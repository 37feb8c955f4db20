// What clients, wallets and old transactions rely on: the metadata, each call's bytes, and the reference made from the
// same declarations.
#include "chain/crypto/hash.hpp"
#include "runtime/appchain/reference.hpp"
#include "runtime/appchain/runtime_metadata.hpp"
#include "runtime/dispatch/pallets.hpp"
#include "tests/support/golden.hpp"

namespace {

/// Lines of 50 bytes, so that a diff shows where something changed.
std::string hex_lines(chain::ByteView bytes) {
    std::string out;
    for (std::size_t at = 0; at < bytes.size(); at += 50)
        out += chain::to_hex(bytes.subspan(at, std::min<std::size_t>(50, bytes.size() - at))).substr(2) + "\n";
    return out;
}

}  // namespace

TEST_CASE("golden: metadata") {
    tests::check_golden("metadata-15.hex", hex_lines(runtime::metadata_v15()));
    tests::check_golden("metadata-14.hash", chain::to_hex(crypto::blake2b_256(runtime::metadata_v14())) + "\n");
}

TEST_CASE("golden: each call with empty arguments") {
    std::string text;
    runtime::Pallets::for_each([&]<class P>(std::type_identity<P>) {
        reflect::for_each_index<std::variant_size_v<typename P::Call>>([&](auto i) {
            using Call = std::variant_alternative_t<i, typename P::Call>;
            text += std::string{P::name} + "." +
                    std::string{std::string_view{reflect::snake_case(reflect::type_name<Call>)}} + " " +
                    chain::to_hex(frame::to_call(Call{}).encoded) + "\n";
        });
    });
    tests::check_golden("calls.txt", text);
}

TEST_CASE("golden: reference documents") {
    tests::check_golden("../../docs/reference/runtime.md", runtime::runtime_reference());
    tests::check_golden("../../docs/reference/constants.md", runtime::constants_reference());
}
