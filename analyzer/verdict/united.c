#include "united.h"

#include "allocate.h"
#include "module_files.h"
#include <uthash.h>

struct place {
    uint64_t offset;
    uint32_t file, kind;
};

struct first_lock {
    struct place place;
    uint32_t lock;
    UT_hash_handle hh;
};

/* What lies there in a file without a build-id may be anything in another build. */
static bool is_known_everywhere(const struct world *world, const struct lock *lock)
{
    return lock->module.index != 0 && !lock->is_shared &&
           (world->across_builds || world->modules[lock->module.index].build_id_size != 0);
}

static uint32_t first_at(struct first_lock **table, struct place place, uint32_t lock)
{
    struct first_lock *first;
    HASH_FIND(hh, *table, &place, sizeof place, first);
    if (first == NULL) {
        first = allocate_zeroed(1, sizeof *first);
        first->place = place;
        first->lock = lock;
        HASH_ADD(hh, *table, place, sizeof first->place, first);
    }
    return first->lock;
}

/* Where a variable lies, or its name where that is what counts. False for one that has no name then. */
static bool find_place(const struct world *world, const struct fingerprint_names *names, const struct lock *lock,
                       struct place *place)
{
    place->kind = (uint32_t)lock->kind;
    place->offset = lock->offset;
    if (!world->across_builds)
        return true;
    const char *name = names->variable == NULL ? NULL : names->variable(names->closure, lock->module, lock->offset);
    place->offset = name == NULL ? 0 : fingerprint_text_hash(name);
    return name != NULL;
}

/* By lock: the one that stands for it. The caller frees. */
static uint32_t *find_firsts(const struct world *world, const struct fingerprint_names *names, bool *any)
{
    uint32_t *first_of = allocate_zeroed(world->lock_count, sizeof *first_of);
    uint32_t *files = module_files_number(world, world->across_builds ? MODULE_SAME_NAME : MODULE_SAME_BUILD);
    struct first_lock *table = NULL, *entry, *next;
    for (uint32_t i = 1; i < world->lock_count; i++) {
        const struct lock *lock = &world->locks[i];
        struct place place = {.file = files[lock->module.index]};
        bool is_known = is_known_everywhere(world, lock) && find_place(world, names, lock, &place);
        first_of[i] = is_known ? first_at(&table, place, i) : i;
        *any |= world->locks[first_of[i]].process.index != lock->process.index;
    }
    HASH_ITER(hh, table, entry, next)
    {
        HASH_DEL(table, entry);
        free(entry);
    }
    free(files);
    return first_of;
}

static void unite(struct dependency *dependency, const uint32_t *first_of)
{
    struct held_lock *held = allocate_zeroed(dependency->held_count, sizeof *held);
    for (uint32_t i = 0; i < dependency->held_count; i++) {
        held[i] = dependency->held[i];
        held[i].lock.index = first_of[held[i].lock.index];
    }
    dependency->held = held;
    dependency->lock.index = first_of[dependency->lock.index];
}

struct united united_new(const struct world *world, const struct fingerprint_names *names)
{
    struct united united = {*world, false};
    uint32_t *first_of = find_firsts(world, names, &united.any);
    united.world.dependencies = NULL;
    if (united.any) {
        united.world.dependencies = allocate_zeroed(world->dependency_count, sizeof *world->dependencies);
        memcpy(united.world.dependencies, world->dependencies, world->dependency_count * sizeof *world->dependencies);
        for (uint32_t i = 1; i < world->dependency_count; i++)
            unite(&united.world.dependencies[i], first_of);
    }
    free(first_of);
    return united;
}

void united_clear(struct united *united)
{
    for (uint32_t i = 1; united->any && i < united->world.dependency_count; i++)
        free(united->world.dependencies[i].held);
    free(united->world.dependencies);
    *united = (struct united){0};
}

static bool has_pair(const struct united *united, const struct finding *finding, const struct lock_pair *pair)
{
    for (uint32_t i = 0; i < finding->step_count; i++) {
        const struct finding_step *step = &finding->steps[i];
        const struct dependency *dependency = &united->world.dependencies[step->dependency.index];
        if (step->dependency.index != 0 && dependency->lock.index == pair->wanted.index &&
            dependency->held[step->held_index].lock.index == pair->held.index)
            return true;
    }
    return false;
}

bool united_ring_is_told(const struct united *united, const struct findings *findings, const struct graph *graph,
                         const uint32_t *pairs, uint32_t count)
{
    for (uint32_t i = 0; i < findings->count; i++) {
        const struct finding *finding = &findings->items[i];
        uint32_t pair = 0;
        if (finding->across_runs || finding->step_count != count)
            continue;
        while (pair < count && has_pair(united, finding, &graph->pairs[pairs[pair]]))
            pair++;
        if (pair == count)
            return true;
    }
    return false;
}
