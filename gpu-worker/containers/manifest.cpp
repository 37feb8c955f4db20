#include "gpu-worker/containers/manifest.hpp"

#include "gpu-worker/containers/digest.hpp"

#include <boost/json.hpp>

namespace worker {
namespace {

namespace json = boost::json;

std::unexpected<Failure> bad_image(std::string text) {
    return std::unexpected{Failure{Reason::BadImage, std::move(text)}};
}

Result<json::object, Failure> object_in(chain::ByteView bytes, const char* what) {
    json::error_code failed;
    json::parse_options options;
    options.max_depth = 16;
    auto value = json::parse(chain::as_text(bytes), failed, {}, options);
    if (failed || !value.is_object()) return bad_image(std::string{"the "} + what + " is not a JSON object");
    return std::move(value.as_object());
}

std::string text_in(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string{value->as_string()} : std::string{};
}

const json::array& array_in(const json::object& object, std::string_view key) {
    static const json::array none;
    const auto* value = object.if_contains(key);
    return value != nullptr && value->is_array() ? value->as_array() : none;
}

const json::object& child_of(const json::object& object, std::string_view key) {
    static const json::object none;
    const auto* value = object.if_contains(key);
    return value != nullptr && value->is_object() ? value->as_object() : none;
}

std::vector<std::string> texts_in(const json::object& object, std::string_view key) {
    std::vector<std::string> texts;
    for (const auto& value : array_in(object, key))
        if (value.is_string()) texts.emplace_back(value.as_string());
    return texts;
}

Result<Blob, Failure> blob_in(const json::value& value) {
    if (!value.is_object()) return bad_image("the manifest has an entry that is not an object");
    const auto& object = value.as_object();
    const auto digest = parse_oci_digest(text_in(object, "digest"));
    const auto* size = object.if_contains("size");
    json::error_code failed;
    if (!digest || size == nullptr) return bad_image("the manifest has an entry without a sha256 digest or a size");
    const auto bytes = size->to_number<std::uint64_t>(failed);
    if (failed) return bad_image("the manifest has an entry whose size is not a number");
    return Blob{.digest = *digest, .size = bytes, .media_type = text_in(object, "mediaType")};
}

/// The OCI name of a layer's packing; empty where it is foreign, encrypted or unknown.
std::string_view oci_layer_type(std::string_view type) {
    if (type == "application/vnd.oci.image.layer.v1.tar") return "application/vnd.oci.image.layer.v1.tar";
    if (type == "application/vnd.oci.image.layer.v1.tar+gzip" ||
        type == "application/vnd.docker.image.rootfs.diff.tar.gzip")
        return "application/vnd.oci.image.layer.v1.tar+gzip";
    return {};
}

json::object descriptor(const Blob& blob, std::string_view type) {
    return {{"mediaType", type}, {"digest", oci_digest(blob.digest)}, {"size", blob.size}};
}

}  // namespace

Result<std::optional<chain::Hash>, Failure> platform_of_index(chain::ByteView bytes) {
    TRY(const auto index, object_in(bytes, "manifest"));
    if (!index.contains("manifests")) return std::optional<chain::Hash>{};
    for (const auto& entry : array_in(index, "manifests")) {
        TRY(const auto blob, blob_in(entry));
        const auto& platform = child_of(entry.as_object(), "platform");
        if (text_in(platform, "os") == "linux" && text_in(platform, "architecture") == "amd64")
            return std::optional{blob.digest};
    }
    return bad_image("the image has no variant for linux/amd64");
}

Result<Manifest, Failure> parse_manifest(chain::ByteView bytes, const ImageBounds& bounds) {
    TRY(const auto object, object_in(bytes, "manifest"));
    const auto* config = object.if_contains("config");
    const auto& layers = array_in(object, "layers");
    if (config == nullptr || layers.empty()) return bad_image("the manifest lists no configuration or no layers");
    if (layers.size() > bounds.layers_max)
        return std::unexpected{
            Failure{Reason::ImageTooLarge, "the image has " + std::to_string(layers.size()) + " layers"}};
    Manifest manifest;
    TRY(manifest.config, blob_in(*config));
    if (manifest.config.size > image_config_bytes_max)
        return bad_image("the image's configuration is larger than 4 MiB");
    std::uint64_t total = 0;
    for (const auto& entry : layers) {
        TRY(auto layer, blob_in(entry));
        if (oci_layer_type(layer.media_type).empty())
            return bad_image("a layer is of the type \"" + layer.media_type + "\"");
        // Each size is below the bound before it is added, so the sum cannot wrap.
        if (layer.size > bounds.compressed_bytes_max || (total += layer.size) > bounds.compressed_bytes_max)
            return std::unexpected{
                Failure{Reason::ImageTooLarge,
                        "the image's layers exceed " + std::to_string(bounds.compressed_bytes_max) + " bytes"}};
        manifest.layers.push_back(std::move(layer));
    }
    return manifest;
}

Result<ImageConfig, Failure> parse_image_config(chain::ByteView bytes, std::size_t layers) {
    TRY(const auto object, object_in(bytes, "image configuration"));
    if (text_in(object, "os") != "linux" || text_in(object, "architecture") != "amd64")
        return bad_image("the image is for " + text_in(object, "os") + "/" + text_in(object, "architecture") +
                         ", not linux/amd64");
    if (array_in(child_of(object, "rootfs"), "diff_ids").size() != layers)
        return bad_image("the image's configuration and manifest differ in their number of layers");
    const auto& config = child_of(object, "config");
    return ImageConfig{.entry_point = texts_in(config, "Entrypoint"),
                       .arguments = texts_in(config, "Cmd"),
                       .environment = texts_in(config, "Env"),
                       .folder = text_in(config, "WorkingDir"),
                       .user = text_in(config, "User")};
}

std::string oci_manifest(const Manifest& manifest) {
    json::array layers;
    for (const auto& layer : manifest.layers) layers.push_back(descriptor(layer, oci_layer_type(layer.media_type)));
    return json::serialize(
        json::object{{"schemaVersion", 2},
                     {"mediaType", "application/vnd.oci.image.manifest.v1+json"},
                     {"config", descriptor(manifest.config, "application/vnd.oci.image.config.v1+json")},
                     {"layers", std::move(layers)}});
}

std::string layout_index(const chain::Hash& manifest, std::uint64_t size) {
    auto entry = descriptor({.digest = manifest, .size = size}, "application/vnd.oci.image.manifest.v1+json");
    entry["annotations"] = json::object{{"org.opencontainers.image.ref.name", "image"}};
    return json::serialize(json::object{{"schemaVersion", 2}, {"manifests", json::array{std::move(entry)}}});
}

}  // namespace worker
