#pragma once
// Names and members of plain structs and enums, read off the declaration itself.
// The only file that knows how a compiler spells a type (g++ 12 and clang 19 agree on what we need).

#include <array>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace reflect {

/// A struct whose public members are its whole meaning: no bases, no constructors, not a container.
template <class T>
concept Record = std::is_class_v<T> && std::is_aggregate_v<T> && !requires(T t) { t.begin(); };

template <class T>
concept Enum = std::is_enum_v<T>;

namespace detail {

/// Stands for any member's value, but never for a whole Counted.
template <class Counted>
struct Anything {
    template <class T>
        requires(!std::same_as<T, Counted>)
    operator T&() const&;
    template <class T>
        requires(!std::same_as<T, Counted>)
    operator T&&() const&&;
};

template <class T, std::size_t... I>
consteval bool braces_take(std::index_sequence<I...>) {
    return requires { T{(static_cast<void>(I), Anything<T>{})...}; };
}

template <class T, std::size_t N = 0>
consteval std::size_t count_fields() {
    if constexpr (braces_take<T>(std::make_index_sequence<N + 1>{})) return count_fields<T, N + 1>();
    else return N;
}

}  // namespace detail

template <Record T>
inline constexpr std::size_t field_count = detail::count_fields<T>();

// clang-format off
/// f(member, member, ...). A wrong count cannot slip through: the binding below would not compile.
template <class T>
constexpr decltype(auto) with_fields(T& record, auto&& f) {
    constexpr std::size_t N = field_count<std::remove_const_t<T>>;
    static_assert(N <= 24, "more members than with_fields lists");
    if constexpr (N == 0) return f();
    else if constexpr (N == 1) { auto& [m0] = record; return f(m0); }
    else if constexpr (N == 2) { auto& [m0, m1] = record; return f(m0, m1); }
    else if constexpr (N == 3) { auto& [m0, m1, m2] = record; return f(m0, m1, m2); }
    else if constexpr (N == 4) { auto& [m0, m1, m2, m3] = record; return f(m0, m1, m2, m3); }
    else if constexpr (N == 5) { auto& [m0, m1, m2, m3, m4] = record; return f(m0, m1, m2, m3, m4); }
    else if constexpr (N == 6) { auto& [m0, m1, m2, m3, m4, m5] = record; return f(m0, m1, m2, m3, m4, m5); }
    else if constexpr (N == 7) { auto& [m0, m1, m2, m3, m4, m5, m6] = record; return f(m0, m1, m2, m3, m4, m5, m6); }
    else if constexpr (N == 8) { auto& [m0, m1, m2, m3, m4, m5, m6, m7] = record; return f(m0, m1, m2, m3, m4, m5, m6, m7); }
    else if constexpr (N == 9) { auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8] = record; return f(m0, m1, m2, m3, m4, m5, m6, m7, m8); }
    else if constexpr (N == 10) { auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9] = record; return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9); }
    else if constexpr (N == 11) { auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10] = record; return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10); }
    else if constexpr (N == 12) { auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11] = record; return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11); }
    else if constexpr (N == 13) { auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12] = record; return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12); }
    else if constexpr (N == 14) { auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13] = record; return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13); }
    else if constexpr (N == 15) { auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14] = record; return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14); }
    else if constexpr (N == 16) { auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15] = record; return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15); }
    else if constexpr (N == 17) { auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16] = record; return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16); }
    else if constexpr (N == 18) { auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17] = record; return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17); }
    else if constexpr (N == 19) { auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18] = record; return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18); }
    else if constexpr (N == 20) { auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18, m19] = record; return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18, m19); }
    else if constexpr (N == 21) { auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18, m19, m20] = record; return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18, m19, m20); }
    else if constexpr (N == 22) { auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18, m19, m20, m21] = record; return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18, m19, m20, m21); }
    else if constexpr (N == 23) { auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18, m19, m20, m21, m22] = record; return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18, m19, m20, m21, m22); }
    else if constexpr (N == 24) { auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18, m19, m20, m21, m22, m23] = record; return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18, m19, m20, m21, m22, m23); }
}
// clang-format on

template <class T>
constexpr auto tie(T& record) {
    return with_fields(record, [](auto&... m) { return std::tie(m...); });
}

template <Record T, std::size_t I>
using field_type = std::remove_reference_t<std::tuple_element_t<I, decltype(tie(std::declval<T&>()))>>;

template <std::size_t I>
constexpr auto& field(auto& record) {
    return std::get<I>(tie(record));
}

/// Calls f(index_constant<0>), f(index_constant<1>), ...
template <std::size_t N>
constexpr void for_each_index(auto&& f) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        (f(std::integral_constant<std::size_t, I>{}), ...);
    }(std::make_index_sequence<N>{});
}

