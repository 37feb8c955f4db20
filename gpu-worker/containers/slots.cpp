#include "gpu-worker/containers/slots.hpp"

#include <filesystem>

namespace worker {
namespace {

namespace fs = std::filesystem;

const fs::path slots_folder = "/run/tephra/slots";

}  // namespace

chain::Result<std::optional<Slot>> take_slot(std::uint32_t number) {
    std::error_code failed;
    fs::create_directories(slots_folder, failed);
    if (failed) return chain::fault(slots_folder.string() + ": " + failed.message());
    TRY(auto lock, try_lock(slots_folder / std::to_string(number)));
    if (!lock) return std::optional<Slot>{};
    return std::optional{Slot{.number = number, .lock = std::move(*lock)}};
}

chain::Result<Slot> take_slot() {
    for (std::uint32_t number = 0; number < slot_count; ++number) {
        TRY(auto slot, take_slot(number));
        if (slot) return std::move(*slot);
    }
    return chain::fault("all job slots of this host are taken");
}

bool any_slot_taken() {
    std::error_code missing;
    for (const auto& entry : fs::directory_iterator{slots_folder, missing})
        if (is_locked(entry.path())) return true;
    return false;
}

}  // namespace worker
