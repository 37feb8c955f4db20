#pragma once
// Which web pages and which names may reach the node: browsers send both headers, other clients need neither.

#include <span>
#include <string>
#include <string_view>

namespace rpc {

/// Whether a page of this Origin may call. Rules: "*", an exact origin, or an origin with ":*" for any port.
bool is_origin_allowed(std::string_view origin, std::span<const std::string> rules);

/// Whether a request may name the node so in its Host header: an IP address, "localhost", or a listed name, with or
/// without a port. IP addresses cannot be rebound.
bool is_host_allowed(std::string_view host, std::span<const std::string> names);

}  // namespace rpc
