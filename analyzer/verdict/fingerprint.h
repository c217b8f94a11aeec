/* The identity of a finding, the same in every run and after a rebuild: which functions hold and want the locks, in the circular
 * order of the steps, and which variables the static ones of these locks are. Lines, addresses, locks of other kinds and threads
 * have no part in it, nor does the place in an array: 1,000 static accounts locked by one function are one fault.
 *
 * Where a function or a variable has no name (a stripped binary) its module's file name and offset stand for it: stable from run
 * to run, not over a rebuild. */
#ifndef LOCKORDER_ANALYZER_VERDICT_FINGERPRINT_H
#define LOCKORDER_ANALYZER_VERDICT_FINGERPRINT_H

#include "finding.h"

/* A line of a function. */
struct code_place {
    const char *function; /* NULL: unknown */
    uint32_t line;        /* 0: unknown */
};

/* Where names come from. What the functions return need not stay valid; NULL means unknown. Any function may be NULL. */
struct fingerprint_names {
    const char *(*function)(void *closure, struct frame frame);                                /* that is not inlined */
    const char *(*variable)(void *closure, struct module_id module, uint64_t offset); /* with its subscripts */
    /* What a frame is in the source: at depth 0 the innermost inlined function, last the one that is not inlined; false beyond. */
    bool (*place)(void *closure, struct frame frame, uint32_t depth, struct code_place *place);
    void *closure;
};

/* Frames, from the innermost, that tell one acquisition from another. More would make findings of every way that leads to the
 * same code; fewer would hide a fault behind another one that locks through the same helper function. */
enum { FINGERPRINT_FRAMES = 4 };

/* Keeps what it has found out about a context. The world and what the names come from must outlive it. */
struct fingerprinter *fingerprinter_new(const struct world *world, struct fingerprint_names names);
void fingerprinter_free(struct fingerprinter *fingerprinter);

/* The part of one step: both of its acquisitions. */
uint64_t fingerprint_step(struct fingerprinter *fingerprinter, const struct dependency *dependency, uint32_t held_index);

/* The same of a step, wherever it comes from; a side without a lock or a context has its part as well. */
uint64_t fingerprint_sides(struct fingerprinter *fingerprinter, const struct held_lock *holds, const struct held_lock *wants);

/* The fingerprint of a finding whose steps are these, whichever of them comes first. */
uint64_t fingerprint_steps(enum finding_kind kind, const uint64_t *steps, uint32_t step_count);

/* The same of what an event tells, which is part of it; of a deadlock, it is that of the steps alone. */
uint64_t fingerprint_event(enum finding_kind kind, enum trace_event_kind event, const uint64_t *steps, uint32_t step_count);

/* A number for a text: equal for equal ones, and hardly ever otherwise. Never 0. */
uint64_t fingerprint_text_hash(const char *text);

/* The same for a variable without its subscripts: "accounts[].lock" for "accounts[3].lock". */
uint64_t fingerprint_variable_hash(const char *variable);

/* 16 hexadecimal digits; the caller frees them. */
char *fingerprint_text(uint64_t fingerprint);

#endif
