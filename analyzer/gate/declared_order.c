#include "declared_order.h"

#include <inttypes.h>

#include "allocate.h"
#include "learnt_order.h"
#include "verdict/known.h"

struct judge {
    const struct world *world;
    struct fingerprinter *fingerprinter;
    struct findings *findings;
    struct known *known; /* findings made here, by fingerprint */
};

static uint64_t count_of(const struct dependency *dependency)
{
    uint64_t count = 0;
    for (uint32_t i = 0; i < dependency->witness_count; i++)
        count += dependency->witnesses[i].count;
    return count;
}

static void add_finding(struct judge *judge, uint64_t fingerprint, struct finding_step step)
{
    struct findings *findings = judge->findings;
    known_add(&judge->known, fingerprint, findings->count);
    findings->items = allocate_grown(findings->items, findings->count, sizeof *findings->items);
    struct finding *finding = &findings->items[findings->count++];
    *finding = (struct finding){.kind = FINDING_ORDER,
                                .certainty = CERTAINTY_HAPPENED,
                                .event = TRACE_EVENT_AGAINST_DECLARED_ORDER,
                                .subkind = allocate_copy(DECLARED_ORDER_SUBKIND),
                                .fingerprint = fingerprint_text(fingerprint),
                                .steps = allocate_zeroed(1, sizeof step),
                                .step_count = 1,
                                .occurrences = 1};
    finding->steps[0] = step;
}

/* The same code is one finding. */
static void add_use(struct judge *judge, struct dependency_id id, uint32_t held)
{
    const struct dependency *dependency = &judge->world->dependencies[id.index];
    uint64_t sides = fingerprint_step(judge->fingerprinter, dependency, held);
    uint64_t fingerprint = fingerprint_event(FINDING_ORDER, TRACE_EVENT_AGAINST_DECLARED_ORDER, &sides, 1);
    struct segment_id segment = dependency->witness_count == 0 ? (struct segment_id){0} : dependency->witnesses[0].segment;
    struct finding_step step = finding_step_of(judge->world, id, held, segment, count_of(dependency));
    step.other_thread = step.thread;
    const struct known *known = known_find(judge->known, fingerprint);
    if (known == NULL) {
        add_finding(judge, fingerprint, step);
        return;
    }
    judge->findings->items[known->finding].occurrences++;
    judge->findings->items[known->finding].steps[0].count += step.count;
}

static void remark_undeclared(const struct declared_orders *declared, const struct learnt_pair *pair, const struct report *report,
                              struct remarks *remarks)
{
    char *example = learnt_order_example(pair, report);
    remarks_add(remarks, REMARK_ORDER_UNDECLARED, "%s: does not say whether %s comes before %s, as it did %s", declared->path,
                pair->before, pair->after, example);
    free(example);
}

void declared_order_apply(const struct declared_orders *declared, const struct report *report,
                          const struct fingerprint_names *names, struct findings *findings, struct remarks *remarks)
{
    struct judge judge = {
        .world = report->world, .fingerprinter = fingerprinter_new(report->world, *names), .findings = findings};
    struct lock_roles *roles = lock_roles_new(report, names);
    struct learnt_order learnt = learnt_order_find(report->world, roles);
    for (uint32_t i = 0; i < learnt.count; i++) {
        const struct learnt_pair *pair = &learnt.pairs[i];
        if (order_graph_says(declared->graph, pair->before, pair->after))
            continue;
        if (!order_graph_says(declared->graph, pair->after, pair->before)) {
            remark_undeclared(declared, pair, report, remarks);
            continue;
        }
        for (uint32_t use = 0; use < pair->use_count; use++)
            add_use(&judge, (struct dependency_id){pair->uses[2 * (size_t)use]}, pair->uses[2 * (size_t)use + 1]);
    }
    learnt_order_clear(&learnt);
    lock_roles_free(roles);
    known_free(&judge.known);
    fingerprinter_free(judge.fingerprinter);
}
