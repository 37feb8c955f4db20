#include "chain/base/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace chain {

void fail_check(std::source_location where) {
    std::fprintf(stderr, "bug: check failed at %s:%u in %s\n", where.file_name(), static_cast<unsigned>(where.line()),
                 where.function_name());
    std::abort();
}

}  // namespace chain
