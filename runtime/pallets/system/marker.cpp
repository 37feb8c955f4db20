#include "runtime/pallets/system/marker.hpp"

#include "runtime/pallets/system/system.hpp"

namespace frame_system {

chain::Bytes code_key() { return chain::to_bytes(":code"); }

chain::Bytes code_marker() {
    return chain::to_bytes("native:" + std::string{spec_name} + "/" + chain::to_decimal(spec_version));
}

void put_code_marker(state::Overlay& state) {
    state.put(code_key(), code_marker());
    storage.last_runtime_upgrade.put(state, {.spec_version = {spec_version}, .spec_name = std::string{spec_name}});
}

}  // namespace frame_system
