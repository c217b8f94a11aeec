/* The rules as docs/verdict.md states them, for two steps, by brute force. */
#ifndef LOCKORDER_TESTS_JUDGE_RULES_H
#define LOCKORDER_TESTS_JUDGE_RULES_H

#include "world.h"

enum { JUDGE_MOST_SEGMENTS = 64 };

/* One thread's part: it holds dependency->held[held_index] in `segment` and wants dependency->lock. */
struct judge_step {
    const struct dependency *dependency;
    uint32_t held_index;
    uint32_t segment;
};

/* Which segments end before which begin. */
struct judge_order {
    bool before[JUDGE_MOST_SEGMENTS][JUDGE_MOST_SEGMENTS];
};

void judge_order_close(struct judge_order *order, const struct world *world);

uint32_t judge_thread(const struct world *world, const struct judge_step *step);
uint32_t judge_held_lock(const struct judge_step *step);
/* The stronger one if the lock is held twice. */
enum trace_mode judge_held_mode(const struct judge_step *step);

bool judge_waits_for_itself(const struct dependency *dependency);

/* Rules 1 to 3; NULL where they are kept. */
const char *judge_broken_rule(const struct judge_order *order, const struct world *world, const struct judge_step *left,
                              const struct judge_step *right);

bool judge_is_ordered(const struct judge_order *order, const struct judge_step *left, const struct judge_step *right);

/* Whether two threads cannot have a lock in these modes at the same time. */
bool judge_modes_exclude(enum trace_mode left, enum trace_mode right);

#endif
