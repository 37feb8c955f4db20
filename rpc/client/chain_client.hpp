#pragma once
// What tools do with a chain over JSON-RPC: read storage, sign, submit, wait. Knows no pallet: calls and events are
// bytes that the runtime's types encode and decode.

#include "chain/block/extrinsic.hpp"
#include "rpc/client/client.hpp"
#include "rpc/schema/author.hpp"
#include "rpc/schema/chain.hpp"
#include "rpc/schema/state.hpp"

namespace rpc {

/// How far a submitted extrinsic is followed.
enum class Until : std::uint8_t { InBlock, Finalized };

/// Where an extrinsic ended up. Whether its call succeeded stands in the block's events.
struct Included {
    Hash extrinsic;
    Hash block;
    std::uint32_t block_number = 0;
    /// Position in the block: events say ApplyExtrinsic(index).
    std::uint32_t index = 0;
    /// SCALE of System.Events after the block: a vector of event records.
    Bytes events;
};

struct SignOptions {
    /// The account's next one where it is left out.
    std::optional<std::uint32_t> nonce;
    /// Base units, beyond the fee.
    u128 tip = 0;
    /// Blocks in which the extrinsic may enter, from the newest finalized one; 0 = for ever.
    std::uint64_t period = 64;
};

class ChainClient {
public:
    /// The client must outlive this.
    explicit ChainClient(Client& client) : client_(client) {}

    Answer<Hash> genesis_hash();
    Answer<RuntimeVersionView> runtime_version();
    Answer<std::uint32_t> next_nonce(const AccountId& account);
    Answer<Hash> finalized_head();
    Answer<HeaderView> header(const Hash& block);
    /// The value under a key; after the best block where `at` is left out.
    Answer<std::optional<Bytes>> storage(ByteView key, std::optional<Hash> at = std::nullopt);
    /// Up to `count` (at most 1000) keys under a prefix, after `start`.
    Answer<std::vector<Bytes>> keys(ByteView prefix, std::uint32_t count, std::optional<Bytes> start = std::nullopt,
                                    std::optional<Hash> at = std::nullopt);
    /// A runtime API with SCALE arguments and result.
    Answer<Bytes> runtime_call(std::string_view method, ByteView arguments, std::optional<Hash> at = std::nullopt);

    /// A signed extrinsic around an encoded call, without its length prefix.
    Answer<Bytes> sign(const chain::SecretKey& key, Bytes call, const SignOptions& options);
    /// Submits an extrinsic (no length prefix); its hash.
    Answer<Hash> submit(ByteView extrinsic);
    /// Submits and waits. `on_status` sees each status on the client's thread. Dropped, invalid and usurped
    /// extrinsics and silence for `timeout_ms` are errors.
    Answer<Included> submit_and_wait(ByteView extrinsic, Until until, std::uint32_t timeout_ms,
                                     std::function<void(const WatchStatus&)> on_status = {});

private:
    Answer<Included> find_in_block(ByteView extrinsic, const Hash& block);

    Client& client_;
    // They never change while a node runs.
    std::optional<Hash> genesis_;
    std::optional<RuntimeVersionView> version_;
};

}  // namespace rpc
