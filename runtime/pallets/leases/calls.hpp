#pragma once
// The pallet as the runtime lists it: all of its calls, declared beside their bodies. Who makes or tests
// a call includes that call's header: what includes this one is built again whenever any call changes.

#include "runtime/pallets/leases/extending.hpp"
#include "runtime/pallets/leases/renting.hpp"
#include "runtime/pallets/leases/running.hpp"

namespace leases {

struct Pallet : Seat {
    using Call = std::variant<Rent, EndLease, Extend, SetAutoExtend, TopUp, Settle, SetAllowance, ConfirmStart,
                              RejectStart, ReportExit, SetParameters>;
};

}  // namespace leases

namespace scale {  // instantiated once, in calls.cpp
extern template void encode(const leases::Pallet::Call&, Bytes&);
extern template void decode(Reader&, leases::Pallet::Call&);
}  // namespace scale
