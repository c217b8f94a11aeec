#include "meeting.h"

#include "allocate.h"
#include "held_sets.h"
#include "module_files.h"
#include "thread_roles.h"
#include <uthash.h>

/* Callers of an initialisation that are compared. */
enum { GUARD_FRAMES = 4 };

/* Forks in a row that are followed. */
enum { LONGEST_DESCENT = 64 };

/* What a segment meets in its own process. */
enum company { NO_THREAD, NEVER_AT_ONCE, AT_ONCE };

/* Roles with 0 for any. */
struct company_key {
    uint64_t role;
    uint64_t segment;
};

struct known_company {
    struct company_key key;
    enum company company;
    UT_hash_handle hh;
};

struct meetings {
    const struct world *world;
    const struct fingerprint_names *names;
    struct segments *segments;
    uint64_t *roles;          /* by thread */
    struct segment_id *first; /* by thread: its first segment */
    struct segment_id *last;  /* by thread */
    uint32_t *threads;        /* sorted by process */
    uint32_t *first_thread;   /* by process, one more than processes: in `threads` */
    uint32_t *files;          /* by module */
    uint32_t *programs;       /* by process: the file of its executable; 0: unknown */
    uint64_t *guards;         /* by lock: equal for locks that may be one in one process; 0: none is */
    struct known_company *companies;
};

/* --- Tables --- */

static void find_ends_of_threads(struct meetings *meetings)
{
    const struct world *world = meetings->world;
    meetings->first = allocate_zeroed(world->thread_count, sizeof *meetings->first);
    meetings->last = allocate_zeroed(world->thread_count, sizeof *meetings->last);
    for (uint32_t i = 1; i < world->segment_count; i++) {
        uint32_t thread = world->segments[i].thread.index;
        if (meetings->first[thread].index == 0)
            meetings->first[thread].index = i;
        meetings->last[thread].index = i;
    }
}

static void sort_threads(struct meetings *meetings)
{
    const struct world *world = meetings->world;
    uint32_t *next = allocate_zeroed((size_t)world->process_count + 1, sizeof *next);
    meetings->threads = allocate_zeroed(world->thread_count, sizeof *meetings->threads);
    meetings->first_thread = allocate_zeroed((size_t)world->process_count + 1, sizeof *next);
    for (uint32_t i = 1; i < world->thread_count; i++)
        next[world->threads[i].process.index + 1]++;
    for (uint32_t i = 0; i < world->process_count; i++)
        next[i + 1] += next[i];
    memcpy(meetings->first_thread, next, ((size_t)world->process_count + 1) * sizeof *next);
    for (uint32_t i = 1; i < world->thread_count; i++)
        meetings->threads[next[world->threads[i].process.index]++] = i;
    free(next);
}

static void find_programs(struct meetings *meetings)
{
    const struct world *world = meetings->world;
    meetings->programs = allocate_zeroed(world->process_count, sizeof *meetings->programs);
    for (uint32_t i = 1; i < world->module_count; i++) {
        uint32_t process = world->modules[i].process.index;
        if (strcmp(world->modules[i].path, world->processes[process].executable) == 0)
            meetings->programs[process] = meetings->files[i];
    }
}

static uint64_t add_number(uint64_t hash, uint64_t number)
{
    return (hash ^ number) * 0x100000001b3ULL; /* FNV-1a over numbers, see fingerprint.c */
}

/* The same for the same code: its address, or in a world across builds the function. */
static uint64_t number_of_frame(const struct meetings *meetings, struct frame frame)
{
    const struct fingerprint_names *names = meetings->names;
    if (!meetings->world->across_builds)
        return frame.address;
    const char *function = names->function == NULL ? NULL : names->function(names->closure, frame);
    return function == NULL ? 0 : fingerprint_text_hash(function);
}

static uint64_t hash_place(const struct meetings *meetings, struct context_id id)
{
    const struct context *context = &meetings->world->contexts[id.index];
    uint64_t hash = 0xcbf29ce484222325ULL;
    for (uint32_t i = 0; i < context->frame_count && i < GUARD_FRAMES; i++)
        hash = add_number(add_number(hash, meetings->files[context->frames[i].module.index]),
                          number_of_frame(meetings, context->frames[i]));
    return context->frame_count == 0 ? 0 : hash;
}

static uint64_t guard_of(const struct meetings *meetings, const struct lock *lock)
{
    if (lock->kind == TRACE_LOCK_LOADER)
        return TRACE_LOCK_LOADER;
    if (lock->module.index != 0 || lock->is_shared)
        return 0;
    if (lock->name != NULL && lock->name[0] != '\0')
        return fingerprint_text_hash(lock->name);
    return hash_place(meetings, lock->initialized_at.index != 0 ? lock->initialized_at : lock->first_used_at);
}

