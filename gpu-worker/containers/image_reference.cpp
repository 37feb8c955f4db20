#include "gpu-worker/containers/image_reference.hpp"

#include "chain/base/image_name.hpp"
#include "gpu-worker/containers/digest.hpp"

namespace worker {
namespace {

constexpr std::size_t reference_bytes_max = 512;

std::unexpected<Failure> bad_reference(std::string text) {
    return std::unexpected{Failure{Reason::BadReference, std::move(text)}};
}

}  // namespace

Result<ImageReference, Failure> parse_image_reference(std::string_view text) {
    if (text.size() > reference_bytes_max) return bad_reference("the image reference is longer than 512 bytes");
    const auto at = text.find('@');
    if (at == std::string_view::npos)
        return bad_reference("the image reference has no @sha256:… digest; tags are not accepted");
    const auto digest = parse_oci_digest(text.substr(at + 1));
    if (!digest) return bad_reference("the image's digest is not sha256: and 64 lower-case hexadecimal digits");

    std::string_view name = text.substr(0, at);
    const auto slash = name.find('/');
    if (slash == std::string_view::npos) return bad_reference("the image reference has no repository after its source");
    ImageReference reference{.source = std::string{name.substr(0, slash)},
                             .repository = std::string{name.substr(slash + 1)},
                             .digest = *digest};
    if (!chain::is_image_source(reference.source))
        return bad_reference("the image's source has a character that is not allowed");
    if (!chain::is_image_path(reference.repository))
        return bad_reference("the image's repository has a part that is not allowed");
    return reference;
}

std::string to_string(const ImageReference& reference) {
    return reference.source + "/" + reference.repository + "@" + oci_digest(reference.digest);
}

Result<ImageSource> parse_image_source(std::string_view text) {
    const auto without_slash = [](std::string_view place) {
        while (place.ends_with('/')) place.remove_suffix(1);
        return std::string{place};
    };
    using Kind = ImageSource::Kind;
    ImageSource source;
    if (text.starts_with("https://")) source = {Kind::Registry, without_slash(text.substr(8))};
    else if (text.starts_with("http://")) source = {Kind::PlainRegistry, without_slash(text.substr(7))};
    else if (text.starts_with("oci:/")) source = {Kind::Layout, without_slash(text.substr(4))};
    else if (text.starts_with('/')) source = {Kind::Layout, without_slash(text)};
    if (source.place.empty())
        return chain::fault("image source \"" + std::string{text} +
                            "\" is neither https://…, http://… nor an absolute folder");
    return source;
}

}  // namespace worker
