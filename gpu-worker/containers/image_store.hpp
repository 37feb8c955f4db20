#pragma once
// Images by digest: fetched from the provider's sources, verified byte by byte, unpacked once by an unprivileged
// process into a file system of its own (one file on the host), and kept until the cache is full.

#include "gpu-worker/containers/crun_containers.hpp"
#include "gpu-worker/containers/image_reference.hpp"
#include "gpu-worker/containers/job_plan.hpp"
#include "gpu-worker/containers/manifest.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace worker {

struct Image {
    std::filesystem::path file;  // ext4; the root file system is its folder "rootfs"
    ImageConfig config;
};

/// In an unpacked image the ids 0 to 65,535 of its archive are stored from here on: no id of the host.
inline constexpr std::uint32_t first_image_id = 1'879'048'192U - 65'536U;

class ImageStore {
public:
    /// Fault: a source of the configuration cannot be read, or the folder cannot be made.
    static Result<std::unique_ptr<ImageStore>> open(const CrunConfig& config, std::vector<std::string> helper_command);

    /// The unpacked image, from the cache or from its source. Two callers of one digest wait for one download.
    Result<Image, Failure> ensure(const ImageReference& reference);

private:
    ImageStore() = default;

    Result<Image, Failure> fetch(const ImageReference& reference, const ImageSource& source);
    Result<chain::Bytes, Failure> manifest_bytes(const ImageSource&, const ImageReference&, const chain::Hash&) const;
    Result<void, Failure> download(const ImageSource&, const ImageReference&, const chain::Hash& manifest_digest,
                                   const Manifest&, const std::filesystem::path& layout) const;
    Result<void, Failure> unpack(const std::filesystem::path& layout, const std::filesystem::path& image_file) const;
    std::optional<Image> cached(const chain::Hash& digest) const;
    void evict(const chain::Hash& but) const;

    std::filesystem::path folder_;
    std::map<std::string, ImageSource> sources_;
    ImageBounds bounds_;
    std::vector<std::string> helper_command_;
    std::mutex mutex_;  // guards in_flight_: many threads ask for images, and no strand could wait for a download
    std::map<chain::Hash, std::shared_ptr<std::mutex>> in_flight_;
};

/// The helper's `unpack` mode (see shim_main): runs in a process of its own, gives up the host's mounts, network and
/// user range, and lets umoci loose there. Exit codes below.
int unpack_main(const std::filesystem::path& work_folder, std::uint64_t bytes_max, std::uint64_t files_max);

enum class UnpackCode : int { Ok = 0, TooLarge = 3, BadImage = 4, HostFault = 5 };

}  // namespace worker
