#pragma once
// A chain that somebody else finalized: blocks, and certificates for those that the test names.

#include "chain/sync/serve.hpp"
#include "chain/sync/window.hpp"

#include <functional>

namespace tests {

using chain::Bytes;
using chain::Hash;

inline crypto::Ed25519Key validator_key(std::uint8_t i) { return crypto::Ed25519Key::from_seed({i, 77}); }

/// Four validators of weight 1.
inline votes::ValidatorTable table() {
    std::vector<votes::Validator> out;
    for (std::uint8_t i = 0; i < 4; ++i) out.push_back({validator_key(i).public_key(), 1});
    return votes::ValidatorTable{std::move(out)};
}

class FinalChain : public block_sync::Source {
public:
    /// Epochs of `epoch_length` blocks (0: one for ever). Every epoch's last block and those that `is_certified` names
    /// have a certificate.
    explicit FinalChain(
        std::uint32_t length, std::uint32_t epoch_length = 0,
        std::function<bool(std::uint32_t)> is_certified = [](std::uint32_t) { return true; }, std::uint8_t flavour = 0)
        : epoch_length_(epoch_length), is_certified_(std::move(is_certified)) {
        blocks_.push_back({});
        for (std::uint32_t number = 1; number <= length; ++number) {
            chain::Block block{.header = {.parent_hash = chain::hash_of(blocks_.back().header), .number = {number}},
                               .extrinsics = {{flavour, static_cast<std::uint8_t>(number)}}};
            block.header.extrinsics_root = chain::extrinsics_root(block.extrinsics);
            blocks_.push_back(std::move(block));
        }
    }

    Hash hash(std::uint32_t number) const { return chain::hash_of(blocks_.at(number).header); }
    Hash genesis() const { return hash(0); }
    std::uint64_t epoch_of(std::uint32_t number) const { return epoch_length_ == 0 ? 0 : (number - 1) / epoch_length_; }
    std::uint32_t boundary_of(std::uint64_t epoch) const {
        return epoch_length_ == 0 ? ~std::uint32_t{0} : static_cast<std::uint32_t>(epoch + 1) * epoch_length_;
    }

    /// How a node stands that has this block as its last final one.
    block_sync::Local local(std::uint32_t number) const {
        const std::uint64_t epoch = epoch_of(number + 1);
        return {
            .number = number, .hash = hash(number), .epoch = epoch, .boundary = boundary_of(epoch), .table = table()};
    }

    votes::Certificate certify(std::uint32_t number, votes::Kind kind = votes::Kind::Finalize,
                               std::uint8_t signers = 3) const {
        const votes::Statement statement{kind, epoch_of(number), number, number - 1, hash(number)};
        std::vector<votes::Vote> made;
        for (std::uint8_t i = 0; i < signers; ++i)
            made.push_back(votes::sign(statement, genesis(), i, validator_key(i)));
        return votes::certify(std::move(made), table());
    }

    std::uint32_t finalized() const override { return static_cast<std::uint32_t>(blocks_.size() - 1); }
    std::optional<Bytes> block(std::uint32_t number) const override {
        if (number >= blocks_.size()) return std::nullopt;
        return scale::encode(blocks_[number]);
    }
    std::optional<chain::Header> header(std::uint32_t number) const override {
        return number < blocks_.size() ? std::optional{blocks_[number].header} : std::nullopt;
    }
    block_sync::Proof proof(std::uint32_t number) const { return {certify(number), *header(number)}; }
    Bytes certificate(std::uint32_t number) const override {
        const bool has_one = number == boundary_of(epoch_of(number)) || number == finalized() || is_certified_(number);
        return has_one ? scale::encode(certify(number)) : Bytes{};
    }

private:
    std::uint32_t epoch_length_;
    std::function<bool(std::uint32_t)> is_certified_;
    std::vector<chain::Block> blocks_;
};

}  // namespace tests
