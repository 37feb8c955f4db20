// The calls of the pallets whose interface holds them too.

#include "runtime/dispatch/call_of.hpp"
#include "runtime/pallets/escrow/escrow.hpp"
#include "runtime/pallets/sudo/sudo.hpp"
#include "runtime/pallets/system/system.hpp"
#include "runtime/pallets/timestamp/timestamp.hpp"
#include "runtime/pallets/transaction_payment/transaction_payment.hpp"
#include "runtime/pallets/utility/utility.hpp"
#include "runtime/pallets/validators/validators.hpp"

namespace runtime {

template <>
AnyCall read_call_of<frame_system::Pallet>(scale::Reader& in) {
    return read_as<frame_system::Pallet>(in);
}

template <>
AnyCall read_call_of<timestamp::Pallet>(scale::Reader& in) {
    return read_as<timestamp::Pallet>(in);
}

template <>
AnyCall read_call_of<transaction_payment::Pallet>(scale::Reader& in) {
    return read_as<transaction_payment::Pallet>(in);
}

template <>
AnyCall read_call_of<utility::Pallet>(scale::Reader& in) {
    return read_as<utility::Pallet>(in);
}

template <>
AnyCall read_call_of<sudo::Pallet>(scale::Reader& in) {
    return read_as<sudo::Pallet>(in);
}

template <>
AnyCall read_call_of<validators::Pallet>(scale::Reader& in) {
    return read_as<validators::Pallet>(in);
}

template <>
AnyCall read_call_of<escrow::Pallet>(scale::Reader& in) {
    return read_as<escrow::Pallet>(in);
}

}  // namespace runtime
