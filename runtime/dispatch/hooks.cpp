#include "runtime/dispatch/hooks.hpp"

#include "runtime/dispatch/seats.hpp"

namespace runtime {

frame::Weight run_on_initialize(frame::Context& context) {
    frame::Weight used;
    Seats::for_each([&]<class P>(std::type_identity<P>) {
        if constexpr (requires { P::on_initialize(context); }) used += P::on_initialize(context);
    });
    return used;
}

void run_on_finalize(frame::Context& context) {
    Seats::for_each([&]<class P>(std::type_identity<P>) {
        if constexpr (requires { P::on_finalize(context); }) P::on_finalize(context);
    });
}

}  // namespace runtime
