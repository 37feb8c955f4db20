#pragma once
// A pallet that exists only for the frame's tests: every shape of storage, an error, an event.

#include "runtime/frame/pallet.hpp"

namespace sample {

inline constexpr std::string_view name = "Sample";
inline constexpr std::uint8_t index = 0;  // System's index: the runtime knows its first events

struct Pallet;
template <class T>
Pallet pallet_of(const T&);

struct Job {
    std::string image;
    std::uint32_t gpus{};
    bool operator==(const Job&) const = default;
};

struct Deadline {
    frame::BigEndian<std::uint64_t> at_ms;
    std::uint32_t job{};
    auto operator<=>(const Deadline&) const = default;
};

struct Storage {
    frame::Value<std::uint32_t> next_job_id{"A number."};
    frame::OptionalValue<Job> latest{"A job or none."};
    frame::Map<frame::Twox64Concat, std::uint32_t, Job> jobs{"Jobs."};
    frame::MapOr<frame::Blake2_128Concat, frame::AccountId, std::uint64_t> scores{"Scores."};
    frame::Map<frame::Identity, Deadline, std::uint8_t> deadlines{"A queue by time."};
    frame::DoubleMap<frame::Twox64Concat, std::uint32_t, frame::Identity, frame::BigEndian<std::uint16_t>, std::string>
        logs{"Lines by job and place."};
};
inline constexpr Storage storage = frame::declare_storage<Storage>(name);

enum class Error : std::uint8_t { Unknown, NotOwner };
constexpr std::string_view doc(Error error) {
    switch (error) {
        case Error::Unknown: return "Nobody knows it.";
        case Error::NotOwner: return "Only the owner may.";
    }
    std::unreachable();
}

struct Done {
    static constexpr std::uint8_t index = 4;
    static constexpr auto doc = "Something was done.";
    std::uint32_t job{};
};

struct Run {
    static constexpr std::uint8_t index = 2;
    static constexpr auto doc = "Run something.";
    static frame::Weight weight(const Run& run) { return {run.job, 0}; }
    static constexpr auto dispatch_class = frame::DispatchClass::Operational;
    std::uint32_t job{};
};

struct Stop {
    static constexpr std::uint8_t index = 3;
    static constexpr auto doc = "Stop something.";
    static constexpr frame::Weight weight{9, 1};
    static constexpr auto pays = frame::Pays::No;
};

struct Pallet {
    static constexpr auto name = sample::name;
    static constexpr auto index = sample::index;
    static constexpr auto doc = "A sample.";
    struct Constants {
        frame::Constant<std::uint32_t> max_gpus{8, "Most GPUs."};
    };
    using Storage = sample::Storage;
    static constexpr const auto& storage = sample::storage;
    using Error = sample::Error;
    using Event = std::variant<Done>;
    using Call = std::variant<Run, Stop>;
};
static_assert(frame::PalletType<Pallet>);

}  // namespace sample
