#pragma once
// SCALE: every encodable shape is one branch below, so this page is the codec's specification.
// A Record needs no code of its own: its members, in order, are its encoding.
// A class with another form has `void encode_to(Bytes&) const` and `static/void decode_from(Reader&)` members.

#include "chain/base/bytes.hpp"
#include "chain/base/check.hpp"
#include "chain/base/numbers.hpp"
#include "chain/base/result.hpp"
#include "chain/codec/reflect.hpp"

#include <bit>
#include <cstring>
#include <optional>
#include <span>
#include <tuple>
#include <variant>

namespace scale {

using chain::Bytes;
using chain::ByteView;
using chain::u128;

enum class Error : std::uint8_t {
    InputTooShort,
    InputTooLong,
    BadBool,
    BadVariant,
    BadCompact,
    CountTooLarge,
    TooDeep
};

/// What a person reads.
std::string_view text(Error error);

/// An integer that takes 1, 2, 4 or more bytes, by its size.
template <class T>
struct Compact {
    T value{};
    auto operator<=>(const Compact&) const = default;
};

/// A sequence that never decodes to more than Max items.
template <class T, std::uint32_t Max>
struct Bounded {
    static constexpr std::uint32_t max = Max;
    T value{};
    bool operator==(const Bounded&) const = default;
};

// Integers are copied as the machine holds them.
static_assert(std::endian::native == std::endian::little);

template <class T>
concept Integer = std::is_integral_v<T> || std::same_as<T, u128>;

template <class T, template <class...> class Template>
inline constexpr bool is_a = false;
template <class... A, template <class...> class Template>
inline constexpr bool is_a<Template<A...>, Template> = true;

template <class T>
inline constexpr bool is_array = false;
template <class T, std::size_t N>
inline constexpr bool is_array<std::array<T, N>> = true;

template <class T>
inline constexpr bool is_bounded = false;
template <class T, std::uint32_t Max>
inline constexpr bool is_bounded<Bounded<T, Max>> = true;

template <class T>
concept Sequence = std::same_as<T, std::string> || is_a<T, std::vector>;

/// One byte an item, so it is copied as a block.
template <class T>
concept ByteSequence = std::same_as<T, std::string> || std::same_as<T, Bytes>;

/// A sum type may give its alternatives fixed indices; by default they count from 0.
template <class Alternative, std::size_t Position>
constexpr std::uint8_t variant_index() {
    if constexpr (requires { Alternative::index; }) return Alternative::index;
    else return static_cast<std::uint8_t>(Position);
}

/// Reads from untrusted bytes. The first error sticks; later reads are no-ops.
class Reader {
public:
    explicit Reader(ByteView input) : rest_(input) {}

    std::optional<Error> error() const { return error_; }
    std::size_t left() const { return rest_.size(); }
    /// What is not read yet.
    ByteView rest() const { return rest_; }

    bool fail(Error why) {
        error_ = error_.value_or(why);
        return false;
    }

    u128 little_endian(std::size_t count) {
        const ByteView bytes = take(count);
        u128 bits = 0;
        chain::check(bytes.size() <= sizeof bits);
        if (!bytes.empty()) std::memcpy(&bits, bytes.data(), bytes.size());
        return bits;
    }

    /// The next `count` bytes; none after an error.
    ByteView take(std::size_t count) {
        if (error_ || rest_.size() < count) {
            fail(Error::InputTooShort);
            return {};
        }
        const ByteView bytes = rest_.first(count);
        rest_ = rest_.subspan(count);
        return bytes;
    }

