#include "rpc/methods/storage_stream.hpp"

#include <mutex>

namespace rpc {

namespace {

class StorageStream {
public:
    StorageStream(ledger::Ledger& ledger, std::vector<Bytes> keys, Sink<StorageChanges> sink)
        : ledger_(ledger), keys_(std::move(keys)), sink_(std::move(sink)) {}

    // Guards the stream: the subscribing thread pushes the first values, the ledger's thread the others.
    std::mutex mutex;
    ledger::Subscription subscription;

    void begin() {
        last_ = ledger_.best();
        push_all();
    }

    void follow(const ledger::NewBlock& news) {
        if (!news.is_best || news.block == last_ || !sink_.open()) return;
        // Delivered late: the first values were already newer.
        if (news.block.number < first_number_ && !news.was_told) return;
        const bool continues = news.header.parent_hash == last_.hash && news.changes;
        last_ = news.block;
        if (!continues) return push_all();
        StorageChanges out{.block = news.block.hash};
        for (const Bytes& key : keys_)
            if (const auto change = news.changes->find(key); change != news.changes->end())
                out.changes.emplace_back(HexBytes{key}, hex(change->second));
        if (!out.changes.empty()) sink_.push(out);
    }

private:
    void push_all() {
        const auto state = ledger_.state_at(last_.hash);
        if (!state) return;  // pruned meanwhile: a newer best block is about to be told
        first_number_ = std::max(first_number_, last_.number);
        StorageChanges out{.block = last_.hash};
        for (const Bytes& key : keys_) out.changes.emplace_back(HexBytes{key}, hex(state->get(key)));
        sink_.push(out);
    }

    ledger::Ledger& ledger_;
    std::vector<Bytes> keys_;
    Sink<StorageChanges> sink_;
    ledger::BlockRef last_;
    std::uint32_t first_number_ = 0;
};

}  // namespace

Keep follow_storage(ledger::Ledger& ledger, std::vector<Bytes> keys, Sink<StorageChanges> sink) {
    auto stream = std::make_shared<StorageStream>(ledger, std::move(keys), std::move(sink));
    const std::scoped_lock lock{stream->mutex};
    // Weak: the subscription is part of the stream, and ends with it.
    stream->subscription = ledger.on_new_block([weak = std::weak_ptr{stream}](const ledger::NewBlock& news) {
        if (const auto alive = weak.lock()) {
            const std::scoped_lock order{alive->mutex};
            alive->follow(news);
        }
    });
    stream->begin();
    return stream;
}

}  // namespace rpc
