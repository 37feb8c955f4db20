#pragma once
// author_*: extrinsics on their way into a block, in the shapes of polkadot-sdk's client/rpc-api/src/author.
// Refusals carry Substrate's codes: 1010 invalid (the reason in `data`), 1011 unknown validity, 1012 banned, 1013
// already imported, 1014 priority too low, 1016 dropped at once; 1001 is bytes that are no extrinsic.

#include "rpc/schema/method.hpp"

namespace rpc {

/// A pooled transaction's status as clients read it: "ready" alone, or {"inBlock": hash}.
struct WatchStatus {
    std::string kind;
    std::optional<Hash> hash = std::nullopt;
    static Result<WatchStatus, std::string> from_json(const json::value& in);
    json::value to_json() const;
    static json::object schema();
    bool operator==(const WatchStatus&) const = default;
};

struct SubmitExtrinsic {
    static constexpr std::string_view name = "author_submitExtrinsic";
    static constexpr std::string_view doc =
        "Check an extrinsic (with its length prefix) and offer it to the network; its hash.";
    struct Params {
        HexBytes extrinsic;
    };
    using Result = Hash;
};

struct SubmitAndWatchExtrinsic {
    static constexpr std::string_view name = "author_submitAndWatchExtrinsic";
    static constexpr std::string_view doc =
        "Submit an extrinsic (with its length prefix) and follow it: ready or future, broadcast, inBlock, finalized; "
        "or retracted, usurped, dropped, invalid.";
    static constexpr std::string_view notification = "author_extrinsicUpdate";
    static constexpr std::string_view unsubscribe = "author_unwatchExtrinsic";
    struct Params {
        HexBytes extrinsic;
    };
    using Item = WatchStatus;
};

struct PendingExtrinsics {
    static constexpr std::string_view name = "author_pendingExtrinsics";
    static constexpr std::string_view doc = "The pool's extrinsics (with their length prefixes), ready ones first.";
    struct Params {};
    using Result = std::vector<HexBytes>;
};

using AuthorMethods = Methods<SubmitExtrinsic, SubmitAndWatchExtrinsic, PendingExtrinsics>;

}  // namespace rpc
