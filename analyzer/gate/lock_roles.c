#include "lock_roles.h"

#include <inttypes.h>

#include "allocate.h"
#include "report/stack.h"
#include "verdict/classes.h"

/* How precise a name is: see role_text. */
enum { LEAST_PRECISE = 0, MOST_PRECISE = 2 };

/* All locks of one class in one process. */
struct role {
    uint32_t class, process;
    char *name;
    bool is_shared; /* another class of some process has the name */
};

struct lock_roles {
    const struct report *report;
    struct classes classes;
    struct role *roles; /* by class */
};

/* --- Names of locks --- */

/* "account_init from account_open", or "account_init at bank.c:20": code that initialised the lock, or locked it first. */
static char *text_of_code(const struct lock_roles *roles, const struct lock *lock, const char *brief, int precision)
{
    bool initialized = lock->initialized_at.index != 0;
    struct stack stack;
    stack_open(&stack, roles->report->world, roles->report->symbolizer, initialized ? lock->initialized_at : lock->first_used_at);
    char *text = NULL;
    if (precision == 1 && stack.place + 1 < stack.count && stack.lines[stack.place + 1].function[0] != '\0')
        text = allocate_text("%s from %s", brief, stack.lines[stack.place + 1].function);
    else if (precision == MOST_PRECISE && stack.count != 0 && stack.lines[stack.place].line != 0)
        text = allocate_text("%s at %s:%" PRIu32, brief, stack_base_name(stack.lines[stack.place].file),
                             stack.lines[stack.place].line);
    stack_close(&stack);
    return text != NULL ? text : allocate_copy(brief);
}

static char *text_of_variable(const struct lock_roles *roles, const struct lock *lock, const char *brief, int precision)
{
    const char *module = stack_base_name(roles->report->world->modules[lock->module.index].path);
    return precision == 1 ? allocate_text("%s in %s", brief, module)
                          : allocate_text("%s at %s+0x%" PRIx64, brief, module, lock->offset);
}

static char *role_text(const struct lock_roles *roles, uint32_t index, int precision)
{
    const struct lock *lock = &roles->report->world->locks[index];
    const char *brief = lock_names_class(roles->report->lock_names, (struct lock_id){index});
    if (lock->name != NULL && lock->name[0] != '\0')
        return lock->level == 0 ? allocate_copy(brief) : allocate_text("%s (level %" PRIu32 ")", brief, lock->level);
    if (precision == LEAST_PRECISE)
        return allocate_copy(brief);
    return lock->module.index != 0 ? text_of_variable(roles, lock, brief, precision)
                                   : text_of_code(roles, lock, brief, precision);
}

/* --- Names of roles --- */

/* Of several locks of a role, the first name in the alphabet counts: they do not come in the same order in every run. */
static void name_roles(struct lock_roles *roles, int precision)
{
    for (uint32_t lock = 1; lock < roles->report->world->lock_count; lock++) {
        struct role *role = &roles->roles[roles->classes.class_of[lock]];
        if (role->class == 0 || !role->is_shared)
            continue;
        char *text = role_text(roles, lock, precision);
        if (role->name == NULL || strcmp(text, role->name) < 0) {
            free(role->name);
            role->name = text;
        } else {
            free(text);
        }
    }
}

static void forget_shared_names(struct lock_roles *roles)
{
    for (uint32_t class = 1; class <= roles->classes.count; class ++) {
        if (!roles->roles[class].is_shared)
            continue;
        free(roles->roles[class].name);
        roles->roles[class].name = NULL;
    }
}

static int compare_roles(const void *left, const void *right)
{
    const struct role *a = *(const struct role *const *)left, *b = *(const struct role *const *)right;
    int names = strcmp(a->name, b->name);
    if (names != 0)
        return names;
    return a->process != b->process ? (a->process > b->process) - (a->process < b->process)
                                    : (a->class > b->class) - (a->class < b->class);
}

/* Sets is_shared for those roles whose name two roles of one process have; in the other processes as well, so that one role has
 * one name in all of them. Returns whether there are some. */
static bool find_shared_names(const struct lock_roles *roles)
{
    uint32_t count = roles->classes.count;
    struct role **sorted = allocate_zeroed(count, sizeof *sorted);
    bool any = false;
    for (uint32_t i = 0; i < count; i++)
        sorted[i] = &roles->roles[i + 1];
    if (count != 0)
        qsort(sorted, count, sizeof(struct role *), compare_roles);
    for (uint32_t first = 0, end; first < count; first = end) {
        bool shared = false;
        for (end = first + 1; end < count && strcmp(sorted[end]->name, sorted[first]->name) == 0; end++)
            shared |= sorted[end]->process == sorted[end - 1]->process;
        for (uint32_t i = first; i < end; i++)
            sorted[i]->is_shared = shared;
        any |= shared;
    }
    free(sorted);
    return any;
}

static void find_roles(struct lock_roles *roles)
{
    roles->roles = allocate_zeroed((size_t)roles->classes.count + 1, sizeof *roles->roles);
    for (uint32_t lock = 1; lock < roles->report->world->lock_count; lock++) {
        uint32_t class = roles->classes.class_of[lock];
        if (class != 0)
            roles->roles[class] =
                (struct role){.class = class, .process = roles->report->world->locks[lock].process.index, .is_shared = true};
    }
}

struct lock_roles *lock_roles_new(const struct report *report, const struct fingerprint_names *names)
{
    struct lock_roles *roles = allocate_zeroed(1, sizeof *roles);
    roles->report = report;
    roles->classes = classes_find(report->world, names);
    find_roles(roles);
    for (int precision = LEAST_PRECISE; precision <= MOST_PRECISE; precision++) {
        forget_shared_names(roles);
        name_roles(roles, precision);
        if (!find_shared_names(roles))
            break;
    }
    return roles;
}

void lock_roles_free(struct lock_roles *roles)
{
    for (uint32_t class = 1; class <= roles->classes.count; class ++)
        free(roles->roles[class].name);
    free(roles->roles);
    classes_free(&roles->classes);
    free(roles);
}

const char *lock_roles_name(const struct lock_roles *roles, struct lock_id lock)
{
    const struct role *role = &roles->roles[roles->classes.class_of[lock.index]];
    return role->is_shared ? NULL : role->name;
}
