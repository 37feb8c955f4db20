#pragma once
// Methods about the methods. Their bodies are in MethodTable itself.

#include "rpc/schema/method.hpp"

namespace rpc {

struct RpcMethods {
    static constexpr std::string_view name = "rpc_methods";
    static constexpr std::string_view doc = "Every name that this node answers. Clients choose their ways by it.";
    struct Params {};
    struct Result {
        std::vector<std::string> methods;
    };
};

struct Discover {
    static constexpr std::string_view name = "rpc.discover";
    static constexpr std::string_view doc = "This interface as an OpenRPC document.";
    struct Params {};
    using Result = Any;
};

using RpcOwnMethods = Methods<RpcMethods, Discover>;

}  // namespace rpc
