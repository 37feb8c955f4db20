#pragma once
// Refusals and faults are values: Result<T, Error>. A Result that nobody looks at does not compile.

#include <expected>
#include <string>
#include <utility>

namespace chain {

/// The world failed: a disk, a socket, another program. The text names what and says what to do.
struct Fault {
    std::string text;
};

/// std::expected of g++ 12 is not [[nodiscard]]; this heir is.
template <class T, class E = Fault>
struct [[nodiscard]] Result : std::expected<T, E> {
    using std::expected<T, E>::expected;
};

inline std::unexpected<Fault> fault(std::string text) { return std::unexpected{Fault{std::move(text)}}; }

}  // namespace chain

#define TRY_CONCAT_(a, b) a##b
#define TRY_CONCAT(a, b) TRY_CONCAT_(a, b)
#define TRY_(target, result, expr, leave)                          \
    auto&& result = (expr);                                        \
    if (!result) leave std::unexpected{std::move(result).error()}; \
    target = *std::move(result)
#define TRY_VOID_(result, expr, leave)                           \
    if (auto&& result = (expr); !result) leave std::unexpected { \
            std::move(result).error()                            \
        }

/// TRY(auto value, expression): the value, or return the error.
#define TRY(target, expr) TRY_(target, TRY_CONCAT(try_, __COUNTER__), expr, return)
/// TRY_VOID(expression): go on, or return the error.
#define TRY_VOID(expr) TRY_VOID_(TRY_CONCAT(try_, __COUNTER__), expr, return)
/// The same inside coroutines.
#define CO_TRY(target, expr) TRY_(target, TRY_CONCAT(try_, __COUNTER__), expr, co_return)
#define CO_TRY_VOID(expr) TRY_VOID_(TRY_CONCAT(try_, __COUNTER__), expr, co_return)
