// Nested layers of writes against plain maps that are copied.

#include "chain/base/check.hpp"
#include "chain/state/overlay.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

using chain::Bytes;

Bytes key_from(fuzz::Input& input) { return Bytes(input.below(3), static_cast<std::uint8_t>(input.below(4))); }

void overlay_against_map(fuzz::Input input) {
    state::MapState below;
    for (std::size_t left = input.below(8); left > 0; --left) below.entries[key_from(input)] = Bytes{input.byte()};
    state::Overlay overlay{below};
    std::vector<state::MapState> models{below};
    for (int steps = 0; steps < 200 && !input.empty(); ++steps) {
        const std::size_t action = input.below(6);
        const Bytes key = key_from(input);
        if (action == 0) {
            overlay.begin();
            models.push_back(models.back());
        } else if (action == 1 && models.size() > 1) {
            overlay.commit();
            models.erase(models.end() - 2);
        } else if (action == 2 && models.size() > 1) {
            overlay.rollback();
            models.pop_back();
        } else if (action == 3) {
            overlay.erase(key);
            models.back().entries.erase(key);
        } else {
            overlay.put(key, Bytes{static_cast<std::uint8_t>(steps)});
            models.back().entries[key] = Bytes{static_cast<std::uint8_t>(steps)};
        }
        const Bytes probe = key_from(input);
        chain::check(overlay.get(probe) == models.back().get(probe));
        chain::check(overlay.contains(probe) == models.back().contains(probe));
        chain::check(overlay.next_key(probe) == models.back().next_key(probe));
        chain::check(overlay.open_layers() == models.size() - 1);
    }
}

const fuzz::Target target{"overlay_against_map", overlay_against_map};

}  // namespace
