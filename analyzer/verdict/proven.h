/* Findings -> those that are proven, with their schedules; where the histories of calls are there (--record=full). */
#ifndef LOCKORDER_ANALYZER_VERDICT_PROVEN_H
#define LOCKORDER_ANALYZER_VERDICT_PROVEN_H

#include "finding.h"

void proven_mark(const struct world *world, struct findings *findings);

#endif
