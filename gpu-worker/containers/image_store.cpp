#include "gpu-worker/containers/image_store.hpp"

#include "chain/base/log.hpp"
#include "chain/clock/clock.hpp"
#include "chain/codec/scale.hpp"
#include "chain/files/whole_file.hpp"
#include "gpu-worker/containers/digest.hpp"
#include "gpu-worker/containers/files.hpp"
#include "gpu-worker/containers/process.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

namespace worker {
namespace {

namespace fs = std::filesystem;
constexpr chain::log::Channel image_log{"images"};

constexpr std::uint64_t transfer_timeout_ms = 30ULL * 60 * 1'000;
constexpr std::uint64_t host_reserve_bytes = 512ULL << 20;  // never filled by images

/// What a source's program says is for the provider's log; the renter gets our sentence.
Failure source_failure(const std::string& error, const ImageReference& reference) {
    image_log.warn("{}: {}", to_string(reference), error);
    const auto says = [&](const char* words) { return error.find(words) != std::string::npos; };
    if (says("did not match") || says("does not match") || says("mismatch"))
        return {Reason::ImageDigestMismatch, "a part of " + to_string(reference) + " does not match its digest"};
    if (says("manifest unknown") || says("status code 404") || says("name unknown") || says("blob unknown"))
        return {Reason::ImageNotFound, "the source \"" + reference.source + "\" holds no " + to_string(reference)};
    if (says("file too large")) return {Reason::ImageTooLarge, "the source sends more than the image's manifest says"};
    return {Reason::SourceUnreachable, "the source \"" + reference.source + "\" does not answer"};
}

std::string docker_name(const ImageSource& source, const ImageReference& reference, const chain::Hash& digest) {
    return "docker://" + source.place + "/" + reference.repository + "@" + oci_digest(digest);
}

std::string tls(const ImageSource& source, const char* option) {
    return std::string{option} + (source.kind == ImageSource::Kind::PlainRegistry ? "=false" : "=true");
}

fs::path blob_path(const fs::path& layout, const chain::Hash& digest) {
    return layout / "blobs/sha256" / hex_name(digest);
}

std::vector<Blob> blobs_of(const Manifest& manifest) {
    auto blobs = manifest.layers;
    blobs.push_back(manifest.config);
    return blobs;
}

/// Every blob as it now lies on our disk, whoever brought it there and whatever that one checked.
Result<void, Failure> verify_blobs(const Manifest& manifest, const fs::path& layout) {
    for (const auto& blob : blobs_of(manifest)) {
        const auto path = blob_path(layout, blob.digest);
        std::error_code missing;
        if (fs::file_size(path, missing) != blob.size || missing)
            return refuse(Reason::ImageDigestMismatch, "the part " + oci_digest(blob.digest) + " has another size");
        const auto hash = sha256_of_file(path);
        if (!hash) return refuse(Reason::HostFault, "a downloaded part cannot be read");
        if (*hash != blob.digest)
            return refuse(Reason::ImageDigestMismatch,
                          "the part " + oci_digest(blob.digest) + " hashes to " + oci_digest(*hash));
    }
    return {};
}

Result<void> write_layout(const Manifest& manifest, const fs::path& layout) {
    const auto text = oci_manifest(manifest);
    const auto digest = sha256_of(chain::to_bytes(text));
    TRY_VOID(chain::write_whole(blob_path(layout, digest), text, chain::Readers::Everybody));
    TRY_VOID(chain::write_whole(layout / "index.json", layout_index(digest, text.size()), chain::Readers::Everybody));
    TRY_VOID(chain::write_whole(layout / "oci-layout", R"({"imageLayoutVersion":"1.0.0"})", chain::Readers::Everybody));
    return {};
}

std::uint64_t disk_use(const fs::path& file) {
    struct stat info{};
    return ::stat(file.c_str(), &info) == 0 ? static_cast<std::uint64_t>(info.st_blocks) * 512 : 0;
}

}  // namespace

Result<std::unique_ptr<ImageStore>> ImageStore::open(const CrunConfig& config,
                                                     std::vector<std::string> helper_command) {
    std::unique_ptr<ImageStore> store{new ImageStore};
    store->folder_ = config.root / "images";
    store->bounds_ = config.images;
    store->helper_command_ = std::move(helper_command);
    for (const auto& [name, text] : config.sources) {
        TRY(auto source, parse_image_source(text));
        store->sources_.emplace(name, std::move(source));
    }
    std::error_code failed;
    fs::create_directories(store->folder_, failed);
    if (failed) return chain::fault(store->folder_.string() + ": " + failed.message());
    // Half-made images of a process that died.
    for (const auto& entry : fs::directory_iterator{store->folder_, failed})
        if (entry.path().filename().string().starts_with(".")) fs::remove_all(entry.path(), failed);
    return store;
}

Result<Image, Failure> ImageStore::ensure(const ImageReference& reference) {
    const auto source = sources_.find(reference.source);
    if (source == sources_.end())
        return refuse(Reason::UnknownSource, "this provider has no image source \"" + reference.source + "\"");
    std::shared_ptr<std::mutex> mine;
    {
        const std::lock_guard lock{mutex_};
        auto& slot = in_flight_[reference.digest];
        if (!slot) slot = std::make_shared<std::mutex>();
        mine = slot;
    }
    const std::lock_guard one_download{*mine};
    if (auto image = cached(reference.digest)) return std::move(*image);
    auto fetched = fetch(reference, source->second);
    if (fetched) evict(reference.digest);
    return fetched;
}

std::optional<Image> ImageStore::cached(const chain::Hash& digest) const {
    const auto folder = folder_ / hex_name(digest);
    const auto bytes = read_file(folder / "config");
    if (!bytes) return std::nullopt;
    auto config = scale::decode<ImageConfig>(*bytes);
    if (!config) return std::nullopt;
    // The folder's time says when the image was last used.
    std::error_code none;
    fs::last_write_time(folder, fs::file_time_type::clock::now(), none);
    return Image{.file = folder / "image.ext4", .config = std::move(*config)};
}

Result<chain::Bytes, Failure> ImageStore::manifest_bytes(const ImageSource& source, const ImageReference& reference,
                                                         const chain::Hash& digest) const {
    chain::Bytes bytes;
    if (source.kind == ImageSource::Kind::Layout) {
        std::error_code missing;
        if (!fs::exists(source.place + "/oci-layout", missing))
            return refuse(Reason::SourceUnreachable, "the source \"" + reference.source + "\" is not an OCI layout");
        auto read = read_file(blob_path(source.place, digest), manifest_bytes_max);
        if (!read)
            return std::unexpected{Failure{Reason::ImageNotFound,
                                           "the source \"" + reference.source + "\" holds no " + to_string(reference)}};
        bytes = std::move(*read);
    } else {
        auto output =
            run_ok({.argv = {"skopeo", "--insecure-policy", "--command-timeout", "60s", "inspect", "--raw",
                             "--no-creds", tls(source, "--tls-verify"), docker_name(source, reference, digest)},
                    .timeout_ms = 90'000,
                    .output_bytes_max = manifest_bytes_max});
        if (!output) return std::unexpected{source_failure(output.error().text, reference)};
        bytes = chain::to_bytes(*output);
    }
    if (const auto hash = sha256_of(bytes); hash != digest)
        return refuse(Reason::ImageDigestMismatch, "the manifest hashes to " + oci_digest(hash));
    return bytes;
}

Result<void, Failure> ImageStore::download(const ImageSource& source, const ImageReference& reference,
                                           const chain::Hash& manifest_digest, const Manifest& manifest,
                                           const fs::path& layout) const {
    std::error_code failed;
    fs::create_directories(layout / "blobs/sha256", failed);
    if (source.kind == ImageSource::Kind::Layout) {
        for (const auto& blob : blobs_of(manifest)) {
            const auto from = blob_path(source.place, blob.digest);
            if (fs::file_size(from, failed) != blob.size || failed)
                return refuse(Reason::ImageDigestMismatch,
                              "the part " + oci_digest(blob.digest) + " is missing or has another size");
            fs::copy_file(from, blob_path(layout, blob.digest), fs::copy_options::overwrite_existing, failed);
            if (failed) return refuse(Reason::HostFault, "a part of the image cannot be copied: " + failed.message());
        }
    } else {
        const auto folder = layout.parent_path() / "download";
        auto done = run_ok({.argv = {"skopeo", "--insecure-policy", "copy", "--src-no-creds", "--preserve-digests",
                                     tls(source, "--src-tls-verify"), docker_name(source, reference, manifest_digest),
                                     "dir:" + folder.string()},
                            .timeout_ms = transfer_timeout_ms,
                            .file_bytes_max = bounds_.compressed_bytes_max});
        if (!done) return std::unexpected{source_failure(done.error().text, reference)};
        for (const auto& blob : blobs_of(manifest)) {
            const auto to = blob_path(layout, blob.digest);
            if (!fs::exists(to, failed)) fs::rename(folder / hex_name(blob.digest), to, failed);
            if (failed)
                return refuse(Reason::ImageDigestMismatch, "the part " + oci_digest(blob.digest) + " did not come");
        }
    }
    return verify_blobs(manifest, layout);
}

Result<void, Failure> ImageStore::unpack(const fs::path& layout, const fs::path& image_file) const {
    std::error_code failed;
    const auto space = fs::space(image_file.parent_path(), failed).available;
    if (failed || space < 2 * host_reserve_bytes)
        return refuse(Reason::NoRoom, "the machine has no disk left for images");
    const auto bytes_max = std::min<std::uint64_t>(bounds_.unpacked_bytes_max, space - host_reserve_bytes);
    Command command{.argv = helper_command_, .timeout_ms = transfer_timeout_ms};
    command.argv.insert(command.argv.end(), {"unpack", layout.parent_path().string(), std::to_string(bytes_max),
                                             std::to_string(bounds_.files_max)});
    const auto output = run(command);
    if (!output) return refuse(Reason::HostFault, "the image could not be unpacked: " + output.error().text);
    if (output->code == static_cast<int>(UnpackCode::Ok)) return {};
    image_log.warn("unpack: {}", output->error);
    switch (static_cast<UnpackCode>(output->code)) {
        case UnpackCode::TooLarge:
            return refuse(Reason::ImageTooLarge, "the image unpacks to more than " + std::to_string(bytes_max) +
                                                     " bytes or " + std::to_string(bounds_.files_max) + " files");
        case UnpackCode::BadImage:
            return refuse(Reason::BadImage, "a layer is broken, or holds what no image may hold");
        default: return refuse(Reason::HostFault, "this machine could not unpack the image");
    }
}

Result<Image, Failure> ImageStore::fetch(const ImageReference& reference, const ImageSource& source) {
    const auto started_ms = chain::unix_ms();
    auto digest = reference.digest;
    TRY(auto bytes, manifest_bytes(source, reference, digest));
    TRY(const auto variant, platform_of_index(bytes));
    if (variant) {
        digest = *variant;
        TRY(bytes, manifest_bytes(source, reference, digest));
    }
    TRY(const auto manifest, parse_manifest(bytes, bounds_));

    const auto work = folder_ / ("." + hex_name(reference.digest));
    std::error_code failed;
    fs::remove_all(work, failed);
    fs::create_directories(work / "mount", failed);
    const auto layout = work / "layout";
    const auto finish = [&]() -> Result<Image, Failure> {
        TRY_VOID(download(source, reference, digest, manifest, layout));
        const auto config_bytes = read_file(blob_path(layout, manifest.config.digest), image_config_bytes_max);
        if (!config_bytes) return refuse(Reason::HostFault, "the image's configuration cannot be read");
        TRY(const auto config, parse_image_config(*config_bytes, manifest.layers.size()));
        if (auto done = write_layout(manifest, layout); !done) return refuse(Reason::HostFault, done.error().text);
        TRY_VOID(unpack(layout, work / "image.ext4"));
        const auto done = chain::write_whole(work / "config", scale::encode(config), chain::Readers::Owner);
        if (!done) return refuse(Reason::HostFault, done.error().text);
        fs::remove_all(layout, failed);
        fs::remove_all(work / "download", failed);
        fs::remove_all(work / "mount", failed);
        fs::remove_all(folder_ / hex_name(reference.digest), failed);
        fs::rename(work, folder_ / hex_name(reference.digest), failed);
        if (failed) return refuse(Reason::HostFault, "the image cannot be kept: " + failed.message());
        return Image{.file = folder_ / hex_name(reference.digest) / "image.ext4", .config = config};
    };
    auto image = finish();
    fs::remove_all(work, failed);
    if (image)
        image_log.info("unpacked {} in {} ms, {} MiB on disk", to_string(reference), chain::unix_ms() - started_ms,
                       disk_use(image->file) >> 20);
    return image;
}

void ImageStore::evict(const chain::Hash& but) const {
    struct Kept {
        fs::file_time_type used;
        std::uint64_t bytes;
        fs::path folder;
    };
    std::vector<Kept> kept;
    std::uint64_t total = 0;
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator{folder_, failed}) {
        if (entry.path().filename().string().starts_with(".")) continue;
        kept.push_back({entry.last_write_time(failed), disk_use(entry.path() / "image.ext4"), entry.path()});
        total += kept.back().bytes;
    }
    std::ranges::sort(kept, {}, &Kept::used);
    for (const auto& image : kept) {
        if (total <= bounds_.cache_bytes_max) return;
        if (image.folder.filename() == hex_name(but)) continue;
        // Running jobs keep the file's content alive through their mounts.
        fs::remove_all(image.folder, failed);
        total -= image.bytes;
        image_log.info("evicted {}", image.folder.filename().string());
    }
}

}  // namespace worker
