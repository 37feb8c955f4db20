// What image sources, renters and CDI files may send: any bytes are refused or read, and what was read is within bounds
// and reads the same again.

#include "chain/base/check.hpp"
#include "chain/codec/scale.hpp"
#include "gpu-worker/containers/image_reference.hpp"
#include "gpu-worker/containers/image_user.hpp"
#include "gpu-worker/containers/manifest.hpp"
#include "gpu-worker/containers/runtime_config.hpp"
#include "gpu-worker/gpu/cdi.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

using namespace worker;

void manifests(chain::ByteView bytes) {
    const ImageBounds bounds{.compressed_bytes_max = 1'000'000, .layers_max = 8};
    static_cast<void>(platform_of_index(bytes).has_value());
    static_cast<void>(parse_image_config(bytes, 1).has_value());
    const auto manifest = parse_manifest(bytes, bounds);
    if (!manifest) return;
    chain::check(!manifest->layers.empty() && manifest->layers.size() <= 8);
    std::uint64_t total = 0;
    for (const auto& layer : manifest->layers) total += layer.size;
    chain::check(total <= bounds.compressed_bytes_max);
    const auto again = parse_manifest(chain::to_bytes(oci_manifest(*manifest)), bounds);
    chain::check(again.has_value() && again->layers.size() == manifest->layers.size());
}

void references(std::string_view text) {
    const auto reference = parse_image_reference(text);
    if (!reference) return;
    chain::check(to_string(*reference) == text);
    chain::check(reference->repository.find("..") == std::string::npos && reference->repository.front() != '/');
}

/// A spec that passes its check makes a configuration, and one without hooks or annotations of its own.
void specs(chain::ByteView bytes) {
    const auto plan = scale::decode<JobPlan>(bytes);
    if (!plan || !check_spec(plan->spec)) return;
    const auto config = runtime_config(*plan, {.open_files_max = 1'024});
    if (!config) return;
    chain::check(config->find("\"hooks\":") == std::string::npos ||
                 config->find("\\\"hooks\\\":") != std::string::npos);
}

void devices(const std::string& text) {
    const auto parsed = parse_cdi(text);
    if (!parsed) return;
    const CdiCatalogue catalogue{.devices = *parsed};
    for (const auto& device : *parsed) {
        const auto edits = edits_for(catalogue, {"FAKE-" + device.name}, {}, {.allow_fake = true});
        if (!edits) continue;
        for (const auto& node : edits->nodes) chain::check(node.path == "/dev/zero" || node.path == "/dev/null");
    }
}

void container_image(fuzz::Input input) {
    const auto kind = input.below(5);
    const std::string text{chain::as_text(input.rest())};
    if (kind == 0) manifests(input.rest());
    if (kind == 1) references(text);
    if (kind == 2) specs(input.rest());
    if (kind == 3) devices(text);
    if (kind == 4) static_cast<void>(resolve_user(text.substr(0, text.find('\n')), text, text).has_value());
}

const fuzz::Target target{"container_image", container_image};

}  // namespace
