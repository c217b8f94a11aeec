/* verdict_property_test [COUNT [FIRST_SEED]]
 *
 * The verdict on random small worlds against the brute-force judge: it finds what there is, nothing else, and the steps that it
 * shows can happen. A failure prints the seed and the world. */
#include <inttypes.h>

#include "../worlds/notation.h"
#include "allocate.h"
#include "judge.h"
#include "order_judge.h"
#include "random_world.h"
#include "verdict/verdict.h"

struct tally {
    uint64_t with_findings, findings, orders, advisory, needs_writer;
};

static bool steps_can_happen(const struct small_world *small, const struct findings *findings)
{
    for (uint32_t i = 0; i < findings->count; i++) {
        const struct finding *finding = &findings->items[i];
        bool is_judged = finding->kind == FINDING_CYCLE && finding->step_count > 1;
        const char *broken = is_judged ? judge_steps(small, finding) : NULL;
        if (broken == NULL)
            continue;
        printf("finding %" PRIu32 ": %s\n", i, broken);
        return false;
    }
    return true;
}

static bool is_judged_alike(const struct small_world *small, const struct findings *findings)
{
    char *expected = judge_world(small), *found = judge_print(small, findings);
    bool alike = strcmp(expected, found) == 0 && findings->cut == 0;
    if (!alike)
        printf("expected:\n%sfound (%" PRIu64 " cut):\n%s", expected, findings->cut, found);
    free(expected);
    free(found);
    return alike;
}

static bool orders_are_judged_alike(const struct small_world *small, const struct findings *findings)
{
    const char *wrong = judge_orders(small, findings);
    if (wrong != NULL)
        printf("orders: %s\n", wrong);
    return wrong == NULL;
}

static void count(struct tally *tally, const struct findings *findings)
{
    tally->with_findings += findings->count != 0;
    tally->findings += findings->count;
    for (uint32_t i = 0; i < findings->count; i++) {
        tally->orders += findings->items[i].kind == FINDING_ORDER;
        tally->advisory += findings->items[i].advisory;
        tally->needs_writer += findings->items[i].needs_writer;
    }
}

static bool check_seed(uint64_t seed, struct tally *tally)
{
    char *text = random_world(seed);
    struct small_world *small = notation_read(text);
    struct verdict_options options = {0, small_world_names(small)};
    struct findings *findings = verdict_find(small->world, &options);
    bool passed =
        is_judged_alike(small, findings) && steps_can_happen(small, findings) && orders_are_judged_alike(small, findings);
    if (!passed)
        printf("seed %" PRIu64 ", world:\n%s", seed, text);
    count(tally, findings);
    findings_free(findings);
    small_world_free(small);
    free(text);
    return passed;
}

int main(int argument_count, char **arguments)
{
    uint64_t worlds = argument_count > 1 ? strtoull(arguments[1], NULL, 10) : 10000;
    uint64_t first = argument_count > 2 ? strtoull(arguments[2], NULL, 10) : 1;
    struct tally tally = {0};
    for (uint64_t i = 0; i < worlds; i++) {
        if (!check_seed(first + i, &tally))
            return 1;
    }
    printf("%" PRIu64 " worlds from seed %" PRIu64 ": %" PRIu64 " of them with findings, %" PRIu64 " findings, %" PRIu64
           " of them orders, %" PRIu64 " advisory, %" PRIu64 " that need a writer\n",
           worlds, first, tally.with_findings, tally.findings, tally.orders, tally.advisory, tally.needs_writer);
    /* A generator that makes only clean worlds, or none, would make this test pass for nothing. */
    bool too_few =
        tally.with_findings < worlds / 10 || tally.orders < worlds / 50 || tally.advisory == 0 || tally.needs_writer == 0;
    return worlds >= 1000 && (too_few || tally.with_findings > worlds / 10 * 9);
}
