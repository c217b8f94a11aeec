/* The verdict by brute force, for worlds so small that every chain of dependencies can be tried. Shares nothing with analyzer/
 * but the world: it is what analyzer/verdict/ is compared with. */
#ifndef LOCKORDER_TESTS_JUDGE_H
#define LOCKORDER_TESTS_JUDGE_H

#include "../worlds/small_world.h"

/* A line for each finding that there has to be, sorted:
 *
 *     cycle f-g g-f            functions that hold and want, per step, from the least rotation on
 *     cycle f-g g-f timed      every way to have it needs a time-out
 *     deadlock f-g             a thread that waits for itself
 *
 * The caller frees it. */
char *judge_world(const struct small_world *small);

/* The same lines for findings that something else has found, without those of the kind `order`: see order_judge.h. */
struct findings;
char *judge_print(const struct small_world *small, const struct findings *findings);

/* NULL if the steps can happen at the same time, by all rules; else the rule that they break. */
struct finding;
const char *judge_steps(const struct small_world *small, const struct finding *finding);

#endif
