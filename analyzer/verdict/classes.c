/* Locks of one class are joined by union-find: Tarjan, "Efficiency of a good but not linear set union algorithm", JACM 1975; with
 * path halving. */
#include "classes.h"

#include "allocate.h"
#include "code_path.h"
#include <uthash.h>

/* Callers of an initialisation that are looked at. Further out, a caller says what a thread does and not what a lock is for. */
enum { INITIALISATION_PLACES = 4 };

enum known_by {
    KNOWN_BY_NOTHING,
    KNOWN_BY_NAME,
    KNOWN_BY_VARIABLE,
    KNOWN_BY_INITIALISATION,
    KNOWN_BY_ACQUISITIONS,
    KNOWN_BY_ITSELF
};

/* The first lock that was met with a key. */
struct first_lock {
    uint64_t key[2];
    uint32_t lock;
    UT_hash_handle hh;
};

/* What is asked of a lock at each acquisition, in one place: locks lie far apart in memory. */
struct role {
    uint32_t joined_to; /* itself: it stands for its class */
    uint32_t process;
    enum known_by known_by; /* nothing: it is in no dependency */
    bool taken_by_wrapper;
};

/* What is asked of a context at each acquisition. */
struct site {
    uint32_t last_lock; /* that is known by its acquisitions; 0: none */
    bool is_wrapper;
};

struct classifier {
    const struct world *world;
    const struct fingerprint_names *names;
    struct code_paths *paths;
    struct role *roles;         /* by lock */
    uint64_t *member;           /* by lock: which member of a static variable it is; 0: none */
    uint64_t *site_of;          /* by context; 0: not computed yet. Given to the classes */
    struct site *sites;         /* by context */
    struct first_lock *by_site; /* key: site and process */
    struct first_lock *by_variable;
    struct first_lock *by_name;
};

/* --- Sets of locks --- */

static uint32_t representative(const struct classifier *classifier, uint32_t lock)
{
    struct role *roles = classifier->roles;
    while (roles[lock].joined_to != lock)
        lock = roles[lock].joined_to = roles[roles[lock].joined_to].joined_to;
    return lock;
}

static void join(const struct classifier *classifier, uint32_t left, uint32_t right)
{
    uint32_t a = representative(classifier, left), b = representative(classifier, right);
    classifier->roles[a > b ? a : b].joined_to = a > b ? b : a;
}

/* Joins the lock to those that were met with the same key. */
static void join_by_key(const struct classifier *classifier, struct first_lock **table, uint64_t key, uint32_t lock)
{
    uint64_t whole[2] = {key, classifier->world->locks[lock].process.index};
    struct first_lock *first;
    HASH_FIND(hh, *table, whole, sizeof whole, first);
    if (first != NULL) {
        join(classifier, first->lock, lock);
        return;
    }
    first = allocate_zeroed(1, sizeof *first);
    memcpy(first->key, whole, sizeof whole);
    first->lock = lock;
    HASH_ADD(hh, *table, key, sizeof first->key, first);
}

static void free_table(struct first_lock **table)
{
    struct first_lock *first, *next;
    HASH_ITER(hh, *table, first, next)
    {
        HASH_DEL(*table, first);
        free(first);
    }
}

/* --- What a lock is known by --- */

static enum known_by classify_named(struct classifier *classifier, uint32_t index)
{
    const struct lock *lock = &classifier->world->locks[index];
    join_by_key(classifier, &classifier->by_name, fingerprint_text_hash(lock->name) + lock->level, index);
    return KNOWN_BY_NAME;
}

static enum known_by classify_static(struct classifier *classifier, uint32_t index)
{
    const struct lock *lock = &classifier->world->locks[index];
    const struct fingerprint_names *names = classifier->names;
    const char *variable = names->variable == NULL ? NULL : names->variable(names->closure, lock->module, lock->offset);
    if (variable == NULL) {
        join_by_key(classifier, &classifier->by_variable, (uint64_t)lock->module.index << 48 ^ lock->offset, index);
        return KNOWN_BY_VARIABLE;
    }
    const char *member = strchr(variable, '.');
    if (member != NULL && lock->initialized_at.index != 0) {
        classifier->member[index] = fingerprint_variable_hash(member);
        return KNOWN_BY_INITIALISATION;
    }
    join_by_key(classifier, &classifier->by_variable, fingerprint_variable_hash(variable), index);
    return KNOWN_BY_VARIABLE;
}

static enum known_by classify(struct classifier *classifier, uint32_t index)
{
    const struct lock *lock = &classifier->world->locks[index];
    if (lock->name != NULL && lock->name[0] != '\0')
        return classify_named(classifier, index);
    if (lock->module.index != 0)
        return classify_static(classifier, index);
    if (lock->kind == TRACE_LOCK_SEMAPHORE)
        return KNOWN_BY_ITSELF;
    return lock->initialized_at.index != 0 ? KNOWN_BY_INITIALISATION : KNOWN_BY_ACQUISITIONS;
}

