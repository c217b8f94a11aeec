/* verdict_property_test [COUNT [FIRST_SEED]]
 *
 * The verdict on random small worlds against the brute-force judge: it finds what there is, nothing else, and the steps that it
 * shows can happen. A failure prints the seed and the world. */
#include <inttypes.h>

#include "../worlds/notation.h"
#include "allocate.h"
#include "judge.h"
#include "random_world.h"
#include "verdict/verdict.h"

struct tally {
    uint64_t with_findings, findings;
};

static bool steps_can_happen(const struct small_world *small, const struct findings *findings)
{
    for (uint32_t i = 0; i < findings->count; i++) {
        const struct finding *finding = &findings->items[i];
        const char *broken = finding->step_count < 2 ? NULL : judge_steps(small, finding);
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

static bool check_seed(uint64_t seed, struct tally *tally)
{
    char *text = random_world(seed);
    struct small_world *small = notation_read(text);
    struct verdict_options options = {0, {small_world_function_name, NULL, small}};
    struct findings *findings = verdict_find(small->world, &options);
    bool passed = is_judged_alike(small, findings) && steps_can_happen(small, findings);
    if (!passed)
        printf("seed %" PRIu64 ", world:\n%s", seed, text);
    tally->with_findings += findings->count != 0;
    tally->findings += findings->count;
    findings_free(findings);
    small_world_free(small);
    free(text);
    return passed;
}

int main(int argument_count, char **arguments)
{
    uint64_t count = argument_count > 1 ? strtoull(arguments[1], NULL, 10) : 20000;
    uint64_t first = argument_count > 2 ? strtoull(arguments[2], NULL, 10) : 1;
    struct tally tally = {0};
    for (uint64_t i = 0; i < count; i++) {
        if (!check_seed(first + i, &tally))
            return 1;
    }
    printf("%" PRIu64 " worlds from seed %" PRIu64 ": %" PRIu64 " of them with findings, %" PRIu64 " findings\n", count, first,
           tally.with_findings, tally.findings);
    /* A generator that makes only clean worlds, or none, would make this test pass for nothing. */
    return count >= 1000 && (tally.with_findings < count / 10 || tally.with_findings > count / 10 * 9);
}
