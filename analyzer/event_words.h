/* What is said of each kind of event: one row of a table, whose sentences have places for names. */
#ifndef LOCKORDER_ANALYZER_EVENT_WORDS_H
#define LOCKORDER_ANALYZER_EVENT_WORDS_H

#include "finding.h"

/* In the sentences, %T stands for the thread of the step, %O for its other thread, %W for the lock that it wants, %H for the one
 * that it holds, %S for the signal of the event. */
struct event_words {
    enum trace_event_kind kind;
    enum finding_kind finding;
    enum finding_certainty certainty;
    const char *subkind;
    const char *title;
    const char *call;       /* what happened where the step's thread wants: "%T unlocks %W" */
    const char *conflict;   /* and what that conflicts with, where it holds: "%O locked %W" */
    const char *suggestion; /* NULL: none that is always right */
};

/* NULL for a kind that this version does not know, and for a deadlock, which is told as a cycle is. */
const struct event_words *event_words_of(enum trace_event_kind kind);

struct event_names {
    const char *thread, *other, *wants, *holds;
    uint32_t signal;
};

/* The sentence with names in it. The caller frees it. */
char *event_sentence(const char *sentence, const struct event_names *names);

#endif
