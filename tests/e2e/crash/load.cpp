#include "load.hpp"

#include "chain/crypto/dev_keys.hpp"

#include <chrono>

namespace tests {
namespace {

/// Balances.transfer_keep_alive(dest, 1 milli-TPH): pallet 2, call 3 (the table of constants is golden-tested).
chain::Bytes transfer_to(const crypto::AccountId& dest) {
    chain::Bytes call{2, 3};
    chain::append(call, dest.value);
    scale::encode_compact(chain::tph / 1'000, call);
    return call;
}

}  // namespace

crypto::AccountId Load::to_dorothy(std::uint64_t) { return crypto::dev_key("Dorothy")->account(); }

Load::Load(const std::string& url, Finals& finals, Recipient recipient) : recipient_(std::move(recipient)) {
    threads_.emplace_back([this, url, &finals] { watch(url, finals); });
    for (const std::string_view sender : {"Alith", "Baltathar", "Charleth"})
        threads_.emplace_back([this, url, sender] { send(url, sender); });
}

void Load::join() {
    is_stopping_ = true;
    for (auto& thread : threads_) thread.join();
    threads_.clear();
}

void Load::send(const std::string& url, std::string_view sender) {
    auto client = rpc::Client::connect(url);
    if (!client) return;
    rpc::ChainClient chain{**client};
    const auto key = crypto::dev_key(sender).value();
    auto nonce = chain.next_nonce(key.account());
    while (nonce && !is_stopping_ && (*client)->is_connected()) {
        const auto extrinsic = chain.sign(key, transfer_to(recipient_(*nonce)), {.nonce = *nonce, .period = 0});
        if (!extrinsic) return;
        if (chain.submit(*extrinsic)) {
            ++accepted_;
            ++*nonce;
            continue;
        }
        // The pool is full for this sender, or a block has just moved on: look again.
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
        nonce = chain.next_nonce(key.account());
    }
}

void Load::watch(const std::string& url, Finals& finals) {
    auto client = rpc::Client::connect(url);
    if (!client) return;
    rpc::ChainClient chain{**client};
    while (!is_stopping_ && (*client)->is_connected()) {
        const auto head = chain.finalized_head();
        const auto header = head ? chain.header(*head) : std::unexpected{head.error()};
        if (!header) return;
        const auto [at, is_new] = finals.emplace(static_cast<std::uint32_t>(header->number.value), *head);
        if (!is_new && at->second != *head) has_contradiction_ = true;
    }
}

}  // namespace tests
