// `fuzz CORPUS`: runs every target over its stored inputs and over a thousand changed copies of them, the same ones
// in every run. What libFuzzer once found stays found, without clang.

#include "tests/fuzz/fuzz.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

namespace {

using chain::Bytes;

constexpr int mutations_per_target = 1'000;

std::vector<Bytes> corpus_of(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    if (std::filesystem::is_directory(folder))
        for (const auto& entry : std::filesystem::directory_iterator{folder}) files.push_back(entry.path());
    std::ranges::sort(files);
    std::vector<Bytes> inputs;
    for (const auto& path : files) {
        std::ifstream file{path, std::ios::binary};
        inputs.emplace_back(std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{});
    }
    return inputs;
}

Bytes mutated(Bytes input, std::mt19937& random) {
    const auto pick = [&](std::size_t below) { return static_cast<std::size_t>(random()) % below; };
    for (std::size_t left = pick(4) + 1; left > 0; --left) {
        const std::size_t at = pick(input.size() + 1);
        const auto place = input.begin() + static_cast<std::ptrdiff_t>(at);
        switch (pick(4)) {
            case 0: input.insert(place, static_cast<std::uint8_t>(random())); break;
            case 1: input.resize(at); break;
            case 2:
                if (place != input.end()) input.erase(place);
                break;
            default:
                if (place != input.end()) *place = static_cast<std::uint8_t>(random());
        }
    }
    return input;
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 2) {
        fmt::print(stderr, "usage: fuzz CORPUS (a folder with one folder for each target), or --list\n");
        return 2;
    }
    const std::string_view argument = arguments[1];
    for (const auto name : fuzz::names()) {
        if (argument == "--list") {
            fmt::print("{}\n", name);
            continue;
        }
        const std::vector<Bytes> inputs = corpus_of(std::filesystem::path{argument} / name);
        if (inputs.empty()) {
            fmt::print(stderr, "{}: no inputs in {}/{}\n", name, argument, name);
            return 1;
        }
        const fuzz::Body body = fuzz::find(name);
        for (const Bytes& input : inputs) body(fuzz::Input{input});
        std::mt19937 random{1};
        for (int i = 0; i < mutations_per_target; ++i)
            body(fuzz::Input{mutated(inputs[static_cast<std::size_t>(random()) % inputs.size()], random)});
        fmt::print("{}: {} inputs and {} changed ones\n", name, inputs.size(), mutations_per_target);
    }
    return 0;
}
