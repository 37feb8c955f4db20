#pragma once
// How container images are named: what the chain takes in a lease and what a worker reads are one grammar, since a
// lease of a name that no worker reads could not start.

#include <string_view>

namespace chain {

/// Where an image comes from: host, host:port, or the name of a source that the provider's configuration knows.
bool is_image_source(std::string_view text);

/// The path at that source: components between single slashes, each as the OCI distribution specification has it (words
/// of a-z and 0-9 with . _ - between them). No tag: tags change.
bool is_image_path(std::string_view text);

}  // namespace chain
