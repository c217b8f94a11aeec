/* Small histories: what threads did, call by call, in one order. Written down as
 *
 *     1 A B -B -A              thread 1 locks A, locks B, unlocks both; what follows is thread 1's until another one is named
 *     2 A%                     thread 2 locks A in shared mode
 *     2 A~                     thread 2 cannot get A
 *     1 !x 2 ?x                thread 1 gives at x, thread 2 takes there
 *     2 S#                     thread 2 takes S, a semaphore, as a lock
 *
 * Names are single letters. All that locks A does so at one place in the code. */
#ifndef LOCKORDER_TESTS_SMALL_HISTORY_H
#define LOCKORDER_TESTS_SMALL_HISTORY_H

#include "verdict/proof.h"
#include "world.h"

struct small_call {
    uint32_t thread; /* 1, 2, ... */
    enum trace_history_call call;
    char object;
    bool shared;
    bool semaphore;
};

/* Ends the test program where the text is not in the notation. Returns how many calls there are, at most `room`. */
uint32_t small_history_read(const char *text, struct small_call *calls, uint32_t room);

/* One process with these calls, in their order. Freed with world_free. */
struct world *small_history_world(const struct small_call *calls, uint32_t count);

/* "1AB": thread 1 holds A and wants B. */
struct proof_step small_history_step(const char *text);

#endif