    /// Nested calls and other types that contain themselves: `if (in.enter()) { …; in.leave(); }`.
    bool enter() { return ++depth_ <= depth_max || fail(Error::TooDeep); }
    void leave() { --depth_; }

private:
    static constexpr int depth_max = 16;
    ByteView rest_;
    std::optional<Error> error_;
    int depth_ = 0;
};

template <class T>
concept Custom = requires(const T& value, T& target, Bytes& out, Reader& in) {
    value.encode_to(out);
    target.decode_from(in);
};

void encode_compact(u128 value, Bytes& out);
u128 decode_compact(Reader& in);

template <class T>
void encode(const T& value, Bytes& out) {
    if constexpr (Custom<T>) {
        value.encode_to(out);
    } else if constexpr (is_a<T, Compact>) {
        encode_compact(value.value, out);
    } else if constexpr (is_bounded<T>) {
        encode(value.value, out);
    } else if constexpr (Integer<T>) {
        const auto at = out.size();
        out.resize(at + sizeof(T));
        std::memcpy(out.data() + at, &value, sizeof(T));
    } else if constexpr (reflect::Enum<T>) {
        out.push_back(static_cast<std::uint8_t>(value));
    } else if constexpr (ByteSequence<T>) {
        encode_compact(value.size(), out);
        out.insert(out.end(), value.begin(), value.end());
    } else if constexpr (Sequence<T>) {
        encode_compact(value.size(), out);
        for (const auto& item : value) encode<typename T::value_type>(item, out);
    } else if constexpr (is_array<T>) {
        if constexpr (std::same_as<typename T::value_type, std::uint8_t>)
            out.insert(out.end(), value.begin(), value.end());
        else
            for (const auto& item : value) encode(item, out);
    } else if constexpr (is_a<T, std::optional>) {
        out.push_back(value.has_value());
        if (value) encode(*value, out);
    } else if constexpr (is_a<T, std::variant>) {
        reflect::for_each_index<std::variant_size_v<T>>([&](auto i) {
            if (value.index() != i) return;
            out.push_back(variant_index<std::variant_alternative_t<i, T>, i>());
            encode(std::get<i>(value), out);
        });
    } else if constexpr (is_a<T, std::tuple> || is_a<T, std::pair>) {
        std::apply([&](const auto&... item) { (encode(item, out), ...); }, value);
    } else if constexpr (std::same_as<T, std::monostate>) {
    } else {
        static_assert(reflect::Record<T>, "this type has no SCALE form");
        reflect::for_each_index<reflect::field_count<T>>([&](auto i) { encode(reflect::field<i>(value), out); });
    }
}

template <class T>
Bytes encode(const T& value) {
    Bytes out;
    out.reserve(sizeof(T));
    encode(value, out);
    return out;
}

/// How many items follow. Each takes at least a byte, so no more than what is left: checked before any allocation.
inline std::size_t decode_count(Reader& in, u128 most) {
    const u128 count = decode_compact(in);
    if (count > in.left() || count > most) in.fail(Error::CountTooLarge);
    return in.error() ? 0 : static_cast<std::size_t>(count);
}

template <class T>
void decode(Reader& in, T& value);

template <Sequence T>
void decode_sequence(Reader& in, T& value, u128 most) {
    const std::size_t count = decode_count(in, most);
    value.clear();
    if constexpr (ByteSequence<T>) {
        const ByteView bytes = in.take(count);
        value.assign(bytes.begin(), bytes.end());
    } else {
        for (std::size_t i = 0; i < count && !in.error(); ++i) {
            typename T::value_type item{};
            decode(in, item);
            value.push_back(std::move(item));
        }
    }
}

template <class T>
void decode(Reader& in, T& value) {
    if constexpr (Custom<T>) {
        value.decode_from(in);
    } else if constexpr (is_a<T, Compact>) {
        const u128 wide = decode_compact(in);
        value.value = static_cast<decltype(value.value)>(wide);
        if (value.value != wide) in.fail(Error::BadCompact);
    } else if constexpr (is_bounded<T>) {
        decode_sequence(in, value.value, T::max);
    } else if constexpr (std::same_as<T, bool>) {
        const auto bit = in.little_endian(1);
        value = bit == 1;
        if (bit > 1) in.fail(Error::BadBool);
    } else if constexpr (Integer<T>) {
        value = static_cast<T>(in.little_endian(sizeof(T)));
    } else if constexpr (reflect::Enum<T>) {
        const auto index = in.little_endian(1);
        if (index >= reflect::enumerator_count<T>()) in.fail(Error::BadVariant);
        else value = static_cast<T>(index);
    } else if constexpr (Sequence<T>) {
        decode_sequence(in, value, chain::u128_max);
    } else if constexpr (is_array<T>) {
        for (auto& item : value) decode(in, item);
    } else if constexpr (is_a<T, std::optional>) {
        bool present{};
        decode(in, present);
        value.reset();
        if (present) decode(in, value.emplace());
    } else if constexpr (is_a<T, std::variant>) {
        const auto wanted = static_cast<std::uint8_t>(in.little_endian(1));
        bool known = false;
        reflect::for_each_index<std::variant_size_v<T>>([&](auto i) {
            if (in.error() || wanted != variant_index<std::variant_alternative_t<i, T>, i>()) return;
            known = true;
            decode(in, value.template emplace<i>());
        });
        if (!known) in.fail(Error::BadVariant);
    } else if constexpr (is_a<T, std::tuple> || is_a<T, std::pair>) {
        std::apply([&](auto&... item) { (decode(in, item), ...); }, value);
    } else if constexpr (std::same_as<T, std::monostate>) {
    } else {
        static_assert(reflect::Record<T>, "this type has no SCALE form");
        reflect::for_each_index<reflect::field_count<T>>([&](auto i) { decode(in, reflect::field<i>(value)); });
    }
}

/// The whole input must be one T.
template <class T>
chain::Result<T, Error> decode(ByteView input) {
    Reader in{input};
    T value{};
    decode(in, value);
    if (!in.error() && in.left() != 0) in.fail(Error::InputTooLong);
    if (in.error()) return std::unexpected{*in.error()};
    return value;
}

}  // namespace scale