struct meetings *meetings_new(const struct world *world, const struct fingerprint_names *names, struct segments *segments)
{
    struct meetings *meetings = allocate_zeroed(1, sizeof *meetings);
    meetings->world = world;
    meetings->segments = segments;
    meetings->names = names;
    meetings->files = module_files_number(world, world->across_builds ? MODULE_SAME_NAME : MODULE_SAME_BUILD);
    meetings->roles = thread_roles_find(world, names);
    find_ends_of_threads(meetings);
    sort_threads(meetings);
    find_programs(meetings);
    meetings->guards = allocate_zeroed(world->lock_count, sizeof *meetings->guards);
    for (uint32_t i = 1; i < world->lock_count; i++)
        meetings->guards[i] = guard_of(meetings, &world->locks[i]);
    return meetings;
}

void meetings_free(struct meetings *meetings)
{
    struct known_company *company, *next;
    if (meetings == NULL)
        return;
    HASH_ITER(hh, meetings->companies, company, next)
    {
        HASH_DEL(meetings->companies, company);
        free(company);
    }
    free(meetings->roles);
    free(meetings->first);
    free(meetings->last);
    free(meetings->threads);
    free(meetings->first_thread);
    free(meetings->files);
    free(meetings->programs);
    free(meetings->guards);
    free(meetings);
}

static struct process_id process_of(const struct meetings *meetings, const struct candidate *candidate)
{
    return meetings->world->threads[candidate->thread.index].process;
}

/* --- 1. One process --- */

static bool is_forked_from(const struct world *world, const struct process *child, const struct process *ancestor)
{
    for (int depth = 0; depth < LONGEST_DESCENT && child->forked; depth++) {
        if (child->parent_kernel_id == ancestor->kernel_id)
            return true;
        uint32_t parent = world->process_count - 1;
        while (parent != 0 && world->processes[parent].kernel_id != child->parent_kernel_id)
            parent--;
        child = &world->processes[parent];
    }
    return false;
}

static bool is_in_program(const struct meetings *meetings, struct context_id id, struct process_id process)
{
    const struct context *context = &meetings->world->contexts[id.index];
    return context->frame_count == 0 || meetings->files[context->frames[0].module.index] == 0 ||
           meetings->files[context->frames[0].module.index] == meetings->programs[process.index];
}

static bool is_of_libraries(const struct meetings *meetings, const struct candidate *candidate)
{
    const struct dependency *dependency = &meetings->world->dependencies[candidate->dependency.index];
    struct process_id process = process_of(meetings, candidate);
    return !is_in_program(meetings, dependency->context, process) &&
           !is_in_program(meetings, dependency->held[candidate->held_index].context, process);
}

/* Of two children of forks, one may be the other's ancestor. Which process a child was forked from is not known for certain when
 * the traces of several runs are together, where numbers of processes repeat. */
static bool may_be_forked_from_each_other(const struct world *world, const struct process *left, const struct process *right)
{
    return left->forked != right->forked || is_forked_from(world, left, right) || is_forked_from(world, right, left);
}

static bool can_be_in_one_process(const struct meetings *meetings, const struct candidate *left, const struct candidate *right)
{
    uint32_t p = process_of(meetings, left).index, q = process_of(meetings, right).index;
    const struct process *of_left = &meetings->world->processes[p], *of_right = &meetings->world->processes[q];
    if (meetings->programs[p] != 0 && meetings->programs[p] == meetings->programs[q])
        return !may_be_forked_from_each_other(meetings->world, of_left, of_right);
    return is_of_libraries(meetings, left) && is_of_libraries(meetings, right);
}

/* --- 2 and 3. Two threads that overlap --- */

static bool overlaps(const struct meetings *meetings, struct segment_id segment, uint32_t thread)
{
    if (meetings->first[thread].index == 0)
        return false;
    return !segments_are_ordered(meetings->segments, segment, meetings->first[thread]) &&
           !segments_are_ordered(meetings->segments, meetings->last[thread], segment);
}

static enum company find_company(const struct meetings *meetings, const struct candidate *candidate, uint64_t role)
{
    uint32_t process = process_of(meetings, candidate).index;
    enum company company = NO_THREAD;
    for (uint32_t i = meetings->first_thread[process]; i < meetings->first_thread[process + 1]; i++) {
        uint32_t thread = meetings->threads[i];
        if (thread == candidate->thread.index || (role != 0 && meetings->roles[thread] != role))
            continue;
        company = NEVER_AT_ONCE;
        if (overlaps(meetings, candidate->segment, thread))
            return AT_ONCE;
    }
    return company;
}

