#pragma once
// Rules small enough to see through: an extrinsic {sender, nonce, key, value} puts `value` under `key`; value 0xff
// makes it invalid while a block is built, value 0xfe fills the block. Extrinsic 0 of every block is its time.

#include "chain/codec/scale.hpp"
#include "chain/crypto/twox.hpp"
#include "chain/execution/executor.hpp"

namespace tests {

using chain::Bytes;
using chain::ByteView;
using chain::Hash;

inline crypto::AccountId account(std::uint8_t i) { return {{i}}; }

inline Bytes key_of(std::string_view pallet, std::string_view item) {
    Bytes key;
    chain::append(key, crypto::twox128(pallet));
    chain::append(key, crypto::twox128(item));
    return key;
}

inline Bytes account_key(std::uint8_t sender) {
    Bytes key = key_of("System", "Account");
    key.resize(key.size() + 16);
    chain::append(key, account(sender).value);
    return key;
}

inline Bytes value_key(std::uint8_t key) { return {'v', key}; }

inline Bytes toy(std::uint8_t sender, std::uint8_t nonce, std::uint8_t key, std::uint8_t value) {
    return {sender, nonce, key, value};
}

class ToyExecutor final : public chain::Executor {
public:
    static std::uint8_t nonce_in(const state::StateView& state, std::uint8_t sender) {
        const auto bytes = state.get(account_key(sender));
        return bytes ? bytes->front() : 0;
    }

    chain::Result<chain::CheckedTransaction, chain::ValidityError> check(const state::StateView& state, const Hash&,
                                                                         ByteView extrinsic,
                                                                         chain::TransactionSource) const override {
        if (extrinsic.size() != 4) return chain::invalid(chain::InvalidTransaction::Call);
        const std::uint8_t now = nonce_in(state, extrinsic[0]);
        if (extrinsic[1] < now) return chain::invalid(chain::InvalidTransaction::Stale);
        return chain::CheckedTransaction{.hash = chain::extrinsic_hash(extrinsic),
                                         .sender = account(extrinsic[0]),
                                         .is_signed = true,
                                         .nonce = extrinsic[1],
                                         .account_nonce = now,
                                         .length = 5,
                                         .priority = extrinsic[3],
                                         .longevity = ~std::uint64_t{0},
                                         .is_future = extrinsic[1] > now};
    }

    static chain::Result<void, chain::ValidityError> apply(state::Overlay& state, ByteView extrinsic) {
        if (extrinsic[1] != nonce_in(state, extrinsic[0])) return chain::invalid(chain::InvalidTransaction::Stale);
        if (extrinsic[3] == 0xff) return chain::invalid(chain::InvalidTransaction::Payment);
        if (extrinsic[3] == 0xfe) return chain::invalid(chain::InvalidTransaction::ExhaustsResources);
        state.put(account_key(extrinsic[0]), {static_cast<std::uint8_t>(extrinsic[1] + 1)});
        state.put(value_key(extrinsic[2]), {extrinsic[3]});
        return {};
    }

    static void set_time(state::Overlay& state, std::uint64_t time_ms) {
        state.put(key_of("Timestamp", "Now"), scale::encode(time_ms));
    }

    class Builder final : public chain::BlockBuilder {
    public:
        Builder(const state::StateView& parent, const chain::BlockStart& start) : state_(parent) {
            block_.header = {.parent_hash = start.parent_hash, .number = {start.number}, .digest = start.digest};
            block_.extrinsics.push_back(scale::encode(start.timestamp_ms));
            set_time(state_, start.timestamp_ms);
        }
        chain::Result<chain::DispatchOutcome, chain::ValidityError> apply(ByteView extrinsic) override {
            TRY_VOID(ToyExecutor::apply(state_, extrinsic));
            block_.extrinsics.push_back(chain::to_bytes(extrinsic));
            return chain::DispatchOutcome::Success;
        }
        bool has_room() const override { return block_.extrinsics.size() < 50; }
        chain::Built finish() override {
            block_.header.extrinsics_root = chain::extrinsics_root(block_.extrinsics);
            return {std::move(block_), state_.take()};
        }

    private:
        state::Overlay state_;
        chain::Block block_;
    };

    std::unique_ptr<chain::BlockBuilder> build(const state::StateView& parent,
                                               const chain::BlockStart& start) const override {
        return std::make_unique<Builder>(parent, start);
    }

    std::optional<std::uint64_t> timestamp_of(const chain::Block& block) const override {
        if (block.extrinsics.empty()) return std::nullopt;
        const auto time = scale::decode<std::uint64_t>(block.extrinsics[0]);
        return time ? std::optional{*time} : std::nullopt;
    }

    /// A transaction with value 0xfd counts as badly signed.
    chain::Result<void, std::string> check_block(const state::StateView&, const chain::Block& block,
                                                 const chain::ForEach& for_each) const override {
        ++checks;
        if (block.extrinsics.empty()) return std::unexpected{"no time"};
        std::vector<std::uint8_t> is_bad(block.extrinsics.size());
        for_each(block.extrinsics.size() - 1, [&](std::size_t i) {
            const Bytes& extrinsic = block.extrinsics[i + 1];
            is_bad[i] = extrinsic.size() != 4 || extrinsic[3] == 0xfd;
        });
        for (std::size_t i = 0; i < is_bad.size(); ++i)
            if (is_bad[i] != 0) return std::unexpected{"signature of extrinsic " + std::to_string(i + 1)};
        return {};
    }

    chain::Result<chain::Executed, std::string> execute(const state::StateView& parent,
                                                        const chain::Block& block) const override {
        ++executions;
        state::Overlay state{parent};
        if (block.extrinsics.empty()) return std::unexpected{"no time"};
        set_time(state, scale::decode<std::uint64_t>(block.extrinsics[0]).value_or(0));
        for (std::size_t i = 1; i < block.extrinsics.size(); ++i)
            if (!apply(state, block.extrinsics[i])) return std::unexpected{"extrinsic " + std::to_string(i)};
        return chain::Executed{state.take()};
    }

    chain::Result<Bytes, std::string> call(const state::StateView& state, std::string_view method,
                                           ByteView arguments) const override {
        if (method != "AccountNonceApi_account_nonce") return std::unexpected{"unknown"};
        return scale::encode(std::uint32_t{nonce_in(state, arguments[0])});
    }
    chain::RuntimeVersion version() const override { return {.spec_name = "toy"}; }
    Bytes metadata(std::uint32_t) const override { return {}; }

    mutable int executions = 0;
    mutable int checks = 0;
};

}  // namespace tests
