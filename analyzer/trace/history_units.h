/* The units of a history record -> calls. What a slot stands for, and the number, go on from record to record of a thread. */
#ifndef LOCKORDER_ANALYZER_TRACE_HISTORY_UNITS_H
#define LOCKORDER_ANALYZER_TRACE_HISTORY_UNITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lockorder/trace_format.h"

struct history_slot {
    uint64_t object;  /* address */
    uint32_t context; /* id in the trace; 0: none */
    uint8_t lock_kind, mode;
};

/* As far as the records of one thread have been read. Starts zeroed. */
struct history_position {
    uint64_t number;
    bool has_acquired; /* of a TRACE_HISTORY_PASSED, whose release is the next call */
    struct history_slot slots[TRACE_HISTORY_SLOTS];
};

static inline const uint16_t *trace_history_units(const struct trace_history *history)
{
    return (const uint16_t *)(history + 1);
}

/* Of all threads. Starts as NULL. */
struct history_of_thread;

struct history_position *history_position_of(struct history_of_thread **threads, uint32_t thread);
void history_positions_clear(struct history_of_thread **threads);

/* Whether each call in the record is known, and has all of its units in it; else *unit is the first that is not. */
bool history_units_are_whole(const struct trace_history *history, uint32_t *unit);

/* The next call about a slot from *unit on, which is moved on; NULL at the end. For records that are whole. Of calls that a thread
 * repeats, while no other one takes the lock, the first pair comes alone: more of them say nothing about orders. */
const struct history_slot *history_units_next(const struct trace_history *history, uint32_t *unit,
                                              struct history_position *position, enum trace_history_call *call);

#endif
