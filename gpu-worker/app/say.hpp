#pragma once
// How commands end.

#include "chain/base/result.hpp"

#include <fmt/core.h>

#include <cstdio>

namespace worker::app {

/// The exit status; a fault is told on standard error.
inline int said(const chain::Result<void>& result) {
    if (result) return 0;
    fmt::print(stderr, "error: {}\n", result.error().text);
    return 1;
}

}  // namespace worker::app
