#pragma once
// How a renter names an image: source/repository@sha256:digest. The digest is the only integrity check there is, so a
// name without one (a tag) is refused.

#include "chain/base/bytes.hpp"
#include "gpu-worker/containers/containers.hpp"

#include <map>
#include <string>
#include <string_view>

namespace worker {

struct ImageReference {
    std::string source;      // a name of the provider's configuration
    std::string repository;  // "team/tool"
    chain::Hash digest;      // sha256 of the manifest's exact bytes
    bool operator==(const ImageReference&) const = default;
};

/// BadReference where a part is missing, too long, or has a character that OCI does not allow.
Result<ImageReference, Failure> parse_image_reference(std::string_view text);

std::string to_string(const ImageReference& reference);

/// Where a source's images are.
struct ImageSource {
    enum class Kind : std::uint8_t { Registry, PlainRegistry /* http, no TLS */, Layout };
    Kind kind = Kind::Registry;
    std::string place;  // "host:port[/prefix]", or the layout's folder
    bool operator==(const ImageSource&) const = default;
};

/// Reads a provider's configuration value: "https://…", "http://…", or an absolute folder. Fault: anything else.
Result<ImageSource> parse_image_source(std::string_view text);

}  // namespace worker
