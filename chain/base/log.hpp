#pragma once
// One façade for logs: one line per event, fields not prose. Pure code does not log; it returns effects.
// error: an operator must act · warn · info: about one line per block · debug.

#include <fmt/core.h>

#include <string>
#include <string_view>

namespace chain::log {

enum class Level : unsigned char { Debug, Info, Warn, Error };
enum class Format : unsigned char { Text, Json };

/// Call once, before the first line. Lines go to standard error.
void configure(Level least, Format format);

/// Changes the level later on; from any thread.
void set_level(Level least);

/// "debug", "info", "warn" or "error"; anything else is Info.
Level level_from(std::string_view name);

void write(Level level, std::string_view channel, std::string_view line);
bool enabled(Level level);

/// `constexpr log::Channel pool_log{"pool"}; pool_log.info("accepted {} from {}", hash, peer);`
struct Channel {
    std::string_view name;

    template <class... A>
    void debug(fmt::format_string<A...> text, A&&... fields) const {
        if (enabled(Level::Debug)) write(Level::Debug, name, fmt::format(text, std::forward<A>(fields)...));
    }
    template <class... A>
    void info(fmt::format_string<A...> text, A&&... fields) const {
        if (enabled(Level::Info)) write(Level::Info, name, fmt::format(text, std::forward<A>(fields)...));
    }
    template <class... A>
    void warn(fmt::format_string<A...> text, A&&... fields) const {
        write(Level::Warn, name, fmt::format(text, std::forward<A>(fields)...));
    }
    template <class... A>
    void error(fmt::format_string<A...> text, A&&... fields) const {
        write(Level::Error, name, fmt::format(text, std::forward<A>(fields)...));
    }
};

}  // namespace chain::log
