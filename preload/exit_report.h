/* Plain LD_PRELOAD mode: the recorder does not analyse, it starts `lockorder report` on its own trace. */
#ifndef LOCKORDER_PRELOAD_EXIT_REPORT_H
#define LOCKORDER_PRELOAD_EXIT_REPORT_H

#include <stdint.h>

/* Runs the report and waits for it; where the command is not found beside this library, prints the trace's path. Silent for a
 * process that never created a thread nor held two locks; its trace is removed unless the user said where traces go. */
void exit_report(void);

/* The same while the process hangs: reports on one of the deadlocks that the trace tells of; the first is 1. */
void deadlock_report(uint32_t number);

#endif
