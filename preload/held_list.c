#include "held_list.h"

#include <string.h>

#include "arena.h"

static void rehash_from(struct thread_state *state, struct held_entry *entry)
{
    for (; entry <= state->top; entry++) {
        uint64_t salt = lock_salt(HELD_LOCK(entry));
        entry->chain = held_chain(entry[-1].chain, entry->details * HASH_PRIME + salt);
    }
}

void held_list_remove(struct thread_state *state, struct held_entry *entry)
{
    memmove(entry, entry + 1, (size_t)(state->top - entry) * sizeof *entry);
    held_list_pop(state);
    rehash_from(state, entry);
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
    rehash_from(state, state->held + 1);
}

void held_list_rehash(struct thread_state *state)
{
    rehash_from(state, state->held + 1);
}
