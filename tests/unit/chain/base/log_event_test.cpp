#include "chain/base/log_event.hpp"

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

namespace {

/// What `act` writes to standard error.
template <class Act>
std::string errors_of(Act act) {
    std::string name = "/tmp/tephra-log-XXXXXX";
    const int file = ::mkstemp(name.data());
    const int before = ::dup(STDERR_FILENO);
    ::dup2(file, STDERR_FILENO);
    act();
    ::dup2(before, STDERR_FILENO);
    ::close(before);
    ::close(file);
    std::ostringstream out;
    out << std::ifstream{name}.rdbuf();
    ::unlink(name.c_str());
    return out.str();
}

}  // namespace

TEST_CASE("an event's fields are members of its JSON line, and words of its text") {
    using namespace chain::log;
    constexpr Channel channel{"chain"};
    const std::vector<Field> fields{
        {"number", std::uint64_t{5}}, {"delay_ms", 12.34}, {"is_empty", true}, {"who", std::string{"a\"b"}}};

    configure(Level::Info, Format::Text);
    const auto text = errors_of([&] { event(Level::Info, channel, "final", fields); });
    CHECK_THAT(text, Catch::EndsWith(" info  chain: final number=5 delay_ms=12.3 is_empty=true who=a\"b\n"));
    configure(Level::Info, Format::Json);
    const auto json = errors_of([&] { event(Level::Info, channel, "final", fields); });
    CHECK_THAT(json, Catch::EndsWith("\"level\":\"info\",\"channel\":\"chain\",\"message\":\"final\",\"number\":5,"
                                     "\"delay_ms\":12.3,\"is_empty\":true,\"who\":\"a\\\"b\"}\n"));
    CHECK(errors_of([&] { event(Level::Debug, channel, "final", fields); }).empty());
}
