#include "held_list.h"

#include <string.h>

#include "arena.h"

static void rehash(struct held_entry *entry)
{
    entry->chain = held_chain(entry[-1].chain, entry->details * HASH_PRIME + lock_salt(HELD_LOCK(entry)));
}

void held_list_rehash(struct thread_state *state)
{
    for (struct held_entry *entry = state->held + 1; entry <= state->top; entry++)
        rehash(entry);
}

void held_list_remove(struct thread_state *state, struct held_entry *entry)
{
    for (; entry < state->top; entry++) {
        *entry = entry[1];
        rehash(entry);
    }
    held_list_pop(state);
}

bool held_list_make_room(struct thread_state *state)
{
    if (state->top < state->held_last)
        return true;
    size_t used = (size_t)(state->top - state->held) + 1;
    size_t room = used * 2;
    if (used > LOCKORDER_TRACE_MAX_HELD)
        return false;
    struct held_entry *larger = pages_allocate(room * sizeof *larger);
    if (!larger)
        return false;
    memcpy(larger, state->held, used * sizeof *larger);
    state->held = larger; /* another thread may be reading the old one, which is left as it is */
    state->top = larger + used - 1;
    state->held_last = larger + room - 1;
    return true;
}

void held_list_set_root(struct thread_state *state, uint32_t segment)
{
    state->held->chain = hash_mix(HASH_PRIME, segment);
    held_list_rehash(state);
}
