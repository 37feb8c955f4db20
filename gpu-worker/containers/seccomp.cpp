#include "gpu-worker/containers/seccomp.hpp"

#include <boost/json.hpp>

#include <array>
#include <cerrno>
#include <cstdint>
#include <span>
#include <string_view>

namespace worker {
namespace {

namespace json = boost::json;

// Every clone flag that makes a namespace: NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. (NEWTIME shares
// its bit with the exit signal and works only through clone3 and unshare.)
constexpr std::uint64_t namespace_flags = 0x7E02'0000;

constexpr auto allowed = std::to_array<std::string_view>(
    {// files
     "read", "write", "open", "close", "stat", "fstat", "lstat", "lseek", "pread64", "pwrite64", "readv", "writev",
     "preadv", "pwritev", "preadv2", "pwritev2", "access", "faccessat", "faccessat2", "openat", "openat2", "creat",
     "close_range", "dup", "dup2", "dup3", "fcntl", "flock", "fsync", "fdatasync", "sync", "syncfs", "sync_file_range",
     "truncate", "ftruncate", "fallocate", "fadvise64", "readahead", "getdents", "getdents64", "getcwd", "chdir",
     "fchdir", "rename", "renameat", "renameat2", "mkdir", "mkdirat", "rmdir", "link", "linkat", "unlink", "unlinkat",
     "symlink", "symlinkat", "readlink", "readlinkat", "chmod", "fchmod", "fchmodat", "chown", "fchown", "lchown",
     "fchownat", "umask", "utime", "utimes", "futimesat", "utimensat", "mknod", "mknodat", "statfs", "fstatfs", "statx",
     "newfstatat", "setxattr", "lsetxattr", "fsetxattr", "getxattr", "lgetxattr", "fgetxattr", "listxattr",
     "llistxattr", "flistxattr", "removexattr", "lremovexattr", "fremovexattr", "sendfile", "splice", "tee", "vmsplice",
     "copy_file_range", "ioctl", "inotify_init", "inotify_init1", "inotify_add_watch", "inotify_rm_watch",
     "memfd_create",
     // waiting
     "poll", "ppoll", "select", "pselect6", "epoll_create", "epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait",
     "epoll_pwait2", "eventfd", "eventfd2", "signalfd", "signalfd4", "timerfd_create", "timerfd_settime",
     "timerfd_gettime", "pipe", "pipe2", "io_setup", "io_destroy", "io_getevents", "io_submit", "io_cancel",
     "io_pgetevents",
     // memory
     "mmap", "mprotect", "munmap", "brk", "mremap", "msync", "mincore", "madvise", "mlock", "mlock2", "munlock",
     "mlockall", "munlockall", "remap_file_pages", "mbind", "set_mempolicy", "get_mempolicy", "set_mempolicy_home_node",
     "membarrier", "pkey_mprotect", "pkey_alloc", "pkey_free",
     // processes, threads, signals
     "fork", "vfork", "execve", "execveat", "exit", "exit_group", "wait4", "waitid", "kill", "tkill", "tgkill",
     "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "rt_sigpending", "rt_sigtimedwait", "rt_sigqueueinfo",
     "rt_tgsigqueueinfo", "rt_sigsuspend", "sigaltstack", "pause", "restart_syscall", "pidfd_open", "pidfd_send_signal",
     "set_tid_address", "set_robust_list", "get_robust_list", "futex", "futex_waitv", "rseq", "arch_prctl", "prctl",
     "gettid", "getpid", "getppid", "getpgid", "setpgid", "getpgrp", "getsid", "setsid", "getuid", "geteuid", "getgid",
     "getegid", "getresuid", "getresgid", "getgroups", "setuid", "setgid", "setreuid", "setregid", "setresuid",
     "setresgid", "setfsuid", "setfsgid", "setgroups", "capget", "capset", "seccomp", "landlock_create_ruleset",
     "landlock_add_rule", "landlock_restrict_self", "getrlimit", "setrlimit", "prlimit64", "getrusage", "getpriority",
     "setpriority", "sched_yield", "sched_getaffinity", "sched_setaffinity", "sched_getparam", "sched_setparam",
     "sched_getscheduler", "sched_setscheduler", "sched_getattr", "sched_setattr", "sched_get_priority_max",
     "sched_get_priority_min", "sched_rr_get_interval", "ioprio_get", "ioprio_set", "getcpu", "process_vm_readv",
     "process_vm_writev",
     // time and the machine
     "nanosleep", "clock_nanosleep", "clock_gettime", "clock_getres", "gettimeofday", "time", "times", "alarm",
     "getitimer", "setitimer", "timer_create", "timer_settime", "timer_gettime", "timer_getoverrun", "timer_delete",
     "uname", "sysinfo", "getrandom",
     // sockets and System V communication
     "connect", "accept", "accept4", "bind", "listen", "shutdown", "sendto", "recvfrom", "sendmsg", "recvmsg",
     "sendmmsg", "recvmmsg", "getsockname", "getpeername", "socketpair", "setsockopt", "getsockopt", "shmget", "shmat",
     "shmctl", "shmdt", "semget", "semop", "semctl", "semtimedop", "msgget", "msgsnd", "msgrcv", "msgctl", "mq_open",
     "mq_unlink", "mq_timedsend", "mq_timedreceive", "mq_notify", "mq_getsetattr"});

// Known and refused, with the error that programs expect. The rest of the kernel answers ENOSYS.
constexpr auto forbidden = std::to_array<std::string_view>({"unshare",
                                                            "setns",
                                                            "mount",
                                                            "umount2",
                                                            "pivot_root",
                                                            "chroot",
                                                            "open_tree",
                                                            "move_mount",
                                                            "fsopen",
                                                            "fsconfig",
                                                            "fsmount",
                                                            "fspick",
                                                            "mount_setattr",
                                                            "keyctl",
                                                            "add_key",
                                                            "request_key",
                                                            "bpf",
                                                            "perf_event_open",
                                                            "ptrace",
                                                            "kcmp",
                                                            "process_madvise",
                                                            "pidfd_getfd",
                                                            "syslog",
                                                            "reboot",
                                                            "swapon",
                                                            "swapoff",
                                                            "sethostname",
                                                            "setdomainname",
                                                            "acct",
                                                            "settimeofday",
                                                            "clock_settime",
                                                            "adjtimex",
                                                            "clock_adjtime",
                                                            "init_module",
                                                            "finit_module",
                                                            "delete_module",
                                                            "kexec_load",
                                                            "kexec_file_load",
                                                            "iopl",
                                                            "ioperm",
                                                            "modify_ldt",
                                                            "quotactl",
                                                            "quotactl_fd",
                                                            "fanotify_init",
                                                            "name_to_handle_at",
                                                            "open_by_handle_at",
                                                            "move_pages",
                                                            "migrate_pages",
                                                            "vhangup",
                                                            "personality"});

json::array names(std::span<const std::string_view> list) {
    json::array out;
    for (const auto name : list) out.emplace_back(name);
    return out;
}

json::object equals(unsigned argument, std::uint64_t value) {
    return {{"index", argument}, {"value", value}, {"op", "SCMP_CMP_EQ"}};
}

json::object allow_when(std::string_view name, json::object condition) {
    return {{"names", json::array{name}}, {"action", "SCMP_ACT_ALLOW"}, {"args", json::array{std::move(condition)}}};
}

}  // namespace

json::object seccomp_profile() {
    json::array rules;
    rules.push_back(json::object{{"names", names(allowed)}, {"action", "SCMP_ACT_ALLOW"}});
    rules.push_back(json::object{{"names", names(forbidden)}, {"action", "SCMP_ACT_ERRNO"}, {"errnoRet", EPERM}});
    rules.push_back(
        allow_when("clone", {{"index", 0}, {"value", namespace_flags}, {"valueTwo", 0}, {"op", "SCMP_CMP_MASKED_EQ"}}));
    // Unix, IPv4, IPv6 and netlink: no raw packets, vsock, Bluetooth or kernel cryptography.
    for (const std::uint64_t family : {1U, 2U, 10U, 16U}) rules.push_back(allow_when("socket", equals(0, family)));
    return {{"defaultAction", "SCMP_ACT_ERRNO"},
            {"defaultErrnoRet", ENOSYS},
            {"architectures", json::array{"SCMP_ARCH_X86_64"}},
            {"syscalls", std::move(rules)}};
}

}  // namespace worker