static struct role *role_of(struct classifier *classifier, uint32_t lock)
{
    struct role *role = &classifier->roles[lock];
    if (role->known_by == KNOWN_BY_NOTHING) {
        role->process = classifier->world->locks[lock].process.index;
        role->known_by = classify(classifier, lock);
    }
    return role;
}

/* --- By acquisitions --- */

/* Never 0. */
static uint64_t hash_site(struct code_paths *paths, struct code_path path)
{
    uint64_t hash = 0xcbf29ce484222325ULL; /* FNV-1a over numbers, see fingerprint.c */
    for (uint32_t i = 0; i < code_paths_site_length(paths, path); i++)
        hash = (hash ^ path.places[i]) * 0x100000001b3ULL;
    return hash == 0 ? 1 : hash;
}

/* 0 for a context without frames. */
static uint64_t site_of(struct classifier *classifier, uint32_t context)
{
    uint64_t *number = &classifier->site_of[context];
    if (*number != 0)
        return *number;
    struct code_path path = code_paths_of(classifier->paths, (struct context_id){context});
    if (path.count == 0)
        return 0;
    classifier->sites[context].is_wrapper = code_paths_is_wrapper(classifier->paths, path.places[0]);
    return *number = hash_site(classifier->paths, path);
}

/* Most often the lock taken before at the very same context says which ones it belongs to: then nothing is to be looked up. */
static void join_by_site(struct classifier *classifier, uint64_t number, struct site *site, uint32_t lock)
{
    if (site->last_lock != 0 && classifier->roles[site->last_lock].process == classifier->roles[lock].process)
        join(classifier, site->last_lock, lock);
    else
        join_by_key(classifier, &classifier->by_site, number, lock);
    site->last_lock = representative(classifier, lock);
}

static void note_acquisition(struct classifier *classifier, struct lock_id lock, struct context_id context)
{
    struct role *role = role_of(classifier, lock.index);
    struct site *site = &classifier->sites[context.index];
    uint64_t number = site_of(classifier, context.index);
    if (number == 0)
        return;
    if (role->known_by == KNOWN_BY_INITIALISATION)
        role->taken_by_wrapper |= site->is_wrapper;
    if (role->known_by == KNOWN_BY_ACQUISITIONS && !code_paths_stop_early(classifier->paths, context))
        join_by_site(classifier, number, site, lock.index);
}

static void note_acquisitions(struct classifier *classifier)
{
    for (uint32_t i = 1; i < classifier->world->dependency_count; i++) {
        const struct dependency *dependency = &classifier->world->dependencies[i];
        if (dependency->held_count == 0) /* it was withdrawn */
            continue;
        note_acquisition(classifier, dependency->lock, dependency->context);
        for (uint32_t held = 0; held < dependency->held_count; held++)
            note_acquisition(classifier, dependency->held[held].lock, dependency->held[held].context);
    }
}

/* --- By initialisation --- */

static uint32_t place_at(const struct classifier *classifier, uint32_t lock, uint32_t depth)
{
    struct code_path path = code_paths_of(classifier->paths, classifier->world->locks[lock].initialized_at);
    return depth < path.count ? path.places[depth] : 0;
}

/* What locks are told apart by. */
struct criterion {
    const struct classifier *classifier;
    uint32_t depth;
    enum { BY_MEMBER, BY_PLACE, BY_FUNCTION } what;
};

static uint64_t value_of(const struct criterion *criterion, uint32_t lock)
{
    if (criterion->what == BY_MEMBER)
        return criterion->classifier->member[lock];
    uint32_t place = place_at(criterion->classifier, lock, criterion->depth);
    return criterion->what == BY_PLACE || place == 0 ? place : code_paths_function(criterion->classifier->paths, place);
}

static int compare_values(const void *left, const void *right, void *criterion)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    uint64_t of_a = value_of(criterion, a), of_b = value_of(criterion, b);
    return of_a != of_b ? (of_a > of_b) - (of_a < of_b) : (a > b) - (a < b);
}

/* Locks that agree are neighbours afterwards. Returns how many do with the first one. */
static uint32_t end_of_part(const struct criterion *criterion, const uint32_t *locks, uint32_t count)
{
    uint32_t end = 1;
    while (end < count && value_of(criterion, locks[end]) == value_of(criterion, locks[0]))
        end++;
    return end;
}

static uint32_t largest_part(const struct criterion *criterion, const uint32_t *locks, uint32_t count)
{
    uint32_t largest = 0;
    for (uint32_t first = 0, size; first < count; first += size) {
        size = end_of_part(criterion, &locks[first], count - first);
        largest = size > largest ? size : largest;
    }
    return largest;
}