namespace spelling {

#pragma GCC diagnostic push
#ifdef __clang__
#pragma GCC diagnostic ignored "-Wundefined-var-template"
#endif
template <class T>
extern const T never_defined;

// Returning const char* keeps the compiler from appending "std::string_view = ..." to the text.
template <class T>
consteval const char* of_type() {
    return __PRETTY_FUNCTION__;
}
template <auto V>
consteval const char* of_value() {
    return __PRETTY_FUNCTION__;
}
template <class T, std::size_t I>
consteval const char* of_field() {
    return of_value<&field<I>(never_defined<T>)>();
}
#pragma GCC diagnostic pop

/// "... [with T = a::b::C]" -> "a::b::C"
constexpr std::string_view value_part(std::string_view text) {
    auto start = text.find(" = ") + 3;
    return text.substr(start, text.size() - start - 1);
}

/// The identifier that ends the text: "(& x<T>.T::price)" -> "price".
constexpr std::string_view last_identifier(std::string_view text) {
    while (!text.empty() && (text.back() == ')' || text.back() == ']')) text.remove_suffix(1);
    auto at = text.find_last_of(":.) ");
    return at == std::string_view::npos ? text : text.substr(at + 1);
}

}  // namespace spelling

template <class T>
inline constexpr std::string_view qualified_name = spelling::value_part(spelling::of_type<T>());

template <class T>
inline constexpr std::string_view type_name = spelling::last_identifier(qualified_name<T>);

/// A member's name. One trailing underscore is dropped: it only keeps a name apart from a C++ keyword (`requires_`).
template <Record T, std::size_t I>
inline constexpr std::string_view field_name = [] {
    auto name = spelling::last_identifier(spelling::of_field<T, I>());
    if (name.ends_with('_')) name.remove_suffix(1);
    return name;
}();

/// An enumerator's name, or "" where the value names none.
template <Enum auto V>
inline constexpr std::string_view enumerator_name = [] {
    constexpr auto text = spelling::value_part(spelling::of_value<V>());
    return text.front() == '(' ? std::string_view{} : spelling::last_identifier(text);
}();

/// Enumerators count from 0 without gaps; the first unnamed value ends them.
template <Enum E, std::uint8_t I = 0>
consteval std::size_t enumerator_count() {
    if constexpr (enumerator_name<static_cast<E>(I)>.empty()) return I;
    else return enumerator_count<E, I + 1>();
}

/// "a::b::C" -> {"a", "b", "C"}
inline std::vector<std::string> path_of(std::string_view qualified) {
    std::vector<std::string> path;
    for (std::size_t at; (at = qualified.find("::")) != std::string_view::npos; qualified.remove_prefix(at + 2))
        path.emplace_back(qualified.substr(0, at));
    path.emplace_back(qualified);
    return path;
}

constexpr bool is_upper(char c) { return 'A' <= c && c <= 'Z'; }
constexpr bool is_lower(char c) { return 'a' <= c && c <= 'z'; }

/// A short text built at compile time. (std::string is not constexpr for clang with libstdc++ 12.)
struct Name {
    char text[64]{};
    std::size_t size = 0;

    constexpr void push(char c) { text[size++] = c; }
    constexpr operator std::string_view() const { return {text, size}; }
};

/// SubmitJob -> submit_job
constexpr Name snake_case(std::string_view name) {
    Name out;
    for (char c : name) {
        if (is_upper(c) && out.size != 0) out.push('_');
        out.push(is_upper(c) ? static_cast<char>(c + 32) : c);
    }
    return out;
}

/// next_job_id -> NextJobId
constexpr Name pascal_case(std::string_view name) {
    Name out;
    for (bool start = true; char c : name) {
        if (c != '_') out.push(start && is_lower(c) ? static_cast<char>(c - 32) : c);
        start = c == '_';
    }
    return out;
}

// The names reach consensus (storage keys), so the technique proves itself in every build.
namespace self_test {
struct Sample {
    int first;
    std::string second_field;
    std::array<int, 2> third;
    std::optional<Sample*> fourth;
    int requires_;
};
struct Empty {};
static_assert(field_count<Empty> == 0);
enum class Mood : std::uint8_t { Calm, Keen };
static_assert(field_count<Sample> == 5);
static_assert(field_name<Sample, 0> == "first" && field_name<Sample, 1> == "second_field" &&
              field_name<Sample, 3> == "fourth" && field_name<Sample, 4> == "requires");
static_assert(type_name<Sample> == "Sample" && qualified_name<Sample> == "reflect::self_test::Sample");
static_assert(enumerator_count<Mood>() == 2 && enumerator_name<Mood::Keen> == "Keen");
static_assert(std::string_view{snake_case("SubmitJob")} == "submit_job");
static_assert(std::string_view{pascal_case("next_job_id")} == "NextJobId");
}  // namespace self_test

}  // namespace reflect
