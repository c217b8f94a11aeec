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

struct classifier {
    const struct world *world;
    const struct fingerprint_names *names;
    struct code_paths *paths;
    enum known_by *known_by;    /* by lock; nothing: it is in no dependency */
    uint32_t *joined_to;        /* by lock; itself: it stands for its class */
    uint64_t *member;           /* by lock: which member of a static variable it is; 0: none */
    bool *taken_by_wrapper;     /* by lock */
    uint64_t *site_of;          /* by context; 0: not computed yet. Given to the classes */
    struct first_lock *by_site; /* key: site and process */
    struct first_lock *by_variable;
    struct first_lock *by_name;
};

/* --- Sets of locks --- */

static uint32_t representative(const struct classifier *classifier, uint32_t lock)
{
    uint32_t *joined_to = classifier->joined_to;
    while (joined_to[lock] != lock)
        lock = joined_to[lock] = joined_to[joined_to[lock]];
    return lock;
}

static void join(const struct classifier *classifier, uint32_t left, uint32_t right)
{
    uint32_t a = representative(classifier, left), b = representative(classifier, right);
    classifier->joined_to[a > b ? a : b] = a > b ? b : a;
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

static void classify(struct classifier *classifier, uint32_t index)
{
    const struct lock *lock = &classifier->world->locks[index];
    if (classifier->known_by[index] != KNOWN_BY_NOTHING)
        return;
    if (lock->name != NULL && lock->name[0] != '\0')
        classifier->known_by[index] = classify_named(classifier, index);
    else if (lock->module.index != 0)
        classifier->known_by[index] = classify_static(classifier, index);
    else if (lock->kind == TRACE_LOCK_SEMAPHORE)
        classifier->known_by[index] = KNOWN_BY_ITSELF;
    else
        classifier->known_by[index] = lock->initialized_at.index != 0 ? KNOWN_BY_INITIALISATION : KNOWN_BY_ACQUISITIONS;
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

static void note_acquisition(struct classifier *classifier, struct lock_id lock, struct context_id context)
{
    struct code_path path = code_paths_of(classifier->paths, context);
    if (path.count == 0)
        return;
    if (classifier->known_by[lock.index] == KNOWN_BY_INITIALISATION)
        classifier->taken_by_wrapper[lock.index] |= code_paths_is_wrapper(classifier->paths, path.places[0]);
    uint64_t *site = &classifier->site_of[context.index];
    if (*site == 0)
        *site = hash_site(classifier->paths, path);
    if (classifier->known_by[lock.index] == KNOWN_BY_ACQUISITIONS)
        join_by_key(classifier, &classifier->by_site, *site, lock.index);
}

static void for_each_acquisition(struct classifier *classifier,
                                 void (*visit)(struct classifier *, struct lock_id, struct context_id))
{
    for (uint32_t i = 1; i < classifier->world->dependency_count; i++) {
        const struct dependency *dependency = &classifier->world->dependencies[i];
        if (dependency->held_count == 0) /* it was withdrawn */
            continue;
        visit(classifier, dependency->lock, dependency->context);
        for (uint32_t held = 0; held < dependency->held_count; held++)
            visit(classifier, dependency->held[held].lock, dependency->held[held].context);
    }
}

static void classify_acquired(struct classifier *classifier, struct lock_id lock, struct context_id context)
{
    (void)context;
    classify(classifier, lock.index);
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

static bool any_taken_by_wrapper(const struct classifier *classifier, const uint32_t *locks, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (classifier->taken_by_wrapper[locks[i]])
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
    if (value_of(&criterion, locks[count - 1]) == 0) { /* no callers are left */
        join_all(classifier, locks, count);
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
        else
            join_all(classifier, &locks[first], size);
    }
}

static void group_initialised(const struct classifier *classifier)
{
    uint32_t count = 0, *locks = allocate_zeroed(classifier->world->lock_count, sizeof *locks);
    struct criterion member = {classifier, 0, BY_MEMBER};
    for (uint32_t lock = 1; lock < classifier->world->lock_count; lock++) {
        if (classifier->known_by[lock] == KNOWN_BY_INITIALISATION)
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
        classes.initialised_together[lock] = classifier->known_by[lock] == KNOWN_BY_INITIALISATION;
        if (classifier->known_by[lock] == KNOWN_BY_NOTHING)
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
                                    .known_by = allocate_zeroed(world->lock_count, sizeof(enum known_by)),
                                    .joined_to = allocate_zeroed(world->lock_count, sizeof(uint32_t)),
                                    .member = allocate_zeroed(world->lock_count, sizeof(uint64_t)),
                                    .taken_by_wrapper = allocate_zeroed(world->lock_count, sizeof(bool)),
                                    .site_of = allocate_zeroed(world->context_count, sizeof(uint64_t))};
    for (uint32_t lock = 0; lock < world->lock_count; lock++)
        classifier.joined_to[lock] = lock;
    for_each_acquisition(&classifier, classify_acquired);
    code_paths_learn_wrappers(classifier.paths);
    for_each_acquisition(&classifier, note_acquisition);
    group_initialised(&classifier);
    struct classes classes = number_classes(&classifier);
    free_table(&classifier.by_site);
    free_table(&classifier.by_variable);
    free_table(&classifier.by_name);
    code_paths_free(classifier.paths);
    free(classifier.known_by);
    free(classifier.joined_to);
    free(classifier.member);
    free(classifier.taken_by_wrapper);
    return classes;
}

void classes_free(struct classes *classes)
{
    free(classes->class_of);
    free(classes->initialised_together);
    free(classes->site_of);
    *classes = (struct classes){0};
}
