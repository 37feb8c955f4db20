#include "runtime/dispatch/call_of.hpp"
#include "runtime/pallets/machines/calls.hpp"

namespace runtime {

template <>
AnyCall read_call_of<machines::Seat>(scale::Reader& in) {
    return read_as<machines::Pallet>(in);
}

}  // namespace runtime
