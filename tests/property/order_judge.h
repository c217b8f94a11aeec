/* Findings of the kind `order`, by brute force: classes, rings of classes and rules that instances follow are worked out anew
 * from the words of docs/verdict.md. Which of several ways to show a ring is chosen is the verdict's affair, so the judge asks
 *
 *     of each finding    is it a ring of classes that can happen, follows no rule, and is no cycle that was found?
 *     of each such ring  do the findings have all its steps? */
#ifndef LOCKORDER_TESTS_ORDER_JUDGE_H
#define LOCKORDER_TESTS_ORDER_JUDGE_H

#include "../worlds/small_world.h"
#include "finding.h"

/* NULL, or what is wrong. */
const char *judge_orders(const struct small_world *small, const struct findings *findings);

#endif
