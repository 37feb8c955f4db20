#include "runtime/pallets/machines/calls.hpp"

namespace scale {
template void encode(const machines::Pallet::Call&, Bytes&);
template void decode(Reader&, machines::Pallet::Call&);
}  // namespace scale
