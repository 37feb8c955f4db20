#pragma once
// The only holder of the signing key. It refuses whatever could contradict an earlier signature, across crashes,
// restarts and restored backups; so a bug elsewhere can stop the chain, but cannot fork it.
//
// A vote may leave the process only after commit(): many votes share one write.

#include "consensus/safety/watermark_file.hpp"

namespace consensus::safety {

using votes::Vote;

class Signer {
public:
    /// Reads what was signed. Storage and key must outlive the signer. Fault: see WatermarkFile::load; an operator who
    /// knows that nothing was signed above `no_sign_until` may start with a damaged file.
    static Result<Signer> open(Storage& storage, const votes::Secret& key, const Hash& genesis,
                               std::optional<Mark> no_sign_until = std::nullopt);

    /// The vote of the validator with this index, or why it must not exist.
    chain::Result<Vote, Refusal> sign(const Statement& statement, std::uint32_t validator);
    /// What is signed may be sent once this has returned. Without news it touches nothing.
    Result<void> commit();
    /// Whether commit() has something to write.
    bool is_changed() const { return is_changed_; }
    /// Writes both slots anew: a damaged one must not be there when the next damage comes.
    Result<void> repair();
    /// Whether a slot was damaged when the file was read, or an operator's word stands for it.
    bool needs_repair() const { return needs_repair_; }

    /// The statement was signed before: the journal says so, or somebody who has our signature.
    void note(const Statement& statement);
    /// Signs nothing new up to this view.
    void silence(const Mark& until);

    const Watermark& watermark() const { return watermark_; }
    crypto::Ed25519Public public_key() const { return key_->public_key(); }
    /// Whether the folder had no record of this key: a new validator, or one that lost its memory.
    bool is_new() const { return is_new_; }

private:
    Signer(Storage& storage, const votes::Secret& key, const Hash& genesis)
        : file_(storage), key_(&key), genesis_(genesis) {}

    WatermarkFile file_;
    const votes::Secret* key_;
    Hash genesis_;
    Watermark watermark_;
    bool is_new_ = true;
    bool is_changed_ = false;
    bool needs_repair_ = false;
};

}  // namespace consensus::safety
