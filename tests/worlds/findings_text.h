/* Findings in a form that tests compare: one line for each, such as
 *
 *     cycle predicted: T1 A->B 1, T2 B->A 3
 *     cycle predicted x2 until a time-out: ...
 *     deadlock happened: T1 A->A 1
 *     deadlock happened: T1 A->T2 0, T2 ->A 0
 *
 * with thread, held and wanted lock (or the thread whose end is waited for), and count of every step, from the lock first met on; and with the number of occurrences if
 * it is not one. */
#ifndef LOCKORDER_TESTS_FINDINGS_TEXT_H
#define LOCKORDER_TESTS_FINDINGS_TEXT_H

#include "finding.h"
#include "small_world.h"

/* The caller frees it. */
char *findings_text(const struct small_world *small, const struct findings *findings);

#endif
