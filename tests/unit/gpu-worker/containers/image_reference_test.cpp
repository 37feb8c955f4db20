#include "gpu-worker/containers/image_reference.hpp"

#include <catch2/catch.hpp>

using namespace worker;

namespace {
const std::string digest = "@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
}

TEST_CASE("a reference is source, repository and digest") {
    const auto reference = parse_image_reference("hub/team/some_tool.v2" + digest);
    REQUIRE(reference.has_value());
    CHECK(reference->source == "hub");
    CHECK(reference->repository == "team/some_tool.v2");
    CHECK(reference->digest.value[0] == 0x01);
    CHECK(to_string(*reference) == "hub/team/some_tool.v2" + digest);
}

TEST_CASE("a source may be host and port, as in every lease that the chain accepts") {
    const auto reference = parse_image_reference("localhost:5000/team/model" + digest);
    REQUIRE(reference.has_value());
    CHECK(reference->source == "localhost:5000");
    CHECK(reference->repository == "team/model");
}

TEST_CASE("everything else is a bad reference") {
    for (const std::string& text : std::vector<std::string>{"",
                                                            "hub/tool",
                                                            "hub/tool:latest",
                                                            "hub/tool:1" + digest,
                                                            "tool" + digest,
                                                            "/tool" + digest,
                                                            "hub/" + digest,
                                                            "hub//tool" + digest,
                                                            "hub/tool/" + digest,
                                                            "HUB/tool" + digest,
                                                            "hub/To" + digest,
                                                            "hub/../../etc" + digest,
                                                            "hub/a..b" + digest,
                                                            "hub/.tool" + digest,
                                                            "hub/tool-" + digest,
                                                            "hub:/tool" + digest,
                                                            "hub:http/tool" + digest,
                                                            "hub/t ool" + digest,
                                                            "hub/tool\n" + digest,
                                                            "hub/tool@sha256:0123",
                                                            "hub/tool@md5:" + digest.substr(8),
                                                            "hub/tool" + digest + "0",
                                                            "hub/tool@sha256:" + std::string(64, 'A'),
                                                            "hub/tool" + digest + "@" + digest,
                                                            "--help/tool" + digest,
                                                            "hub/" + std::string(600, 'a') + digest,
                                                            "http://hub/tool" + digest}) {
        INFO(text);
        const auto reference = parse_image_reference(text);
        REQUIRE_FALSE(reference.has_value());
        CHECK(reference.error().reason == Reason::BadReference);
    }
}

TEST_CASE("sources are registries or folders") {
    using Kind = ImageSource::Kind;
    CHECK(parse_image_source("https://hub.example/prefix/").value() ==
          ImageSource{Kind::Registry, "hub.example/prefix"});
    CHECK(parse_image_source("http://127.0.0.1:5000").value() == ImageSource{Kind::PlainRegistry, "127.0.0.1:5000"});
    CHECK(parse_image_source("/srv/images").value() == ImageSource{Kind::Layout, "/srv/images"});
    CHECK(parse_image_source("oci:/srv/images/").value() == ImageSource{Kind::Layout, "/srv/images"});
    for (const auto* text : {"", "https://", "/", "images", "ftp://hub", "oci:images"})
        CHECK_FALSE(parse_image_source(text).has_value());
}
