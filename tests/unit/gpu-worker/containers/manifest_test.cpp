#include "gpu-worker/containers/manifest.hpp"

#include "gpu-worker/containers/digest.hpp"

#include <catch2/catch.hpp>

using namespace worker;

namespace {

const std::string hash_a = "sha256:" + std::string(64, 'a');
const std::string hash_b = "sha256:" + std::string(64, 'b');

std::string layer(const std::string& type, const std::string& size, const std::string& digest = hash_b) {
    return R"({"mediaType":")" + type + R"(","digest":")" + digest + R"(","size":)" + size + "}";
}

std::string manifest(const std::string& layers) {
    return R"({"schemaVersion":2,"config":)" + layer("application/vnd.oci.image.config.v1+json", "100", hash_a) +
           R"(,"layers":[)" + layers + "]}";
}

Reason reason_of(const std::string& text, const ImageBounds& bounds = {}) {
    const auto parsed = parse_manifest(chain::to_bytes(text), bounds);
    return parsed ? Reason::Exited : parsed.error().reason;
}

const std::string tar = "application/vnd.oci.image.layer.v1.tar";

}  // namespace

TEST_CASE("OCI and Docker manifests become one record, and an OCI manifest again") {
    const auto parsed =
        parse_manifest(chain::to_bytes(manifest(layer(tar, "5") + "," +
                                                layer("application/vnd.docker.image.rootfs.diff.tar.gzip", "7"))),
                       {});
    REQUIRE(parsed.has_value());
    CHECK(parsed->config.size == 100);
    REQUIRE(parsed->layers.size() == 2);
    CHECK(oci_digest(parsed->layers[1].digest) == hash_b);
    const auto again = parse_manifest(chain::to_bytes(oci_manifest(*parsed)), {});
    REQUIRE(again.has_value());
    CHECK(again->layers[1].media_type == tar + "+gzip");
    CHECK(again->layers[1].digest == parsed->layers[1].digest);
}

TEST_CASE("manifests that lie about themselves are refused") {
    CHECK(reason_of("") == Reason::BadImage);
    CHECK(reason_of("[]") == Reason::BadImage);
    CHECK(reason_of(std::string(1'000, '[')) == Reason::BadImage);
    CHECK(reason_of(manifest("")) == Reason::BadImage);
    CHECK(reason_of(manifest("5")) == Reason::BadImage);
    CHECK(reason_of(manifest(layer(tar, "-1"))) == Reason::BadImage);
    CHECK(reason_of(manifest(layer(tar, "\"5\""))) == Reason::BadImage);
    CHECK(reason_of(manifest(layer(tar, "5", "sha256:../../etc/passwd"))) == Reason::BadImage);
    CHECK(reason_of(manifest(layer(tar, "5", "sha512:" + std::string(64, 'a')))) == Reason::BadImage);
    CHECK(reason_of(manifest(layer("application/vnd.oci.image.layer.nondistributable.v1.tar", "5"))) ==
          Reason::BadImage);
    CHECK(reason_of(manifest(layer(tar + "+encrypted", "5"))) == Reason::BadImage);
}

TEST_CASE("bounds count before anything is fetched, and sums do not wrap") {
    const ImageBounds bounds{.compressed_bytes_max = 10, .layers_max = 2};
    CHECK(reason_of(manifest(layer(tar, "10")), bounds) == Reason::Exited);
    CHECK(reason_of(manifest(layer(tar, "11")), bounds) == Reason::ImageTooLarge);
    CHECK(reason_of(manifest(layer(tar, "5") + "," + layer(tar, "6")), bounds) == Reason::ImageTooLarge);
    CHECK(reason_of(manifest(layer(tar, "1") + "," + layer(tar, "18446744073709551615")), bounds) ==
          Reason::ImageTooLarge);
    CHECK(reason_of(manifest(layer(tar, "1") + "," + layer(tar, "1") + "," + layer(tar, "1")), bounds) ==
          Reason::ImageTooLarge);
}

TEST_CASE("an index names the image for this platform") {
    const auto entry = [](const char* architecture, const std::string& digest) {
        return R"({"digest":")" + digest + R"(","size":1,"platform":{"os":"linux","architecture":")" + architecture +
               R"("}})";
    };
    const auto find = [](const std::string& text) { return platform_of_index(chain::to_bytes(text)); };
    const auto found = find(R"({"manifests":[)" + entry("arm64", hash_a) + "," + entry("amd64", hash_b) + "]}");
    REQUIRE((found && *found));
    CHECK(oci_digest(**found) == hash_b);
    CHECK_FALSE(find(manifest(layer(tar, "1"))).value().has_value());
    CHECK(find(R"({"manifests":[)" + entry("arm64", hash_a) + "]}").error().reason == Reason::BadImage);
}

TEST_CASE("an image's configuration") {
    const auto parse = [](const std::string& text) { return parse_image_config(chain::to_bytes(text), 1); };
    const auto config = parse(R"({"os":"linux","architecture":"amd64","rootfs":{"diff_ids":["x"]},
        "config":{"Entrypoint":["/a"],"Cmd":["b","c"],"Env":["X=1"],"WorkingDir":"/w","User":"1:2"}})");
    REQUIRE(config.has_value());
    CHECK(*config ==
          ImageConfig{
              .entry_point = {"/a"}, .arguments = {"b", "c"}, .environment = {"X=1"}, .folder = "/w", .user = "1:2"});
    CHECK(parse(R"({"os":"linux","architecture":"arm64","rootfs":{"diff_ids":["x"]}})").error().reason ==
          Reason::BadImage);
    CHECK(parse(R"({"os":"linux","architecture":"amd64","rootfs":{"diff_ids":["x","y"]}})").error().reason ==
          Reason::BadImage);
    CHECK(parse(R"({"os":"linux","architecture":"amd64","rootfs":{"diff_ids":["x"]},"config":7})").has_value());
}
