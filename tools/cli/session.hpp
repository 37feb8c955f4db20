#pragma once
// What every command works with: where the node is, how to print, whose keys.

#include "chain/base/ports.hpp"
#include "chain/base/result.hpp"
#include "chain/crypto/signature.hpp"
#include "chain/state/view.hpp"
#include "runtime/frame/call.hpp"
#include "runtime/pallets/leases/leases.hpp"
#include "runtime/pallets/machines/machines.hpp"
#include "tools/cli/support/keystore.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace rpc {
class Client;
class ChainClient;
}  // namespace rpc

namespace cli {

using chain::Fault;
using chain::Result;

/// What the command line's global options say.
struct Globals {
    std::string node = chain::ports::at("ws://127.0.0.1", chain::ports::rpc);
    bool json = false;
    bool quiet = false;
};

/// An extrinsic that a block took and whose call succeeded.
struct Done {
    chain::Hash extrinsic;
    chain::Hash block;
    std::uint32_t block_number = 0;
    std::vector<chain::Bytes> events;  // of this extrinsic: pallet index, event index, members
};

/// The chain over JSON-RPC, with the runtime's own declarations for what storage holds.
class Chain {
public:
    static Result<std::unique_ptr<Chain>> connect(const std::string& node);
    ~Chain();

    /// The newest block's state. Pallets' storage items read from it; afterwards `failure` tells whether a read failed.
    const state::StateView& state() const;
    /// Nothing, or why the last reads cannot be trusted. Clears it.
    Result<void> failure();
    /// A read of the state as a Result.
    template <class Read>
    auto read(Read read) -> Result<decltype(read(state()))> {
        auto value = read(state());
        TRY_VOID(failure());
        return value;
    }

    Result<chain::Hash> genesis();
    /// Signs, submits, waits for a block; a failed call is a fault with the runtime's own words.
    Result<Done> submit(const crypto::SecretKey& key, const frame::Call& call);
    /// A runtime API with SCALE arguments and result.
    Result<chain::Bytes> runtime_call(const std::string& method, const chain::Bytes& arguments);

private:
    struct Impl;
    explicit Chain(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

/// The event E among those of an extrinsic.
template <class E>
std::optional<E> event_of(const Done& done) {
    using P = frame::PalletOf<E>;
    for (const auto& event : done.events) {
        if (event.size() < 2 || event[0] != P::index || event[1] != frame::index_in<E, typename P::Event>()) continue;
        if (auto decoded = scale::decode<E>(chain::ByteView{event}.subspan(2))) return *std::move(decoded);
    }
    return std::nullopt;
}

class Session {
public:
    Globals globals;
    Keystore keys{Keystore::usual_folder()};

    /// Connects when first asked.
    Result<Chain*> chain();
    Result<crypto::SecretKey> key(const std::string& name) const;

    /// Results go to standard output, progress to standard error (not with --quiet or --json).
    void print(const std::string& text) const;
    void progress(const std::string& text) const;

private:
    std::unique_ptr<Chain> chain_;
};

/// "0x… is no machine": a machine by address.
Result<crypto::AccountId> parse_account(const Session& session, const std::string& text);

}  // namespace cli
