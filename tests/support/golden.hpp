#pragma once
// Golden files: a text that a program makes must equal the file in tests/golden to the byte. With
// TEPHRA_UPDATE_GOLDEN=1 in the environment (tools/test --update-golden) the file is written instead, and its diff is
// reviewed.

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace tests {

/// Fails unless tests/golden/NAME holds exactly this text.
inline void check_golden(const std::string& name, std::string_view text) {
    const std::string path = std::string{TEPHRA_SOURCE_DIR} + "/tests/golden/" + name;
    if (std::getenv("TEPHRA_UPDATE_GOLDEN") != nullptr) {
        std::ofstream{path, std::ios::binary} << text;
        return;
    }
    std::ifstream file{path, std::ios::binary};
    const std::string golden{std::istreambuf_iterator<char>{file}, {}};
    INFO("tests/golden/" << name
                         << " differs; if the change is meant, run tools/test --update-golden and review the diff");
    CHECK(golden == text);
}

}  // namespace tests
