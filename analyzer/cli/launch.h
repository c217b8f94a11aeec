/* Runs the program under the recorder, as a shell would run it: same input and output, same signals from the terminal. */
#ifndef LOCKORDER_ANALYZER_CLI_LAUNCH_H
#define LOCKORDER_ANALYZER_CLI_LAUNCH_H

#include <stdint.h>

#include "error.h"

struct launch {
    const char *path; /* of the program */
    char **arguments; /* its own, ended by NULL */
    const char *preload_library;
    const char *trace_folder;
    const char *on_deadlock;     /* for the recorder: "report", "abort" or "exit"; NULL: as LOCKORDER_OPTIONS says */
    const char *record;          /* "dependencies" or "full"; NULL: as LOCKORDER_OPTIONS says */
    uint64_t max_trace_size;     /* megabytes; 0: as LOCKORDER_OPTIONS says */
    void (*look)(void *closure); /* called every second, when a recorder tells of a deadlock, and once after the end */
    void *closure;
};

/* Waits for the program, not for what it leaves running. Returns its exit status, or EXIT_SIGNAL plus the signal's number; -1
 * with the error set when it could not be started. SIGINT and SIGQUIT, which a terminal sends to the program as well, are ignored
 * meanwhile; SIGTERM and SIGHUP are passed on to it. */
int launch_and_wait(const struct launch *launch, struct error *error);

#endif
