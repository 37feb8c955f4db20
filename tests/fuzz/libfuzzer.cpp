// `fuzz NAME [libFuzzer options] [folders]`: the first argument, or FUZZ_TARGET, chooses the target; libFuzzer
// reads the others. `fuzz --list` names all targets.

#include "tests/fuzz/fuzz.hpp"

#include <fmt/core.h>

#include <cstdio>
#include <cstdlib>

namespace {

constexpr const char* variable = "FUZZ_TARGET";

fuzz::Body chosen = nullptr;

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
    const std::string_view first = *count > 1 ? (*arguments)[1] : "";
    if (first == "--list") {
        for (const auto name : fuzz::names()) fmt::print("{}\n", name);
        std::exit(0);
    }
    if (fuzz::find(first) != nullptr) {
        // libFuzzer would take the name for a folder. The programs that it starts find it in their environment.
        setenv(variable, (*arguments)[1], 1);
        for (int i = 1; i + 1 < *count; ++i) (*arguments)[i] = (*arguments)[i + 1];
        --*count;
    }
    const char* name = std::getenv(variable);
    chosen = name == nullptr ? nullptr : fuzz::find(name);
    if (chosen == nullptr) {
        fmt::print(stderr, "usage: fuzz NAME [libFuzzer options] [folders], or the name in {}; --list shows all\n",
                   variable);
        std::exit(2);
    }
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    chosen(fuzz::Input{{data, size}});
    return 0;
}
