/* LOCKORDER_OPTIONS: key=value pairs, separated by ':'. */
#ifndef LOCKORDER_PRELOAD_OPTIONS_H
#define LOCKORDER_PRELOAD_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum on_deadlock { ON_DEADLOCK_REPORT, ON_DEADLOCK_ABORT, ON_DEADLOCK_EXIT };

/* Of a process that is ended because of a deadlock. */
enum { ON_DEADLOCK_EXIT_STATUS = 66 };

struct options {
    char trace_dir[4096];    /* where the trace goes; "" chooses one */
    bool report;             /* report on stderr when the process exits */
    bool record_full;        /* every lock call in order, not only what is new */
    uint64_t max_trace_size; /* bytes of one trace */
    enum on_deadlock on_deadlock;
    int epoch_signal; /* begins an epoch; 0: none does */
    pid_t notify; /* who is told of a deadlock, by SIGURG; 0: nobody, it is reported on stderr */
};

extern struct options options __attribute__((visibility("hidden")));

/* Reads the environment once; what it does not understand is told on stderr and left out. */
void options_read(void);

#endif
