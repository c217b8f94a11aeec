/* A filter of system calls, for all threads of the process. */
#ifndef LOCKORDER_TESTS_SYSTEM_CALL_FILTER_H
#define LOCKORDER_TESTS_SYSTEM_CALL_FILTER_H

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "guest.h"

enum { CALLS_AT_MOST = 60 };

/* Calls in the list get one answer (SECCOMP_RET_...), and all others the other. The process cannot gain privileges any more. */
static inline void filter_system_calls(const unsigned *listed, unsigned char count, unsigned for_listed, unsigned for_others)
{
    struct sock_filter code[CALLS_AT_MOST + 3] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr))};
    require(count <= CALLS_AT_MOST, "a shorter list");
    for (unsigned char i = 0; i < count; i++)
        code[1 + i] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, listed[i], (unsigned char)(count - i), 0);
    code[1 + count] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, for_others);
    code[2 + count] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, for_listed);
    struct sock_fprog program = {.len = (unsigned short)(count + 3), .filter = code};
    require(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) == 0, "a filter");
}

#endif
