#include "runtime/appchain/marker.hpp"

#include "runtime/pallets/system/system.hpp"

namespace runtime {

chain::Bytes code_key() { return chain::to_bytes(":code"); }

chain::Bytes code_marker() {
    return chain::to_bytes("native:" + std::string{frame_system::spec_name} + "/" +
                           chain::to_decimal(frame_system::spec_version));
}

void put_code_marker(state::Overlay& state) {
    state.put(code_key(), code_marker());
    frame_system::storage.last_runtime_upgrade.put(
        state, {.spec_version = {frame_system::spec_version}, .spec_name = std::string{frame_system::spec_name}});
}

}  // namespace runtime
