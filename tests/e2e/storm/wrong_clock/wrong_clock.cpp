// Preloaded into a node, it makes the wall clock wrong by as many seconds as the file named in WRONG_CLOCK_FILE says,
// and follows a change of that file within a quarter of a second. libfaketime does this too, but not beside jemalloc:
// it allocates before it knows the real clock, and jemalloc asks for the clock before it allocates. Hence nothing here
// but system calls.

#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <ctime>

namespace {

constexpr std::int64_t known_for_ns = 250'000'000;

std::atomic<std::int64_t> looked_at_ns = 0;  // since the machine started; 0: never
std::atomic<std::int64_t> wrong_by_s = 0;

void look() {
    const char* name = std::getenv("WRONG_CLOCK_FILE");
    const int file = name == nullptr ? -1 : ::open(name, O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    std::array<char, 32> text{};
    if (::read(file, text.data(), text.size() - 1) > 0) wrong_by_s = std::strtoll(text.data(), nullptr, 10);
    ::close(file);
}

std::int64_t wrongness_s() {
    timespec now{};
    ::syscall(SYS_clock_gettime, CLOCK_MONOTONIC_COARSE, &now);
    const std::int64_t now_ns = std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
    std::int64_t before = looked_at_ns;
    if (before == 0 || now_ns - before > known_for_ns) {
        const int error = errno;
        if (looked_at_ns.compare_exchange_strong(before, now_ns)) look();
        errno = error;
    }
    return wrong_by_s;
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* out) noexcept {
    const auto failed = ::syscall(SYS_clock_gettime, clock, out);
    if (failed == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) out->tv_sec += wrongness_s();
    return static_cast<int>(failed);
}

int gettimeofday(timeval* out, void* /*zone*/) noexcept {
    timespec now{};
    if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
    *out = {.tv_sec = now.tv_sec, .tv_usec = now.tv_nsec / 1'000};
    return 0;
}

time_t time(time_t* out) noexcept {
    timespec now{};
    if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
    if (out != nullptr) *out = now.tv_sec;
    return now.tv_sec;
}
}
