#include "rpc/methods/chain.hpp"

#include "chain/base/check.hpp"
#include "rpc/methods/views.hpp"

#include <mutex>

namespace rpc {

namespace {

/// A subscription to heads. The first one is pushed by the thread that subscribes, the others by the ledger's.
struct HeadStream {
    explicit HeadStream(Sink<HeaderView> to) : sink(std::move(to)) {}

    // Guards what follows: the first head must go out before later ones.
    std::mutex mutex;
    Sink<HeaderView> sink;
    /// Of the newest head that went out first; events of the time before are not news.
    std::uint32_t first_number = 0;
    ledger::BlockRef last;

    void begin(const ledger::BlockRef& block, const chain::Header& header) {
        first_number = block.number;
        last = block;
        sink.push(view(header));
    }
    /// `is_back`: finality led back to it, which may be behind the first one.
    void push(const ledger::BlockRef& block, const chain::Header& header, bool is_back = false) {
        if (block == last || (block.number < first_number && !is_back)) return;
        last = block;
        sink.push(view(header));
    }
};

/// Keeps the stream's state alive at least as long as its callback.
struct KeptStream {
    std::shared_ptr<HeadStream> stream;
    ledger::Subscription subscription;
};

}  // namespace

Answer<GetHeader::Result> Chain::answer(const GetHeader::Params& params) const {
    const auto header = ledger_.header(params.hash ? *params.hash : ledger_.best().hash);
    return header ? GetHeader::Result{view(*header)} : std::nullopt;
}

Answer<GetBlock::Result> Chain::answer(const GetBlock::Params& params) const {
    const auto block = ledger_.block(params.hash ? *params.hash : ledger_.best().hash);
    return block ? GetBlock::Result{view(*block)} : std::nullopt;
}

Answer<BlockHashes> Chain::answer(const GetBlockHash::Params& params) const {
    if (!params.number) return BlockHashes{{ledger_.best().hash}, false};
    BlockHashes out{.is_list = params.number->is_list};
    for (const std::uint32_t number : params.number->value) out.value.push_back(ledger_.hash_of(number));
    return out;
}

Answer<Hash> Chain::answer(const GetFinalizedHead::Params&) const { return ledger_.finalized().hash; }

Keep Chain::follow_heads(Which which, Sink<HeaderView> sink) const {
    auto kept = std::make_shared<KeptStream>();
    kept->stream = std::make_shared<HeadStream>(std::move(sink));
    const std::scoped_lock lock{kept->stream->mutex};
    kept->subscription = ledger_.on_new_block([stream = kept->stream, which](const ledger::NewBlock& news) {
        const std::scoped_lock order{stream->mutex};
        if (which == Which::All ? !news.was_told : news.is_best) stream->push(news.block, news.header, news.was_told);
    });
    const ledger::BlockRef best = ledger_.best();
    if (const auto header = ledger_.header(best.hash)) kept->stream->begin(best, *header);
    return kept;
}

Answer<Keep> Chain::follow(const SubscribeNewHeads::Params&, Sink<HeaderView> sink) const {
    return follow_heads(Which::Best, std::move(sink));
}

Answer<Keep> Chain::follow(const SubscribeAllHeads::Params&, Sink<HeaderView> sink) const {
    return follow_heads(Which::All, std::move(sink));
}

Answer<Keep> Chain::follow(const SubscribeFinalizedHeads::Params&, Sink<HeaderView> sink) const {
    auto kept = std::make_shared<KeptStream>();
    kept->stream = std::make_shared<HeadStream>(std::move(sink));
    const std::scoped_lock lock{kept->stream->mutex};
    kept->subscription =
        ledger_.on_finalized([stream = kept->stream, &ledger = ledger_](const ledger::FinalizedBlocks& news) {
            const std::scoped_lock order{stream->mutex};
            for (const ledger::BlockRef& block : news.finalized)
                if (const auto header = ledger.header(block.hash)) stream->push(block, *header);
        });
    const ledger::BlockRef finalized = ledger_.finalized();
    if (const auto header = ledger_.header(finalized.hash)) kept->stream->begin(finalized, *header);
    return kept;
}

}  // namespace rpc
