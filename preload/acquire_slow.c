#include "acquire.h"

#include "context.h"
#include "dependency.h"
#include "dependency_cache.h"
#include "hash_index.h"
#include "thread_state.h"
#include "trace_writer.h"
#include "unwind.h"

/* What is known of call sites, by return address. A *direct* site's function releases the lock itself, so it is still running
 * while the lock is held, and its callers can be seen then. In any other function (a wrapper) the frames up to the lock's user
 * have gone by then: there, entries check the call path. */
enum call_site { CALL_SITE_UNKNOWN = 0, CALL_SITE_DIRECT, CALL_SITE_WRAPPER };
static struct hash_index call_sites;

static enum call_site call_site_of(uintptr_t return_address)
{
    return (enum call_site)hash_index_find(&call_sites, return_address);
}

/* Unwinds, records, and remembers: the slowest of the slow. */
static struct cache_entry *record(struct thread_state *state, const struct acquisition *acquisition, uint64_t key)
{
    struct stack stack;
    unwind(state, acquisition->frame, acquisition->return_address, &stack);
    recorder_lock();
    uint32_t context = context_intern(&stack);
    uint32_t witness = dependency_record(state, acquisition, context, &stack);
    bool checks_path = call_site_of(acquisition->return_address) != CALL_SITE_DIRECT;
    struct cache_entry *entry = dependency_cache_insert(state, key, acquisition->frame, &stack, checks_path);
    entry->context = context;
    entry->witness = witness;
    recorder_unlock();
    return entry;
}

/* With no room left in the held list, no entry may be made: a hit would push without looking. */
static void push(struct thread_state *state, const struct acquisition *acquisition, uint64_t salt, uint32_t context)
{
    recorder_lock();
    bool unclassified = call_site_of(acquisition->return_address) == CALL_SITE_UNKNOWN;
    recorder_unlock();
    held_list_push(state, (struct held_entry){.lock = acquisition->lock | (unclassified ? HELD_UNCLASSIFIED : 0),
                                              .chain = held_chain(state->top->chain, salt, context, acquisition->kind_and_mode),
                                              .frame = acquisition->frame,
                                              .context = context,
                                              .kind_and_mode = acquisition->kind_and_mode});
}

static struct cache_entry *find_or_record(struct thread_state *state, const struct acquisition *acquisition, uint64_t salt)
{
    uint64_t key = acquire_key(state, salt, acquisition->attempt, acquisition->return_address, acquisition->frame);
    struct cache_entry *entry = dependency_cache_find(state, key, acquisition->frame);
    if (!entry)
        entry = record(state, acquisition, key);
    return entry;
}

struct thread_state *acquire_thread_state(void)
{
    recorder_lock();
    struct thread_state *state = thread_state_current();
    recorder_unlock();
    return state;
}

void acquire_slow(const struct acquisition *acquisition)
{
    int saved_errno;
    if (!recorder_enter(&saved_errno))
        return;
    struct thread_state *state = acquire_thread_state();
    if (state && held_list_make_room(state)) {
        uint64_t salt = lock_salt(acquisition->lock);
        struct cache_entry *entry = find_or_record(state, acquisition, salt);
        entry->count++;
        push(state, acquisition, salt, entry->context);
    } else {
        trace_limit_count(TRACE_LIMIT_HELD);
    }
    recorder_leave(saved_errno);
}

/* The first release after an acquisition at a new call site: the same function at the same stack depth makes the site direct. */
static void classify(struct thread_state *state, const struct held_entry *entry, uintptr_t return_address, uintptr_t frame)
{
    struct stack acquired;
    recorder_lock();
    context_read_back(entry->context, &acquired);
    uintptr_t site = acquired.count ? acquired.frames[0].address : 0;
    if (site && call_site_of(site) == CALL_SITE_UNKNOWN) {
        uintptr_t start = frame == entry->frame ? unwind_function_start(site) : 0;
        bool direct = start && start == unwind_function_start(return_address);
        hash_index_insert(&call_sites, site, direct ? CALL_SITE_DIRECT : CALL_SITE_WRAPPER);
    }
    if (call_site_of(site) == CALL_SITE_DIRECT)
        dependency_cache_trust_path(state, entry->context);
    recorder_unlock();
}

void release_slow(uintptr_t lock, uintptr_t return_address, uintptr_t frame)
{
    int saved_errno;
    struct thread_state *state = recorder_self;
    if (held_list_is_empty(state) || !recorder_enter(&saved_errno))
        return;
    struct held_entry *entry = held_list_find(state, lock);
    if (entry) {
        if (entry->lock & HELD_UNCLASSIFIED && entry->context)
            classify(state, entry, return_address, frame);
        held_list_remove(state, entry);
    }
    recorder_leave(saved_errno);
}

void acquire_failed(uintptr_t lock)
{
    struct thread_state *state = recorder_self;
    struct held_entry *entry = held_list_find(state, lock);
    if (entry)
        held_list_remove(state, entry);
}

bool acquire_before_condition_wait(const struct acquisition *acquisition)
{
    int saved_errno;
    struct thread_state *state = recorder_self;
    struct held_entry *entry = held_list_find(state, acquisition->lock);
    if (!entry)
        return false;
    if (recorder_enter(&saved_errno)) {
        held_list_remove(state, entry);
        find_or_record(state, acquisition, lock_salt(acquisition->lock));
        recorder_leave(saved_errno);
    }
    return true;
}

uint32_t acquire_context(struct thread_state *state, uintptr_t return_address, uintptr_t frame)
{
    uint64_t key = return_address ^ hash_rotate(frame, 44) ^ state->code_epoch ^ (uint64_t)ATTEMPT_NONE * HASH_PRIME;
    key *= HASH_GOLDEN;
    struct cache_entry *entry = dependency_cache_find(state, key, frame);
    if (!entry) {
        struct acquisition call = {.attempt = ATTEMPT_NONE, .return_address = return_address, .frame = frame};
        entry = record(state, &call, key);
    }
    return entry->context;
}
