#include "runtime/dispatch/call_of.hpp"
#include "runtime/pallets/leases/calls.hpp"

namespace runtime {

template <>
AnyCall read_call_of<leases::Seat>(scale::Reader& in) {
    return read_as<leases::Pallet>(in);
}

}  // namespace runtime
