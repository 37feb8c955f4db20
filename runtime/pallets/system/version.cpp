#include "runtime/pallets/system/version.hpp"

#include "chain/crypto/hash.hpp"

namespace frame_system {

chain::RuntimeVersion runtime_version() {
    chain::RuntimeVersion version{.spec_name = std::string{spec_name},
                                  .impl_name = std::string{impl_name},
                                  .authoring_version = 1,
                                  .spec_version = spec_version,
                                  .impl_version = 1,
                                  .apis = {},
                                  .transaction_version = transaction_version,
                                  .state_version = 1};
    for (const auto& api : api_versions)
        version.apis.emplace_back(crypto::blake2b_64(chain::to_bytes(api.name)), api.version);
    return version;
}

}  // namespace frame_system
