#include "chain/base/image_name.hpp"

#include <catch2/catch.hpp>

TEST_CASE("a source is a name, a host, or host and port") {
    for (const auto* good : {"local", "registry.example", "10.0.0.1:5000", "a-b_c"})
        CHECK(chain::is_image_source(good));
    for (const auto* bad :
         {"", ":", "local:", "local:http", "local:123456", "local.", "-local", "Local", "a/b", "a..b"})
        CHECK_FALSE(chain::is_image_source(bad));
}

TEST_CASE("a path is components between single slashes, without a tag") {
    for (const auto* good : {"a", "team/model", "x/y/z-1_2.3"}) CHECK(chain::is_image_path(good));
    for (const auto* bad : {"", "/", "/a", "a/", "a//b", "a/../b", "a:latest", "a@b", "a.", "a/-b", "A", "a b", "a\n"})
        CHECK_FALSE(chain::is_image_path(bad));
}
