#include "chain/base/log.hpp"

#include "chain/base/log_event.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>

namespace chain::log {

namespace {

spdlog::level::level_enum native(Level level) {
    switch (level) {
        case Level::Debug: return spdlog::level::debug;
        case Level::Info: return spdlog::level::info;
        case Level::Warn: return spdlog::level::warn;
        case Level::Error: return spdlog::level::err;
    }
    return spdlog::level::info;
}

std::string json_escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        if (static_cast<unsigned char>(c) < 0x20) out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        else out += c;
    }
    return out;
}

/// As a line shows it; text is quoted and escaped for JSON only.
std::string shown(const Field& field, Format format) {
    if (const auto* text = std::get_if<std::string>(&field.value))
        return format == Format::Json ? "\"" + json_escaped(*text) + "\"" : *text;
    if (const auto* number = std::get_if<double>(&field.value)) return fmt::format("{:.1f}", *number);
    if (const auto* truth = std::get_if<bool>(&field.value)) return *truth ? "true" : "false";
    return fmt::format("{}", std::get<std::uint64_t>(field.value));
}

// Guarded by spdlog's own sink mutex; set once, before threads start.
Format chosen_format = Format::Text;

spdlog::logger& logger() {
    static const std::shared_ptr<spdlog::logger> instance = [] {
        auto made = std::make_shared<spdlog::logger>("tephra", std::make_shared<spdlog::sinks::stderr_sink_mt>());
        made->set_pattern("%Y-%m-%dT%H:%M:%S.%e %-5l %v");
        made->flush_on(spdlog::level::info);
        return made;
    }();
    return *instance;
}

}  // namespace

void configure(Level least, Format format) {
    chosen_format = format;
    logger().set_level(native(least));
    if (format == Format::Json) logger().set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%e","level":"%l",%v})");
}

void set_level(Level least) { logger().set_level(native(least)); }

Level level_from(std::string_view name) {
    if (name == "debug") return Level::Debug;
    if (name == "warn") return Level::Warn;
    if (name == "error") return Level::Error;
    return Level::Info;
}

bool enabled(Level level) { return logger().should_log(native(level)); }

void write(Level level, std::string_view channel, std::string_view line) {
    if (chosen_format == Format::Json)
        logger().log(native(level), "\"channel\":\"{}\",\"message\":\"{}\"", channel, json_escaped(line));
    else logger().log(native(level), "{}: {}", channel, line);
}

void event(Level level, const Channel& channel, std::string_view what, std::span<const Field> fields) {
    if (!enabled(level)) return;
    std::string more;
    const bool is_json = chosen_format == Format::Json;
    for (const Field& field : fields)
        more += is_json ? fmt::format(",\"{}\":{}", field.name, shown(field, chosen_format))
                        : fmt::format(" {}={}", field.name, shown(field, chosen_format));
    if (is_json)
        logger().log(native(level), "\"channel\":\"{}\",\"message\":\"{}\"{}", channel.name, json_escaped(what), more);
    else logger().log(native(level), "{}: {}{}", channel.name, what, more);
}

}  // namespace chain::log
