/* Events of a trace -> findings: what happened needs no proof, only to be told as other findings are. */
#ifndef LOCKORDER_ANALYZER_VERDICT_EVENTS_H
#define LOCKORDER_ANALYZER_VERDICT_EVENTS_H

#include "finding.h"
#include "fingerprint.h"

/* Fills in what an event says: kind, certainty, subkind and steps; the rest is zeroed. False, with nothing to free, for an event
 * that this version does not know, or a deadlock in which somebody waits for nothing. */
bool event_make_finding(const struct event *event, struct finding *finding);

/* The deadlocks among the events, one finding for each, without the first `skipped`: for those who tell of them as they happen.
 * The caller frees them with findings_free. */
struct findings *events_find_deadlocks(const struct world *world, struct fingerprint_names names, uint32_t skipped);

#endif
