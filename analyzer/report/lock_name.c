#include "lock_name.h"

#include <inttypes.h>

#include "allocate.h"
#include "stack.h"

struct name {
    char *full, *brief, *class;
};

struct lock_names {
    const struct world *world;
    struct symbolizer *symbolizer;
    struct name *names; /* by lock id; made when first asked for */
};

const char *lock_kind_name(enum trace_lock_kind kind)
{
    switch (kind) {
    case TRACE_LOCK_MUTEX:
        return "mutex";
    case TRACE_LOCK_MUTEX_RECURSIVE:
        return "recursive mutex";
    case TRACE_LOCK_MUTEX_ERRORCHECK:
        return "error-checking mutex";
    case TRACE_LOCK_MUTEX_ADAPTIVE:
        return "adaptive mutex";
    case TRACE_LOCK_RWLOCK:
        return "read-write lock";
    case TRACE_LOCK_SPIN:
        return "spinlock";
    case TRACE_LOCK_SEMAPHORE:
        return "semaphore";
    case TRACE_LOCK_ONCE:
        return "once-initialisation";
    case TRACE_LOCK_GUARD:
        return "static local variable's guard";
    case TRACE_LOCK_LOADER:
        return "lock of the dynamic loader";
    case TRACE_LOCK_FILE:
        return "stdio stream";
    case TRACE_LOCK_ANNOTATED:
        return "annotated lock";
    }
    return "lock";
}

/* "accounts[0].lock" and "accounts[1].lock" play one role: "accounts[].lock". */
static char *without_subscripts(const char *variable)
{
    char *result = allocate_copy(variable), *to = result;
    bool inside = false;
    for (const char *from = variable; *from != '\0'; from++) {
        inside = inside && *from != ']';
        if (!inside)
            *to++ = *from;
        inside = inside || *from == '[';
    }
    *to = '\0';
    return result;
}

static struct name name_of_static(const struct lock_names *names, const struct lock *lock)
{
    const char *variable = symbolizer_variable(names->symbolizer, lock->module, lock->offset);
    const char *module = stack_base_name(names->world->modules[lock->module.index].path);
    char *full = variable != NULL ? allocate_copy(variable)
                                  : allocate_text("%s at %s+0x%" PRIx64, lock_kind_name(lock->kind), module, lock->offset);
    return (struct name){full, allocate_copy(full), without_subscripts(full)};
}

/* A class has no line and no module, which change when the program is rebuilt elsewhere. */
static char *class_of_place(const struct stack *stack, const char *what)
{
    if (stack->count == 0)
        return allocate_text("%s in an unknown function", what);
    const struct stack_line *line = &stack->lines[stack->place];
    if (line->function[0] != '\0')
        return allocate_text("%s in %s", what, line->function);
    return allocate_text("%s at %s+0x%" PRIx64, what, stack_base_name(line->module), line->offset);
}

static struct name name_of_dynamic(const struct lock_names *names, const struct lock *lock)
{
    bool initialized = lock->initialized_at.index != 0;
    struct stack stack;
    stack_open(&stack, names->world, names->symbolizer, initialized ? lock->initialized_at : lock->first_used_at);
    char *place = stack_place_text(&stack);
    char *brief = allocate_text("%s #%" PRIu32, lock_kind_name(lock->kind), lock->number);
    char *full = allocate_text("%s %s at %s", brief, initialized ? "initialised" : "first locked", place);
    char *class = class_of_place(&stack, initialized ? "initialised" : "first locked");
    free(place);
    stack_close(&stack);
    return (struct name){full, brief, class};
}

static struct name name_of_named(const struct lock *lock)
{
    return (struct name){allocate_copy(lock->name), allocate_copy(lock->name), allocate_copy(lock->name)};
}

static struct name *find_name(struct lock_names *names, struct lock_id id)
{
    struct name *name = &names->names[id.index];
    const struct lock *lock = &names->world->locks[id.index];
    if (name->full != NULL)
        return name;
    if (lock->name != NULL && *lock->name != '\0')
        *name = name_of_named(lock);
    else
        *name = lock->module.index != 0 ? name_of_static(names, lock) : name_of_dynamic(names, lock);
    return name;
}

