#include "rpc/schema/chain.hpp"

namespace rpc {

namespace {

Result<std::uint32_t, std::string> read_block_number(const json::value& in) {
    TRY(const HexNumber number, HexNumber::from_json(in));
    if (number.value > ~std::uint32_t{0}) return detail::expected("a block number of 32 bits", in);
    return static_cast<std::uint32_t>(number.value);
}

json::object one_or_list(json::object one) {
    json::object list = detail::schema("array", {});
    list["items"] = one;
    json::array both;
    both.push_back(std::move(one));
    both.push_back(std::move(list));
    json::object out;
    out["oneOf"] = std::move(both);
    return out;
}

}  // namespace

Result<BlockNumbers, std::string> BlockNumbers::from_json(const json::value& in) {
    BlockNumbers out;
    if (const json::array* list = in.if_array()) {
        // One answer is 70 bytes; the bound keeps a small request from becoming a big answer.
        constexpr std::size_t numbers_max = 10'000;
        if (list->size() > numbers_max) return detail::expected("at most 10000 block numbers", in);
        out.is_list = true;
        for (const json::value& item : *list) {
            TRY(const std::uint32_t number, read_block_number(item));
            out.value.push_back(number);
        }
    } else {
        TRY(const std::uint32_t number, read_block_number(in));
        out.value.push_back(number);
    }
    return out;
}

json::value BlockNumbers::to_json() const { return is_list ? rpc::to_json(value) : rpc::to_json(value.at(0)); }

json::object BlockNumbers::schema() { return one_or_list(HexNumber::schema()); }

Result<BlockHashes, std::string> BlockHashes::from_json(const json::value& in) {
    if (in.is_array()) {
        TRY(auto hashes, rpc::from_json<std::vector<std::optional<Hash>>>(in));
        return BlockHashes{std::move(hashes), true};
    }
    TRY(auto hash, rpc::from_json<std::optional<Hash>>(in));
    return BlockHashes{{hash}, false};
}

json::value BlockHashes::to_json() const { return is_list ? rpc::to_json(value) : rpc::to_json(value.at(0)); }

json::object BlockHashes::schema() { return one_or_list(schema_of<std::optional<Hash>>()); }

}  // namespace rpc
