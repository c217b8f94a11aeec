/* System calls that touch neither errno nor cancellation: the recorder may be anywhere in the program when it makes one.
 *
 * In a sandbox (sandbox.h) a call may end the program: there, raw_system_call makes none. */
#ifndef LOCKORDER_PRELOAD_RAW_SYSTEM_CALL_H
#define LOCKORDER_PRELOAD_RAW_SYSTEM_CALL_H

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/syscall.h>

/* Since the program has begun to give up system calls. Weak: one variable for all who include this, also for tests of parts. */
bool recorder_in_sandbox __attribute__((weak, visibility("hidden")));

/* Returns the kernel's value: negative errno on failure. Also in a sandbox: for what every program with threads may do. */
static inline long essential_system_call(long number, long a, long b, long c, long d, long e, long f)
{
    long result;
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "0"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}

static inline long raw_system_call(long number, long a, long b, long c, long d, long e, long f)
{
    return recorder_in_sandbox ? -EPERM : essential_system_call(number, a, b, c, d, e, f);
}

/* Whether a word at this address can be read. rt_sigprocmask first reads the set, then rejects the made-up operation: EINVAL tells
 * that it could, and nothing has changed. Every sandbox allows this call. */
static inline bool memory_is_readable(uintptr_t address)
{
    return essential_system_call(SYS_rt_sigprocmask, -1, (long)(address & ~(uintptr_t)7), 0, _NSIG / 8, 0, 0) == -EINVAL;
}

#endif
