#include "history_units.h"

#include "allocate.h"
#include <uthash.h>

struct history_of_thread {
    uint32_t thread;
    struct history_position position;
    UT_hash_handle hh;
};

struct history_position *history_position_of(struct history_of_thread **threads, uint32_t thread)
{
    struct history_of_thread *found = NULL;
    HASH_FIND(hh, *threads, &thread, sizeof thread, found);
    if (found == NULL) {
        found = allocate_zeroed(1, sizeof *found);
        found->thread = thread;
        HASH_ADD(hh, *threads, thread, sizeof found->thread, found);
    }
    return &found->position;
}

void history_positions_clear(struct history_of_thread **threads)
{
    struct history_of_thread *thread, *next;
    HASH_ITER(hh, *threads, thread, next)
    {
        HASH_DEL(*threads, thread);
        free(thread);
    }
}

/* Units that follow the first one of a call. */
static uint32_t units_after(unsigned call)
{
    return call == TRACE_HISTORY_SLOT        ? TRACE_HISTORY_SLOT_UNITS
           : call == TRACE_HISTORY_NUMBER_IS ? TRACE_HISTORY_NUMBER_UNITS
                                             : 0;
}

static bool names_slot(unsigned call)
{
    return call != TRACE_HISTORY_END && call != TRACE_HISTORY_NUMBER && call != TRACE_HISTORY_NUMBER_IS &&
           call != TRACE_HISTORY_AGAIN;
}

bool history_units_are_whole(const struct trace_history *history, uint32_t *unit)
{
    const uint16_t *units = trace_history_units(history);
    for (*unit = 0; *unit < history->unit_count && units[*unit] != TRACE_HISTORY_END;) {
        unsigned call = TRACE_HISTORY_CALL(units[*unit]), operand = TRACE_HISTORY_OPERAND(units[*unit]);
        bool known = call != TRACE_HISTORY_END && call <= TRACE_HISTORY_AGAIN;
        bool fits = units_after(call) < history->unit_count - *unit;
        if (!known || !fits || (names_slot(call) && operand >= TRACE_HISTORY_SLOTS))
            return false;
        *unit += 1 + units_after(call);
    }
    return true;
}

static uint64_t word_at(const uint16_t *units)
{
    uint64_t word = 0;
    for (unsigned i = 4; i-- > 0;)
        word = word << 16 | units[i];
    return word;
}

static struct history_slot slot_at(const uint16_t *units)
{
    return (struct history_slot){.object = word_at(units),
                                 .context = units[4] | (uint32_t)units[5] << 16,
                                 .lock_kind = (uint8_t)(units[6] >> 8),
                                 .mode = (uint8_t)units[6]};
}

/* One unit stands for two calls. */
static enum trace_history_call half_of_passed(struct history_position *position, uint32_t *unit)
{
    position->has_acquired = !position->has_acquired;
    *unit += !position->has_acquired;
    return position->has_acquired ? TRACE_HISTORY_ACQUIRED : TRACE_HISTORY_RELEASED;
}

const struct history_slot *history_units_next(const struct trace_history *history, uint32_t *unit,
                                              struct history_position *position, enum trace_history_call *call)
{
    const uint16_t *units = trace_history_units(history);
    while (*unit < history->unit_count && units[*unit] != TRACE_HISTORY_END) {
        const uint16_t *at = &units[*unit];
        unsigned operand = TRACE_HISTORY_OPERAND(*at);
        *call = (enum trace_history_call)TRACE_HISTORY_CALL(*at);
        if (*call == TRACE_HISTORY_PASSED) {
            *call = half_of_passed(position, unit);
            return &position->slots[operand];
        }
        *unit += 1 + units_after(*call);
        if (*call == TRACE_HISTORY_NUMBER)
            position->number += operand;
        else if (*call == TRACE_HISTORY_NUMBER_IS)
            position->number = word_at(at + 1);
        else if (*call == TRACE_HISTORY_SLOT)
            position->slots[operand] = slot_at(at + 1);
        else if (*call != TRACE_HISTORY_AGAIN)
            return &position->slots[operand];
    }
    return NULL;
}
