/* What a report lists. Made by verdict/, shown by report/. */
#ifndef LOCKORDER_ANALYZER_FINDING_H
#define LOCKORDER_ANALYZER_FINDING_H

#include "world.h"

enum finding_kind {
    FINDING_DEADLOCK, /* threads are blocked on each other now */
    FINDING_CYCLE,    /* lock instances taken in a circular order by threads that can overlap, with no guard */
    FINDING_ORDER,    /* the same between lock classes */
    FINDING_HAZARD,   /* no cycle seen, yet a known way to deadlock */
    FINDING_MISUSE,   /* the contract of the lock's functions broken */
    FINDING_KIND_COUNT
};

/* What the user has said of a finding before. Only new ones fail the gate; the others are told, never dropped. */
enum finding_status {
    FINDING_NEW,
    FINDING_BASELINED,  /* named in the baseline, and not expired */
    FINDING_SUPPRESSED, /* matched by a rule of a suppression file */
    FINDING_STATUS_COUNT
};

/* "new", "baselined", "suppressed". */
const char *finding_status_name(enum finding_status status);

enum finding_certainty { CERTAINTY_PREDICTED, CERTAINTY_PROVEN, CERTAINTY_HAPPENED };

/* "deadlock", "cycle", ...; "predicted", ... */
const char *finding_kind_name(enum finding_kind kind);
const char *finding_certainty_name(enum finding_certainty certainty);
/* Whether findings of this kind fail the gate unless the user says otherwise. */
bool finding_fails_by_default(enum finding_kind kind);

/* The subkind of an `order` in which all locks are of one class. */
#define FINDING_ONE_CLASS "one class"

/* The subkind of a `cycle` whose steps were seen in several processes or runs. */
#define FINDING_ACROSS_RUNS "across runs"

/* One thread's part: what it holds, and what it waits for. Steps come from a dependency that was recorded, or from an event; both
 * are told in the same way. */
struct finding_step {
    struct thread_id thread;
    struct held_lock holds, wants; /* wants.lock may be none: see other_thread. holds.lock may be: it holds nothing of interest */
    struct thread_id other_thread; /* without wants.lock: whose end it waits for; in a finding of one event: see finding.event */
    uint64_t count;                /* how often this order of the two locks was seen, over all contexts and threads; 0: unknown */
    uint32_t flags;                /* of the wait: enum trace_dependency_flag */
    struct dependency_id dependency; /* where it comes from, and held_index in it; none for a step of an event */
    uint32_t held_index;
    struct segment_id segment; /* a witness of the dependency such that the steps' segments can overlap */
};

/* Whether the step's thread is gone, by its end or in the child of a fork, and has left the lock locked. The last step of a
 * deadlock may be so. */
static inline bool finding_step_is_gone(const struct finding_step *step)
{
    return step->wants.lock.index == 0 && step->other_thread.index == 0;
}

/* The step of a thread that holds dependency.held[held_index] and wants dependency.lock, in a segment that is a witness. */
struct finding_step finding_step_of(const struct world *world, struct dependency_id dependency, uint32_t held_index,
                                    struct segment_id segment, uint64_t count);

enum finding_call_kind { FINDING_CALL_LOCKS, FINDING_CALL_UNLOCKS, FINDING_CALL_BLOCKS };

/* One call of the schedule by which a cycle is proven. */
struct finding_call {
    enum finding_call_kind kind;
    bool is_kept; /* locks what it still has when it blocks */
    struct thread_id thread;
    struct lock_id lock; /* none: it was never held together with another one */
    uint64_t address;
    struct context_id context; /* where the lock was taken, or is wanted */
};

/* Of a deadlock or a cycle: the lock that step i wants is the one that step (i + 1) % step_count holds, or that one's thread is
 * the one whose end it waits for; or the last step is of a thread that is gone. A thread that waits for itself is one step. Of an
 * order: the lock that a step wants is of the same class as the one that the next step holds. Of a hazard or a misuse: one step,
 * that says what trace_format.h says of its event. */
struct finding {
    enum finding_kind kind;
    enum finding_certainty certainty;
    enum trace_event_kind event; /* that it tells of; 0: none, it was concluded from dependencies */
    uint32_t event_detail;
    char *subkind;              /* "two threads", "self", ...; never NULL */
    char *fingerprint;          /* 16 hexadecimal digits, from functions and modules alone: stable over rebuilds */
    char *title;                /* one sentence, plain text */
    char *suggestion;           /* one sentence, or NULL where nothing is obvious */
    struct finding_step *steps; /* the order seen most often comes first */
    uint32_t step_count;
    struct finding_call *schedule; /* of a proven cycle: how its threads come to block, the last calls of each; else NULL */
    uint32_t schedule_count;
    uint64_t schedule_left_out; /* calls of these threads that come before, or in between, and have unlocked what they lock */
    uint32_t occurrences;       /* findings of the same code places that this one stands for, itself included */
    bool needs_timeout_to_end;  /* some step waits with a time-out: a stall until then, not for ever */
    bool needs_writer;          /* some step waits to read a lock that is read: only where a third thread waits to write it */
    bool advisory;              /* one thread did all of it, so far, or may do: told, but it fails no gate */
    bool across_runs;           /* its steps are of several processes or runs, each with locks of its own in the same variables */
    bool is_elsewhere;          /* it touches nothing of what the user calls his own */
    enum finding_status status;
    char *status_reason; /* the user's, of the baseline's entry or of the rule; NULL: none was given, or it is new */
};

/* "two threads", ..., "7 threads": the subkind of findings with so many steps. The caller frees it. */
char *finding_subkind_of_threads(uint32_t step_count);

/* The process in which it is: that of its first step. */
struct process_id finding_process(const struct world *world, const struct finding *finding);

struct findings {
    struct finding *items;
    uint32_t count;
    uint64_t cut; /* cycles that a limit kept from being looked at, at least; told in the report */
};

void findings_free(struct findings *findings);

/* How often its steps were seen, all together. */
uint64_t finding_count(const struct finding *finding);

/* Those elsewhere last; in the order of kinds; of one kind, those of fewer steps first, then those seen more often. */
void findings_sort(struct findings *findings);

/* How many have this status. */
uint32_t findings_count_of(const struct findings *findings, enum finding_status status);

/* The name that a reader knows a lock by; stages after the verdict make it. Valid while `closure` is. */
typedef const char *finding_lock_name(void *closure, struct lock_id lock);

/* One sentence for finding.title; the caller owns it. It holds names from the observed program as they are. */
char *finding_title(const struct world *world, const struct finding *finding, finding_lock_name *lock_name, void *closure);

#endif
