/* What the thread's cache answers, against what would have been recorded had it known nothing. */
#include "acquire.h"
#include "call_site.h"
#include "check.h"
#include "context.h"
#include "dependency.h"
#include "trace_writer.h"
#include "unwind.h"

enum { ALWAYS_CHECKED = 64 };

/* The first times, and then ever more seldom: unwinding takes a thousand times as long as the look-up. */
static bool is_checked_now(const struct cache_entry *entry)
{
    uint64_t count = entry->count;
    return count < ALWAYS_CHECKED || (count & (count - 1)) == 0;
}

/* As far as the entry vouches for the call path: its innermost call, and where that is in a wrapper, some of the calls around it.
 */
static bool is_of_path(const struct cache_entry *entry, const struct acquisition *acquisition, const struct stack *now)
{
    static struct stack recorded; /* under the recorder lock */
    if (!entry->context)
        return true;
    context_read_back(entry->context, &recorded);
    if (!recorded.count || recorded.frames[0].address != acquisition->return_address)
        return false;
    for (uint32_t level = 1, known = 0; level < CALL_PATH_LEVELS + 1 && level < recorded.count && level < now->count; level++) {
        uint8_t place = entry->path[level - 1];
        if (!place || place == known)
            break;
        known = place;
        if (recorded.frames[level].address != now->frames[level].address)
            return false;
    }
    return true;
}

void check_known(struct thread_state *state, const struct acquisition *acquisition, const struct cache_entry *entry)
{
    int saved_errno;
    struct cache_entry now = *entry; /* which the check may move */
    if (!is_checked_now(entry) || !recorder_enter(&saved_errno))
        return;
    unwind(state, acquisition->frame, acquisition->return_address, &state->stack);
    recorder_lock();
    if (!is_of_path(&now, acquisition, &state->stack))
        check_failed("the cache answered with another call path", acquisition->lock);
    if (!dependency_is_of(state, acquisition, now.witness))
        check_failed("the cache answered with another dependency", acquisition->lock);
    recorder_unlock();
    recorder_leave(saved_errno);
}