/* How the candidate's segment meets threads of this role, 0 for any, in its process. */
static enum company company_of(struct meetings *meetings, const struct candidate *candidate, uint64_t role)
{
    struct company_key key = {role, candidate->segment.index};
    struct known_company *known;
    HASH_FIND(hh, meetings->companies, &key, sizeof key, known);
    if (known == NULL) {
        known = allocate_zeroed(1, sizeof *known);
        known->key = key;
        known->company = find_company(meetings, candidate, role);
        HASH_ADD(hh, meetings->companies, key, sizeof known->key, known);
    }
    return known->company;
}

static bool can_meet_role(struct meetings *meetings, const struct candidate *candidate, uint64_t role)
{
    enum company company = role == THREAD_ROLE_UNKNOWN ? NO_THREAD : company_of(meetings, candidate, role);
    return company == NO_THREAD ? company_of(meetings, candidate, 0) == AT_ONCE : company == AT_ONCE;
}

static enum meeting_answer meeting_of_one_role(struct meetings *meetings, const struct candidate *left,
                                               const struct candidate *right, uint64_t role)
{
    enum company of_left = company_of(meetings, left, role), of_right = company_of(meetings, right, role);
    if (role == THREAD_ROLE_MAIN)
        return MEETING_IMPOSSIBLE;
    if (of_left == AT_ONCE || of_right == AT_ONCE)
        return MEETING_POSSIBLE;
    if (of_left == NEVER_AT_ONCE || of_right == NEVER_AT_ONCE)
        return MEETING_IMPOSSIBLE;
    bool in_company = company_of(meetings, left, 0) == AT_ONCE && company_of(meetings, right, 0) == AT_ONCE;
    return in_company ? MEETING_DOUBTFUL : MEETING_IMPOSSIBLE;
}

static enum meeting_answer meeting_of_threads(struct meetings *meetings, const struct candidate *left,
                                              const struct candidate *right)
{
    uint64_t of_left = meetings->roles[left->thread.index], of_right = meetings->roles[right->thread.index];
    if (of_left == of_right)
        return meeting_of_one_role(meetings, left, right, of_left);
    bool possible = can_meet_role(meetings, left, of_right) && can_meet_role(meetings, right, of_left);
    return possible ? MEETING_POSSIBLE : MEETING_IMPOSSIBLE;
}

/* --- 4. Guards --- */

static bool may_be_guarded(const struct meetings *meetings, const struct candidate *left, const struct candidate *right)
{
    const struct dependency *a = &meetings->world->dependencies[left->dependency.index];
    const struct dependency *b = &meetings->world->dependencies[right->dependency.index];
    for (uint32_t i = 0; i < a->held_count; i++) {
        uint64_t guard = meetings->guards[a->held[i].lock.index];
        for (uint32_t j = 0; guard != 0 && j < b->held_count; j++) {
            if (meetings->guards[b->held[j].lock.index] == guard && held_modes_exclude(a->held[i].mode, b->held[j].mode))
                return true;
        }
    }
    return false;
}

/* --- Lives --- */

/* Whether what looks like one lock in a united world had two lives in the process of both. */
static bool is_another_life(const struct meetings *meetings, const struct candidate *waiting, const struct candidate *holding)
{
    const struct dependency *wants = &meetings->world->dependencies[waiting->dependency.index];
    const struct dependency *holds = &meetings->world->dependencies[holding->dependency.index];
    return waiting->wanted.index == holding->held.index && wants->lock.index != holds->held[holding->held_index].lock.index;
}

enum meeting_answer meetings_of(struct meetings *meetings, const struct candidate *left, const struct candidate *right)
{
    if (process_of(meetings, left).index == process_of(meetings, right).index)
        return is_another_life(meetings, left, right) || is_another_life(meetings, right, left) ? MEETING_IMPOSSIBLE
                                                                                                : MEETING_POSSIBLE;
    if (!can_be_in_one_process(meetings, left, right) || may_be_guarded(meetings, left, right))
        return MEETING_IMPOSSIBLE;
    return meeting_of_threads(meetings, left, right);
}

/* --- Whole rings --- */

static bool is_seen_in(const struct meetings *meetings, struct choice choice, struct process_id process)
{
    for (const struct candidate *candidate = choice.first; candidate < choice.end; candidate++) {
        if (process_of(meetings, candidate).index == process.index)
            return true;
    }
    return false;
}

bool meetings_one_process_has_all(const struct meetings *meetings, const struct choice *choices, uint32_t count)
{
    for (const struct candidate *first = choices[0].first; first < choices[0].end; first++) {
        uint32_t step = 1;
        while (step < count && is_seen_in(meetings, choices[step], process_of(meetings, first)))
            step++;
        if (step == count)
            return true;
    }
    return false;
}
