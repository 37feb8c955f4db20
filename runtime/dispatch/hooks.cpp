#include "runtime/dispatch/hooks.hpp"

#include "runtime/dispatch/pallets.hpp"

namespace runtime {

frame::Weight run_on_initialize(frame::Context& context) {
    frame::Weight used;
    Pallets::for_each([&]<class P>(std::type_identity<P>) {
        if constexpr (requires { P::on_initialize(context); }) used += P::on_initialize(context);
    });
    return used;
}

void run_on_finalize(frame::Context& context) {
    Pallets::for_each([&]<class P>(std::type_identity<P>) {
        if constexpr (requires { P::on_finalize(context); }) P::on_finalize(context);
    });
}

}  // namespace runtime
