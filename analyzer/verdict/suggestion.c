#include "suggestion.h"

#include <inttypes.h>

#include "allocate.h"

static bool is_clearly_more(uint64_t more, uint64_t less)
{
    return less != 0 && more / SUGGESTION_CLEARLY_MORE >= less;
}

char *suggestion_text(const struct world *world, const struct finding *finding, finding_lock_name *lock_name, void *closure)
{
    if (finding->kind == FINDING_ORDER && strcmp(finding->subkind, FINDING_ONE_CLASS) == 0)
        return allocate_copy("take two locks of this class in one order everywhere: that of their addresses, or of any key that "
                             "no two of them share");
    if (finding->kind == FINDING_ORDER || finding->step_count != 2)
        return NULL;
    const struct finding_step *usual = &finding->steps[0], *other = &finding->steps[1];
    if (usual->count < other->count) {
        usual = &finding->steps[1];
        other = &finding->steps[0];
    }
    if (!is_clearly_more(usual->count, other->count))
        return NULL;
    const struct dependency *first = &world->dependencies[usual->dependency.index];
    const struct dependency *second = &world->dependencies[other->dependency.index];
    return allocate_text("take %s before %s everywhere: that order was seen %" PRIu64 " times, the other %" PRIu64 " time%s",
                         lock_name(closure, first->held[usual->held_index].lock),
                         lock_name(closure, second->held[other->held_index].lock), usual->count, other->count,
                         other->count == 1 ? "" : "s");
}
