#include "runtime/pallets/leases/calls.hpp"

namespace scale {
template void encode(const leases::Pallet::Call&, Bytes&);
template void decode(Reader&, leases::Pallet::Call&);
}  // namespace scale
