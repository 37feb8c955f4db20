#include "rpc/methods/author.hpp"

#include "chain/block/block.hpp"
#include "chain/block/extrinsic.hpp"
#include "rpc/methods/views.hpp"

#include <fmt/format.h>

#include <mutex>

namespace rpc {

namespace {

Error error_of(const ledger::SubmitError& refusal) {
    Error out{static_cast<std::int32_t>(refusal.code), refusal.message};
    if (refusal.data) out.data = json::value(*refusal.data);
    return out;
}

/// The bytes without their length prefix, if they are an extrinsic at all.
Answer<Bytes> unwrap(const HexBytes& extrinsic) {
    const auto refuse = [](chain::ExtrinsicError why) {
        return std::unexpected{
            Error{code::author_bad_format, fmt::format("Extrinsic has invalid format: {}", chain::text(why))}};
    };
    auto bytes = chain::without_length_prefix(extrinsic.value);
    if (!bytes) return refuse(bytes.error());
    if (const auto decoded = chain::decode_extrinsic(*bytes); !decoded) return refuse(decoded.error());
    return *std::move(bytes);
}

/// Holds statuses back until the pool has taken the extrinsic: a refused one has an error and no statuses.
class Watch {
public:
    explicit Watch(Sink<WatchStatus> sink) : sink_(std::move(sink)) {}

    void push(const ledger::TransactionStatus& status) {
        const std::scoped_lock lock{mutex_};
        if (is_open_) send(status);
        else waiting_.push_back(status);
    }

    void open() {
        const std::scoped_lock lock{mutex_};
        is_open_ = true;
        for (const ledger::TransactionStatus& status : waiting_) send(status);
        waiting_.clear();
    }

private:
    void send(const ledger::TransactionStatus& status) {
        sink_.push(view(status));
        if (ledger::is_last(status)) sink_.finish();
    }

    // Guards all below: statuses come from the ledger's thread, the opening from the one that submits.
    std::mutex mutex_;
    Sink<WatchStatus> sink_;
    bool is_open_ = false;
    std::vector<ledger::TransactionStatus> waiting_;
};

}  // namespace

Answer<Hash> Author::answer(const SubmitExtrinsic::Params& params) const {
    TRY(Bytes extrinsic, unwrap(params.extrinsic));
    auto hash = ledger_.submit(std::move(extrinsic), chain::TransactionSource::Local);
    if (!hash) return std::unexpected{error_of(hash.error())};
    return *hash;
}

Answer<PendingExtrinsics::Result> Author::answer(const PendingExtrinsics::Params&) const {
    std::vector<HexBytes> out;
    for (const Bytes& extrinsic : ledger_.pending()) out.push_back({chain::with_length_prefix(extrinsic)});
    return out;
}

Answer<Keep> Author::follow(const SubmitAndWatchExtrinsic::Params& params, Sink<WatchStatus> sink) const {
    TRY(Bytes extrinsic, unwrap(params.extrinsic));
    const auto watch = std::make_shared<Watch>(std::move(sink));
    // Watching begins before the pool knows the extrinsic, so that no status is missed.
    auto subscription = ledger_.on_transaction(
        chain::extrinsic_hash(extrinsic), [watch](const ledger::TransactionStatus& status) { watch->push(status); });
    const auto hash = ledger_.submit(std::move(extrinsic), chain::TransactionSource::Local);
    if (!hash) return std::unexpected{error_of(hash.error())};
    watch->open();
    return std::make_shared<ledger::Subscription>(std::move(subscription));
}

}  // namespace rpc
