#pragma once
// The pallet as the runtime lists it: all of its calls, declared beside their bodies. Who makes or tests
// a call includes that call's header: what includes this one is built again whenever any call changes.

#include "runtime/pallets/machines/liveness.hpp"
#include "runtime/pallets/machines/market.hpp"
#include "runtime/pallets/machines/probes.hpp"
#include "runtime/pallets/machines/registry.hpp"

namespace machines {

struct Pallet : Seat {
    using Call = std::variant<RegisterMachine, SetPriceCard, SetReceiver, SetController, RotateMachineKey, Freeze,
                              AnnounceMaintenance, Exit, ChangeHardware, Heartbeat, AnswerProbe, OpenProbe, SetAuditors,
                              SetParameters>;
};

}  // namespace machines

namespace scale {  // instantiated once, in calls.cpp
extern template void encode(const machines::Pallet::Call&, Bytes&);
extern template void decode(Reader&, machines::Pallet::Call&);
}  // namespace scale
