#include "barrier.h"

#include "arena.h"
#include "hash.h"
#include "hazard.h"
#include "thread_state.h"

/* Rounds that may be under way at once: some threads may still be leaving one while others arrive at the next. */
enum { ROUNDS = 4, BUCKETS = 64, PARTICIPANTS = 16 };

/* The most recent threads that came to a round. */
struct round {
    uint32_t meeting; /* segment id */
    uint32_t arrivals;
    struct {
        const struct thread_state *state;
        uint32_t segment; /* that ended with its arrival */
    } participants[PARTICIPANTS];
};

struct known_barrier {
    const pthread_barrier_t *barrier;
    struct known_barrier *next;
    uint64_t arrivals;
    struct round rounds[ROUNDS];
};

static struct known_barrier *buckets[BUCKETS];

static struct known_barrier **bucket_of(const pthread_barrier_t *barrier)
{
    return &buckets[(uintptr_t)barrier * HASH_GOLDEN >> 58];
}

static struct known_barrier *find(const pthread_barrier_t *barrier)
{
    struct known_barrier *known = *bucket_of(barrier);
    while (known && known->barrier != barrier)
        known = known->next;
    return known;
}

static struct known_barrier *find_or_add(const pthread_barrier_t *barrier)
{
    struct known_barrier *known = find(barrier);
    if (known || !(known = arena_allocate(sizeof *known)))
        return known;
    *known = (struct known_barrier){.barrier = barrier, .next = *bucket_of(barrier)};
    *bucket_of(barrier) = known;
    return known;
}

/* As glibc lays out a barrier: arrivals, round, threads of a round, ... */
static uint32_t threads_of_a_round(const pthread_barrier_t *barrier)
{
    return ((const uint32_t *)barrier)[2];
}

void barrier_begins(const pthread_barrier_t *barrier)
{
    struct known_barrier *known = find(barrier);
    if (known)
        known->arrivals = 0;
}

uint64_t barrier_arrive(const pthread_barrier_t *barrier, struct thread_state *state)
{
    struct known_barrier *known = find_or_add(barrier);
    uint32_t threads = threads_of_a_round(barrier);
    if (!known || !threads)
        return BARRIER_UNKNOWN;
    uint64_t number = known->arrivals / threads;
    struct round *round = &known->rounds[number % ROUNDS];
    if (known->arrivals++ % threads == 0)
        *round = (struct round){0};
    round->meeting = thread_state_meet(state, round->meeting);
    uint32_t place = round->arrivals++ % PARTICIPANTS;
    round->participants[place].state = state;
    round->participants[place].segment = state->segment;
    return number;
}

void barrier_leave(const pthread_barrier_t *barrier, uint64_t number, struct thread_state *state)
{
    struct known_barrier *known = find(barrier);
    if (!known)
        return;
    const struct round *round = &known->rounds[number % ROUNDS];
    thread_state_next_segment(state, TRACE_SEGMENT_BARRIER, round->meeting);
    for (uint32_t i = 0; i < round->arrivals && i < PARTICIPANTS; i++)
        if (round->participants[i].state != state)
            hazard_waited_for(state, TRACE_EVENT_BARRIER_HOLDING, round->participants[i].state, round->participants[i].segment,
                              &state->stack);
}

void barrier_forget_all(void)
{
    for (unsigned i = 0; i < BUCKETS; i++)
        buckets[i] = NULL;
}
