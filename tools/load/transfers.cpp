#include "tools/load/transfers.hpp"

#include "chain/base/check.hpp"
#include "chain/base/numbers.hpp"
#include "chain/block/block.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace load {
namespace {

/// Balances.transfer_keep_alive(dest, 1 milli-TPH).
chain::Bytes transfer_to(const crypto::AccountId& dest) {
    chain::Bytes call{2, 3};
    chain::append(call, dest.value);
    scale::encode_compact(chain::tph / 1'000, call);
    return call;
}

}  // namespace

std::uint64_t short_id(const chain::Hash& hash) {
    std::uint64_t id = 0;
    std::memcpy(&id, hash.value.data(), sizeof id);
    return id;
}

Transfers::Transfers(std::vector<Sender> senders, chain::SigningContext context, Recipient recipient)
    : senders_(std::move(senders)), context_(context), recipient_(std::move(recipient)) {}

Transfers::~Transfers() {
    {
        const std::lock_guard lock{mutex_};
        is_stopping_ = true;
    }
    taken_.notify_all();
    if (thread_.joinable()) thread_.join();
}

Transfer Transfers::next() {
    Sender& sender = senders_[made_ % senders_.size()];
    auto call = transfer_to(recipient_(made_));
    ++made_;
    const chain::Extra extra{.era = {}, .nonce = {sender.nonce++}, .tip = {0}};
    const auto digest = crypto::ethereum_message_digest(chain::signing_payload(call, extra, context_));
    const auto extrinsic = chain::encode_extrinsic(
        {.signed_part = chain::SignedPart{sender.account, sender.key.sign(digest), extra}, .call = std::move(call)});
    const auto bytes = chain::with_length_prefix(extrinsic);
    Transfer out;
    chain::check(bytes.size() <= out.bytes.size());
    std::ranges::copy(bytes, out.bytes.begin());
    out.size = static_cast<std::uint8_t>(bytes.size());
    out.id = short_id(chain::extrinsic_hash(extrinsic));
    return out;
}

void Transfers::sign_before(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) ready_.push_back(next());
}

void Transfers::start() {
    thread_ = std::thread{[this] { run(); }};
}

void Transfers::run() {
    std::unique_lock lock{mutex_};
    for (;;) {
        taken_.wait(lock, [&] { return is_stopping_ || ready_.size() < ahead_max; });
        if (is_stopping_) return;
        lock.unlock();
        std::vector<Transfer> some;
        for (int i = 0; i < 50; ++i) some.push_back(next());
        lock.lock();
        ready_.insert(ready_.end(), some.begin(), some.end());
    }
}

std::vector<Transfer> Transfers::take(std::size_t count) {
    std::vector<Transfer> out;
    {
        const std::lock_guard lock{mutex_};
        const auto end = ready_.begin() + static_cast<std::ptrdiff_t>(std::min(count, ready_.size()));
        out.assign(ready_.begin(), end);
        ready_.erase(ready_.begin(), end);
    }
    taken_.notify_one();
    return out;
}

}  // namespace load
