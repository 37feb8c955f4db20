#include "gpu-worker/link/outbox.hpp"

#include <algorithm>

namespace worker {

using rpc::worker_api::Finalized;
using rpc::worker_api::Submitted;
using rpc::worker_api::Welcome;

namespace {

/// 1010 and 1011 are the runtime's verdict on the call; the other codes are the pool's state of the moment.
bool is_final(std::int32_t code) { return code == 1010 || code == 1011; }

}  // namespace

void Outbox::want(std::string key, chain::Bytes call) {
    if (std::ranges::any_of(calls_, [&](const Call& other) { return other.key == key; })) return;
    if (calls_.size() >= calls_max) return;  // the lease asks again after a while
    calls_.push_back({.key = std::move(key), .bytes = std::move(call)});
}

void Outbox::withdraw(const std::string& key) {
    std::erase_if(calls_, [&](const Call& call) { return call.key == key && !call.sent; });
}

void Outbox::connected(const Welcome& welcome) {
    line_ = welcome;
    next_nonce_ = welcome.next_nonce;
    unanswered_ = false;
    for (Call& call : calls_) {
        // The pool counts up to next_nonce: a call beyond it is not there. One below it that was never answered may be
        // there or may have been replaced; its era decides.
        if (call.sent && call.sent->nonce >= next_nonce_) call.sent.reset();
    }
}

void Outbox::disconnected() {
    line_.reset();
    unanswered_ = false;
}

std::vector<Settled> Outbox::finalized(const Finalized& block) {
    tip_ = Tip{.number = block.number, .hash = block.hash};
    std::vector<Settled> out;
    std::erase_if(calls_, [&](Call& call) {
        call.waits_for_block = false;
        if (!call.sent) return false;
        const auto fate =
            std::ranges::find_if(block.fates, [&](const auto& f) { return call.sent->accepted == f.extrinsic_hash; });
        if (fate != block.fates.end()) {
            out.push_back({.key = call.key, .success = fate->success, .error = fate->error});
            return true;
        }
        if (block.number >= call.sent->death) call.sent.reset();
        return false;
    });
    return out;
}

std::optional<Settled> Outbox::answered(const Submitted& answer) {
    const auto call = std::ranges::find_if(
        calls_, [&](const Call& c) { return c.sent && !c.sent->accepted && c.sent->id == answer.id; });
    if (call == calls_.end()) return std::nullopt;  // of an earlier line
    unanswered_ = false;
    next_nonce_ = answer.next_nonce;
    if (answer.extrinsic_hash) {
        call->sent->accepted = answer.extrinsic_hash;
        return std::nullopt;
    }
    const bool wrong_nonce = call->sent->nonce != answer.next_nonce;
    call->sent.reset();
    if (wrong_nonce && ++call->attempts < attempts_max) return std::nullopt;
    if (!is_final(answer.code)) {
        call->waits_for_block = true;
        return std::nullopt;
    }
    Settled out{.key = call->key, .success = false, .error = answer.refusal};
    calls_.erase(call);
    return out;
}

std::optional<Submission> Outbox::next() {
    if (!line_ || !tip_ || unanswered_) return std::nullopt;
    const auto call = std::ranges::find_if(calls_, [](const Call& c) { return !c.sent && !c.waits_for_block; });
    if (call == calls_.end()) return std::nullopt;
    const chain::Era era = chain::Era::mortal(era_blocks, tip_->number);
    const chain::Extra extra{.era = era, .nonce = {next_nonce_}};
    const chain::SigningContext context{.spec_version = line_->spec_version,
                                        .transaction_version = line_->transaction_version,
                                        .genesis = line_->genesis,
                                        .birth_block = tip_->hash};
    call->sent = Sent{.id = next_id_++, .nonce = next_nonce_, .death = era.death(tip_->number)};
    unanswered_ = true;
    return Submission{.id = call->sent->id, .extrinsic = chain::sign_extrinsic(key_, call->bytes, extra, context)};
}

}  // namespace worker
