#pragma once
// How a pallet is written. One namespace, one header that is its whole interface:
//
//   namespace jobs {
//   inline constexpr std::string_view name = "Jobs";
//   inline constexpr std::uint8_t index = 7;                                 // never changes
//   struct Pallet;
//   template <class T> Pallet pallet_of(const T&);                           // events and errors find their pallet
//
//   struct Constants { frame::Constant<std::uint32_t> max_gpus{8, "Most GPUs that one job may ask for."}; };
//   inline constexpr Constants constants;
//
//   struct Storage { frame::Map<frame::Twox64Concat, JobId, Job> jobs{"Every job that is not settled yet."}; };
//   extern const Storage storage;  // .cpp: constinit const Storage storage = frame::declare_storage<Storage>(name);
//
//   enum class Error : std::uint8_t { UnknownJob };                          // at least one; order never changes
//   constexpr std::string_view doc(Error);                                   // a switch: no enumerator without text
//
//   struct Cancelled { static constexpr auto doc = "…"; JobId job; };        // an event
//
//   struct Cancel {                                                          // a call; members are its arguments
//       static constexpr std::uint8_t index = 1;                             // never changes
//       static constexpr auto doc = "…";
//       static constexpr frame::Weight weight = weights::cancel;             // or: static Weight weight(const Cancel&)
//       JobId job;
//       frame::DispatchResult operator()(frame::Context&) const;             // `return std::unexpected{Error::X};`
//   };
//
//   struct Pallet {
//       static constexpr auto name = jobs::name;
//       static constexpr auto index = jobs::index;
//       using Constants = jobs::Constants; using Storage = jobs::Storage; using Error = jobs::Error;
//       static constexpr const auto& storage = jobs::storage;
//       using Event = std::variant<Cancelled>;
//       using Call = std::variant<Cancel>;
//   };
//   }
//
// Optional in a call: `dispatch_class` (Normal), `pays` (Pays::Yes), `check_due` (frame/call.hpp).
// Optional in Pallet: `static frame::Weight on_initialize(frame::Context&)`, which returns the weight it used;
// `static void on_finalize(frame::Context&)`, whose weight on_initialize has accounted for.
// A part that a pallet lacks is left out of Pallet or is empty.
//
// A pallet of many calls declares them in several headers, each beside the bodies, and all parts but `Call` in a
// `struct Seat`, to which `pallet_of` leads; `struct Pallet : Seat` stands in its calls.hpp, which only the runtime's
// list of pallets includes. So a changed call builds again what makes or tests that call.

#include "runtime/frame/call.hpp"
#include "runtime/frame/storage.hpp"

namespace frame {

/// A value that clients may read from metadata.
template <class T>
struct Constant {
    T value;
    std::string_view doc;
    constexpr operator T() const { return value; }
};

/// A constant that cannot be made at compile time, such as one with a text in it.
template <class T>
struct LazyConstant {
    T (*make)();
    std::string_view doc;
};

/// Parts that a pallet may lack.
struct NoConstants {};
struct NoStorage {};
enum class NoError : std::uint8_t {};

/// A pallet is a type that lists its parts.
template <class P>
concept PalletType = requires {
    { P::name } -> std::convertible_to<std::string_view>;
    { P::index } -> std::convertible_to<std::uint8_t>;
    typename P::Constants;
    typename P::Storage;
    typename P::Error;
    typename P::Event;
    typename P::Call;
};

/// Two calls with one index would make old transactions mean something new.
template <class Sum>
consteval bool has_unique_indices() {
    std::array<bool, 256> seen{};
    bool unique = true;
    reflect::for_each_index<std::variant_size_v<Sum>>([&](auto i) {
        bool& taken = seen[scale::variant_index<std::variant_alternative_t<i, Sum>, i>()];
        unique = unique && !taken;
        taken = true;
    });
    return unique;
}

/// The weight that a call declares: a constant, or a function of its arguments.
template <class C>
Weight weight_of(const C& call) {
    if constexpr (requires {
                      { C::weight(call) } -> std::same_as<Weight>;
                  })
        return C::weight(call);
    else return C::weight;
}

template <class C>
consteval DispatchClass class_of() {
    if constexpr (requires { C::dispatch_class; }) return C::dispatch_class;
    else return DispatchClass::Normal;
}

template <class C>
consteval Pays pays_of() {
    if constexpr (requires { C::pays; }) return C::pays;
    else return Pays::Yes;
}

}  // namespace frame
