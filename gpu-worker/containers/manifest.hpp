#pragma once
// OCI and Docker (v2, schema 2) manifests and configurations as plain records. Pure: bytes in, record or refusal out.

#include "gpu-worker/containers/crun_containers.hpp"
#include "gpu-worker/containers/job_plan.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace worker {

struct Blob {
    chain::Hash digest;
    std::uint64_t size = 0;
    std::string media_type;
    bool operator==(const Blob&) const = default;
};

struct Manifest {
    Blob config;
    std::vector<Blob> layers;
    bool operator==(const Manifest&) const = default;
};

/// For an index (a list of images for several platforms): the digest of its linux/amd64 image. Nothing where the bytes
/// are no index. BadImage where they are one without that platform.
Result<std::optional<chain::Hash>, Failure> platform_of_index(chain::ByteView bytes);

/// BadImage for what is no manifest, ImageTooLarge beyond the bounds.
Result<Manifest, Failure> parse_manifest(chain::ByteView bytes, const ImageBounds& bounds);

/// The configuration blob: refuses other platforms and a number of layers that differs from the manifest's.
Result<ImageConfig, Failure> parse_image_config(chain::ByteView bytes, std::size_t layers);

/// The same image as an OCI manifest, for the unpacker, which knows no Docker types.
std::string oci_manifest(const Manifest& manifest);

/// The index.json of a layout that holds this one manifest under the tag "image".
std::string layout_index(const chain::Hash& manifest, std::uint64_t size);

inline constexpr std::uint64_t manifest_bytes_max = 4U << 20;
inline constexpr std::uint64_t image_config_bytes_max = 4U << 20;

}  // namespace worker
