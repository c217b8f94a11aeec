/* LOCKORDER_OPTIONS: key=value pairs, separated by ':'. */
#ifndef LOCKORDER_PRELOAD_OPTIONS_H
#define LOCKORDER_PRELOAD_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct options {
    char trace_dir[4096];    /* where the trace goes; "" chooses one */
    bool report;             /* report on stderr when the process exits */
    uint64_t max_trace_size; /* bytes of one trace */
};

extern struct options options __attribute__((visibility("hidden")));

/* Reads the environment once; what it does not understand is told on stderr and left out. */
void options_read(void);

#endif