static void join_all(const struct classifier *classifier, const uint32_t *locks, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++)
        join(classifier, locks[0], locks[i]);
}

/* Of the callers further out nothing more is known: those of which nothing could be known remain by themselves. */
static void join_those_without_callers(const struct classifier *classifier, const uint32_t *locks, uint32_t count)
{
    uint32_t first = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (code_paths_stop_early(classifier->paths, classifier->world->locks[locks[i]].initialized_at))
            continue;
        if (first != 0)
            join(classifier, first, locks[i]);
        first = locks[i];
    }
}

static bool any_taken_by_wrapper(const struct classifier *classifier, const uint32_t *locks, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (classifier->roles[locks[i]].taken_by_wrapper)
            return true;
    }
    return false;
}

/* The locks agree in all places below `depth`. */
static void group(const struct classifier *classifier, uint32_t *locks, uint32_t count, uint32_t depth)
{
    struct criterion criterion = {classifier, depth, BY_PLACE};
    if (count < 2)
        return;
    if (depth == INITIALISATION_PLACES) {
        join_all(classifier, locks, count);
        return;
    }
    qsort_r(locks, count, sizeof *locks, compare_values, &criterion);
    if (value_of(&criterion, locks[count - 1]) == 0) {
        join_those_without_callers(classifier, locks, count);
        return;
    }
    bool tells = depth == 0 || largest_part(&criterion, locks, count) > 1 ||
                 (depth == 1 && any_taken_by_wrapper(classifier, locks, count));
    if (!tells) {
        criterion.what = BY_FUNCTION;
        qsort_r(locks, count, sizeof *locks, compare_values, &criterion);
    }
    for (uint32_t first = 0, size; first < count; first += size) {
        size = end_of_part(&criterion, &locks[first], count - first);
        if (tells)
            group(classifier, &locks[first], size, depth + 1);
        else if (value_of(&criterion, locks[first]) == 0)
            join_those_without_callers(classifier, &locks[first], size);
        else
            join_all(classifier, &locks[first], size);
    }
}

static void group_initialised(const struct classifier *classifier)
{
    uint32_t count = 0, *locks = allocate_zeroed(classifier->world->lock_count, sizeof *locks);
    struct criterion member = {classifier, 0, BY_MEMBER};
    for (uint32_t lock = 1; lock < classifier->world->lock_count; lock++) {
        if (classifier->roles[lock].known_by == KNOWN_BY_INITIALISATION)
            locks[count++] = lock;
    }
    qsort_r(locks, count, sizeof *locks, compare_values, &member);
    for (uint32_t first = 0, size; first < count; first += size) {
        size = end_of_part(&member, &locks[first], count - first);
        group(classifier, &locks[first], size, 0);
    }
    free(locks);
}

/* --- The whole --- */

static struct classes number_classes(const struct classifier *classifier)
{
    uint32_t lock_count = classifier->world->lock_count;
    struct classes classes = {.class_of = allocate_zeroed(lock_count, sizeof *classes.class_of),
                              .initialised_together = allocate_zeroed(lock_count, sizeof(bool)),
                              .site_of = classifier->site_of};
    for (uint32_t lock = 1; lock < lock_count; lock++) {
        classes.initialised_together[lock] = classifier->roles[lock].known_by == KNOWN_BY_INITIALISATION;
        if (classifier->roles[lock].known_by == KNOWN_BY_NOTHING)
            continue;
        uint32_t first = representative(classifier, lock);
        classes.class_of[lock] = first == lock ? ++classes.count : classes.class_of[first];
    }
    return classes;
}

struct classes classes_find(const struct world *world, const struct fingerprint_names *names)
{
    struct classifier classifier = {.world = world,
                                    .names = names,
                                    .paths = code_paths_new(world, names),
                                    .roles = allocate_zeroed(world->lock_count, sizeof(struct role)),
                                    .member = allocate_zeroed(world->lock_count, sizeof(uint64_t)),
                                    .site_of = allocate_zeroed(world->context_count, sizeof(uint64_t)),
                                    .sites = allocate_zeroed(world->context_count, sizeof(struct site))};
    for (uint32_t lock = 0; lock < world->lock_count; lock++)
        classifier.roles[lock].joined_to = lock;
    code_paths_learn_wrappers(classifier.paths);
    note_acquisitions(&classifier);
    group_initialised(&classifier);
    struct classes classes = number_classes(&classifier);
    free_table(&classifier.by_site);
    free_table(&classifier.by_variable);
    free_table(&classifier.by_name);
    code_paths_free(classifier.paths);
    free(classifier.roles);
    free(classifier.member);
    free(classifier.sites);
    return classes;
}

void classes_free(struct classes *classes)
{
    free(classes->class_of);
    free(classes->initialised_together);
    free(classes->site_of);
    *classes = (struct classes){0};
}