const char *lock_names_name(void *names, struct lock_id lock)
{
    return find_name(names, lock)->full;
}

const char *lock_names_short(struct lock_names *names, struct lock_id lock)
{
    return find_name(names, lock)->brief;
}

const char *lock_names_class(struct lock_names *names, struct lock_id lock)
{
    return find_name(names, lock)->class;
}

static void add_number(struct name *name, uint32_t number)
{
    char *full = allocate_text("%s (#%" PRIu32 ")", name->full, number);
    char *brief = allocate_text("%s (#%" PRIu32 ")", name->brief, number);
    free(name->full);
    free(name->brief);
    name->full = full;
    name->brief = brief;
}

/* One lock that a finding speaks of. */
struct mention {
    const char *name;
    uint32_t process, lock;
};

static int compare_mentions(const void *left, const void *right)
{
    const struct mention *a = left, *b = right;
    int names = strcmp(a->name, b->name);
    if (names != 0)
        return names;
    if (a->process != b->process)
        return a->process < b->process ? -1 : 1;
    return a->lock < b->lock ? -1 : a->lock > b->lock;
}

static struct mention mention_lock(struct lock_names *names, struct lock_id id)
{
    return (struct mention){lock_names_name(names, id), names->world->locks[id.index].process.index, id.index};
}

static void add_mention(struct lock_names *names, struct lock_id lock, struct mention **mentions, size_t *count)
{
    if (lock.index == 0)
        return;
    *mentions = allocate_grown(*mentions, *count, sizeof **mentions);
    (*mentions)[(*count)++] = mention_lock(names, lock);
}

/* Every lock that a finding's thread holds or wants, sorted by name; a lock may occur several times. */
static struct mention *list_mentions(struct lock_names *names, const struct findings *findings, size_t *count)
{
    struct mention *mentions = NULL;
    *count = 0;
    for (uint32_t i = 0; i < findings->count; i++) {
        for (uint32_t j = 0; j < findings->items[i].step_count; j++) {
            add_mention(names, findings->items[i].steps[j].holds.lock, &mentions, count);
            add_mention(names, findings->items[i].steps[j].wants.lock, &mentions, count);
        }
    }
    if (mentions != NULL)
        qsort(mentions, *count, sizeof *mentions, compare_mentions);
    return mentions;
}

static bool are_homonyms(const struct mention *a, const struct mention *b)
{
    return a->lock != b->lock && a->process == b->process && strcmp(a->name, b->name) == 0;
}

/* Two static variables of different files may have one name, and so may the locks that lived one after the other in one variable.
 * Sorted, homonyms are neighbours; numbers are added only after all are found, since they change the names compared. */
static void distinguish(struct lock_names *names, const struct findings *findings)
{
    size_t count = 0;
    struct mention *mentions = list_mentions(names, findings, &count);
    bool *ambiguous = allocate_zeroed(names->world->lock_count, sizeof *ambiguous);
    for (size_t i = 1; i < count; i++) {
        if (are_homonyms(&mentions[i - 1], &mentions[i]))
            ambiguous[mentions[i - 1].lock] = ambiguous[mentions[i].lock] = true;
    }
    for (uint32_t lock = 1; lock < names->world->lock_count; lock++) {
        if (ambiguous[lock])
            add_number(&names->names[lock], names->world->locks[lock].number);
    }
    free(ambiguous);
    free(mentions);
}

struct lock_names *lock_names_new(const struct world *world, const struct findings *findings, struct symbolizer *symbolizer)
{
    struct lock_names *names = allocate_zeroed(1, sizeof *names);
    *names = (struct lock_names){world, symbolizer, allocate_zeroed(world->lock_count, sizeof *names->names)};
    distinguish(names, findings);
    return names;
}

void lock_names_free(struct lock_names *names)
{
    for (uint32_t lock = 0; lock < names->world->lock_count; lock++) {
        free(names->names[lock].full);
        free(names->names[lock].brief);
        free(names->names[lock].class);
    }
    free(names->names);
    free(names);
}
