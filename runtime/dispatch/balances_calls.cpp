#include "runtime/dispatch/call_of.hpp"
#include "runtime/pallets/balances/calls.hpp"

namespace runtime {

template <>
AnyCall read_call_of<balances::Seat>(scale::Reader& in) {
    return read_as<balances::Pallet>(in);
}

}  // namespace runtime
