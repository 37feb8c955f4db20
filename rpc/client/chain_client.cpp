#include "rpc/client/chain_client.hpp"

#include "chain/block/block.hpp"
#include "chain/crypto/twox.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>

namespace rpc {

namespace {

json::value hex(ByteView bytes) { return json::value(chain::to_hex(bytes)); }

json::value at_value(const std::optional<Hash>& at) { return to_json(at); }

Error trouble(std::string text) { return {connection_failed, std::move(text)}; }

/// twox128("System") ‖ twox128("Events")
Bytes events_key() {
    Bytes key;
    chain::append(key, crypto::twox128(std::string_view{"System"}));
    chain::append(key, crypto::twox128(std::string_view{"Events"}));
    return key;
}

/// Waits for the status that ends the waiting.
class StatusWaiter {
public:
    StatusWaiter(Until until, std::function<void(const WatchStatus&)> on_status)
        : until_(until), on_status_(std::move(on_status)) {}

    void take(const json::value& item) {
        const auto status = WatchStatus::from_json(item);
        if (!status) return;
        if (on_status_) on_status_(*status);
        const std::scoped_lock lock{mutex_};
        if (last_ || !ends(*status)) return;
        last_ = *status;
        changed_.notify_all();
    }

    std::optional<WatchStatus> wait(std::uint32_t timeout_ms) {
        std::unique_lock lock{mutex_};
        changed_.wait_for(lock, std::chrono::milliseconds{timeout_ms}, [this] { return last_.has_value(); });
        return last_;
    }

private:
    bool ends(const WatchStatus& status) const {
        if (status.kind == "inBlock") return until_ == Until::InBlock;
        return status.kind == "finalized" || status.kind == "finalityTimeout" || status.kind == "usurped" ||
               status.kind == "dropped" || status.kind == "invalid";
    }

    Until until_;
    std::function<void(const WatchStatus&)> on_status_;
    std::mutex mutex_;  // guards last_: set on the client's thread
    std::condition_variable changed_;
    std::optional<WatchStatus> last_;
};

}  // namespace

Answer<Hash> ChainClient::genesis_hash() {
    if (!genesis_) {
        TRY(genesis_, client_.get<Hash>("chain_getBlockHash", {json::value(0)}));
    }
    return *genesis_;
}

Answer<RuntimeVersionView> ChainClient::runtime_version() {
    if (!version_) {
        TRY(version_, client_.get<RuntimeVersionView>("state_getRuntimeVersion", {}));
    }
    return *version_;
}

Answer<std::uint32_t> ChainClient::next_nonce(const AccountId& account) {
    return client_.get<std::uint32_t>("system_accountNextIndex", {to_json(account)});
}

Answer<Hash> ChainClient::finalized_head() { return client_.get<Hash>("chain_getFinalizedHead", {}); }

Answer<HeaderView> ChainClient::header(const Hash& block) {
    TRY(auto header, client_.get<std::optional<HeaderView>>("chain_getHeader", {to_json(block)}));
    if (!header) return std::unexpected{trouble(fmt::format("the node does not know block {}", chain::to_hex(block)))};
    return *std::move(header);
}

Answer<std::optional<Bytes>> ChainClient::storage(ByteView key, std::optional<Hash> at) {
    TRY(auto value, client_.get<std::optional<HexBytes>>("state_getStorage", {hex(key), at_value(at)}));
    if (!value) return std::optional<Bytes>{};
    return std::optional{std::move(value->value)};
}

Answer<std::vector<Bytes>> ChainClient::keys(ByteView prefix, std::uint32_t count, std::optional<Bytes> start,
                                             std::optional<Hash> at) {
    json::value from = start ? hex(*start) : json::value{};
    TRY(auto found, client_.get<std::vector<HexBytes>>(
                        "state_getKeysPaged", {hex(prefix), json::value(count), std::move(from), at_value(at)}));
    std::vector<Bytes> out;
    for (HexBytes& key : found) out.push_back(std::move(key.value));
    return out;
}

Answer<Bytes> ChainClient::runtime_call(std::string_view method, ByteView arguments, std::optional<Hash> at) {
    TRY(auto result, client_.get<HexBytes>("state_call", {json::value(method), hex(arguments), at_value(at)}));
    return std::move(result.value);
}

Answer<Bytes> ChainClient::sign(const chain::SecretKey& key, Bytes call, const SignOptions& options) {
    chain::Extra extra;
    TRY(const Hash genesis, genesis_hash());
    TRY(const RuntimeVersionView version, runtime_version());
    chain::SigningContext context{version.spec_version, version.transaction_version, genesis, genesis};
    if (options.nonce) {
        extra.nonce = {*options.nonce};
    } else {
        TRY(const std::uint32_t nonce, next_nonce(key.account()));
        extra.nonce = {nonce};
    }
    extra.tip = {options.tip};
    if (options.period != 0) {
        TRY(const Hash anchor, finalized_head());
        TRY(const HeaderView head, header(anchor));
        const auto number = static_cast<std::uint64_t>(head.number.value);
        extra.era = chain::Era::mortal(options.period, number);
        TRY(context.birth_block, client_.get<Hash>("chain_getBlockHash", {json::value(extra.era.birth(number))}));
    }
    return chain::sign_extrinsic(key, std::move(call), extra, context);
}

Answer<Hash> ChainClient::submit(ByteView extrinsic) {
    return client_.get<Hash>("author_submitExtrinsic", {hex(chain::with_length_prefix(extrinsic))});
}

Answer<Included> ChainClient::submit_and_wait(ByteView extrinsic, Until until, std::uint32_t timeout_ms,
                                              std::function<void(const WatchStatus&)> on_status) {
    const auto waiter = std::make_shared<StatusWaiter>(until, std::move(on_status));
    TRY(const std::string subscription,
        client_.subscribe("author_submitAndWatchExtrinsic", {hex(chain::with_length_prefix(extrinsic))},
                          [waiter](const json::value& item) { waiter->take(item); }));
    const auto last = waiter->wait(timeout_ms);
    TRY_VOID(client_.unsubscribe("author_unwatchExtrinsic", subscription));
    if (!last)
        return std::unexpected{trouble(fmt::format("the transaction did not enter a block within {} ms", timeout_ms))};
    if (last->kind != "inBlock" && last->kind != "finalized")
        return std::unexpected{trouble(fmt::format("the transaction did not enter a block: {}", last->kind))};
    return find_in_block(extrinsic, last->hash.value_or(Hash{}));
}

Answer<Included> ChainClient::find_in_block(ByteView extrinsic, const Hash& block) {
    TRY(const auto found, client_.get<std::optional<GetBlock::SignedBlock>>("chain_getBlock", {to_json(block)}));
    const Bytes wanted = chain::with_length_prefix(extrinsic);
    if (found) {
        const auto& extrinsics = found->block.extrinsics;
        const auto at = std::ranges::find(extrinsics, wanted, &HexBytes::value);
        if (at != extrinsics.end()) {
            TRY(auto events, storage(events_key(), block));
            return Included{.extrinsic = chain::extrinsic_hash(extrinsic),
                            .block = block,
                            .block_number = static_cast<std::uint32_t>(found->block.header.number.value),
                            .index = static_cast<std::uint32_t>(at - extrinsics.begin()),
                            .events = std::move(events).value_or(Bytes{})};
        }
    }
    return std::unexpected{trouble(fmt::format("block {} does not hold the transaction", chain::to_hex(block)))};
}

}  // namespace rpc
