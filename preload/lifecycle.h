/* Beginning and end of recording in this process. */
#ifndef LOCKORDER_PRELOAD_LIFECYCLE_H
#define LOCKORDER_PRELOAD_LIFECYCLE_H

/* The process exits: counts are written, the trace is closed, and a report is started where one was asked for. Once only; not in
 * a child of vfork. */
void lifecycle_end(void);

/* Closes the trace, without a report: the process is about to be ended. Inside the recorder. */
void lifecycle_close(void);

#endif
