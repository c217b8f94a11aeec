/* Events: deadlocks, misuse and hazards, written to the trace as they happen, each once. Call with the recorder lock held. */
#ifndef LOCKORDER_PRELOAD_EVENT_H
#define LOCKORDER_PRELOAD_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "lockorder/trace_format.h"

/* False when the same event from the same contexts was written before, or when it could not be written. */
bool event_write(enum trace_event_kind kind, uint32_t detail, const struct trace_event_step *steps, uint32_t step_count);

/* In a child after fork. */
void event_forget_all(void);

/* The deadlock with this number (1, 2, ...) has been written: tells `lockorder run`, or reports on stderr; then does with the program what the user asked for.
 * Outside of the recorder lock, inside the recorder. May not return. */
void event_tell_deadlock(uint32_t number);

#endif
