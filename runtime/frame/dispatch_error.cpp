// Every pallet's file compares and reads errors: the variant of fifteen is unrolled here, once.
#include "runtime/frame/dispatch_error.hpp"

namespace frame {

bool DispatchError::operator==(const DispatchError& other) const { return value == other.value; }

void DispatchError::encode_to(chain::Bytes& out) const { scale::encode(value, out); }

void DispatchError::decode_from(scale::Reader& in) { scale::decode(in, value); }

void DispatchOutcome::encode_to(chain::Bytes& out) const {
    out.push_back(value ? 0 : 1);
    if (!value) scale::encode(value.error(), out);
}

void DispatchOutcome::decode_from(scale::Reader& in) {
    bool failed{};
    scale::decode(in, failed);
    value = {};
    if (!failed) return;
    DispatchError error;
    scale::decode(in, error);
    value = std::unexpected{error};
}

}  // namespace frame
