#pragma once
// The system calls that a job may make, as the seccomp section of an OCI configuration.

#include <boost/json/object.hpp>

namespace worker {

/// Allow-list for x86_64 only (neither the 32-bit nor the x32 interface). What is not listed does not exist (ENOSYS),
/// what is known and forbidden is not permitted (EPERM). No new namespaces, keys, BPF, performance counters, io_uring
/// or userfaultfd; clone3 answers ENOSYS because a filter cannot look at its flags, so that libraries fall back to
/// clone.
boost::json::object seccomp_profile();

}  // namespace worker
