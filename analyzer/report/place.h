/* The places in the code that a finding tells of, each with a sentence: for formats that put text beside lines of source. */
#ifndef LOCKORDER_ANALYZER_REPORT_PLACE_H
#define LOCKORDER_ANALYZER_REPORT_PLACE_H

#include "report.h"
#include "stack.h"

struct place {
    struct context_id context; /* may be none: nothing is known of where */
    uint32_t thread;           /* places of one thread of the finding have the same number: 0, 1, ... */
    char *text;                /* `thread 2 "in" locks accounts[0].lock`; raw */
};

/* In the order in which each thread passes them. */
struct places {
    struct place *items;
    uint32_t count;
    uint32_t thread_count;
    uint32_t primary; /* where the finding is shown if it is shown at one place only */
};

void places_open(struct places *places, const struct report *report, const struct finding *finding);
void places_close(struct places *places);

/* The stack of the primary place; its line that matters is stack.lines[stack.place], unless it has none. */
void places_open_primary_stack(struct stack *stack, const struct report *report, const struct finding *finding);

#endif
