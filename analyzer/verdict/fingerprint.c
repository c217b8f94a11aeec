/* Hash: FNV-1a with 64 bits (Fowler, Noll, Vo: "The FNV Non-Cryptographic Hash Algorithm", draft-eastlake-fnv). It is simple, the
 * same everywhere, and good enough: fingerprints are compared within one project, and nobody gains from forging one. */
#include "fingerprint.h"

#include <inttypes.h>

#include "allocate.h"

static const uint64_t FNV_OFFSET = 0xcbf29ce484222325ULL;
static const uint64_t FNV_PRIME = 0x100000001b3ULL;

struct fingerprinter {
    const struct world *world;
    struct fingerprint_names names;
    uint64_t *contexts; /* by context; 0: not computed yet */
};

static uint64_t add_bytes(uint64_t hash, const void *bytes, size_t size)
{
    const unsigned char *byte = bytes;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ byte[i]) * FNV_PRIME;
    return hash;
}

/* With its NUL, so that "ab" "c" and "a" "bc" differ. */
static uint64_t add_text(uint64_t hash, const char *text)
{
    return add_bytes(hash, text, strlen(text) + 1);
}

/* Without what stands between brackets. */
static uint64_t add_without_subscripts(uint64_t hash, const char *variable)
{
    while (*variable != '\0') {
        size_t length = strcspn(variable, "[");
        hash = add_bytes(hash, variable, length);
        variable += length;
        variable += strcspn(variable, "]");
    }
    return add_text(hash, "");
}

/* Little-endian on every machine. */
static uint64_t add_number(uint64_t hash, uint64_t number)
{
    unsigned char bytes[sizeof number];
    for (size_t i = 0; i < sizeof number; i++)
        bytes[i] = (unsigned char)(number >> (8 * i));
    return add_bytes(hash, bytes, sizeof bytes);
}

struct fingerprinter *fingerprinter_new(const struct world *world, struct fingerprint_names names)
{
    struct fingerprinter *fingerprinter = allocate_zeroed(1, sizeof *fingerprinter);
    fingerprinter->world = world;
    fingerprinter->names = names;
    fingerprinter->contexts = allocate_zeroed(world->context_count, sizeof *fingerprinter->contexts);
    return fingerprinter;
}

void fingerprinter_free(struct fingerprinter *fingerprinter)
{
    if (fingerprinter == NULL)
        return;
    free(fingerprinter->contexts);
    free(fingerprinter);
}

static const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

static uint64_t add_place(const struct fingerprinter *fingerprinter, uint64_t hash, struct module_id module, uint64_t offset)
{
    char text[24];
    snprintf(text, sizeof text, "+0x%" PRIx64, offset);
    return add_text(add_text(hash, file_name(fingerprinter->world->modules[module.index].path)), text);
}

/* "libjournal.so" for all versions of it. */
static uint64_t add_module(const struct fingerprinter *fingerprinter, uint64_t hash, struct module_id module)
{
    const char *name = file_name(fingerprinter->world->modules[module.index].path);
    const char *version = strstr(name, ".so.");
    hash = add_bytes(hash, name, version == NULL ? strlen(name) : (size_t)(version - name) + strlen(".so"));
    return add_text(hash, "");
}

/* Code outside of every module (made at run time) has nothing stable but that it is there. */
static uint64_t add_frame(const struct fingerprinter *fingerprinter, uint64_t hash, struct frame frame)
{
    const char *name = NULL;
    if (fingerprinter->names.function != NULL)
        name = fingerprinter->names.function(fingerprinter->names.closure, frame);
    if (frame.module.index == 0)
        return add_text(hash, name == NULL ? "?" : name);
    if (name != NULL)
        return add_text(add_module(fingerprinter, hash, frame.module), name);
    return add_place(fingerprinter, hash, frame.module, frame.address);
}

static uint64_t hash_context(const struct fingerprinter *fingerprinter, struct context_id id)
{
    const struct context *context = &fingerprinter->world->contexts[id.index];
    uint64_t hash = FNV_OFFSET;
    for (uint32_t i = 0; i < context->frame_count && i < FINGERPRINT_FRAMES; i++)
        hash = add_frame(fingerprinter, hash, context->frames[i]);
    return hash == 0 ? 1 : hash;
}

static uint64_t context_hash(struct fingerprinter *fingerprinter, struct context_id id)
{
    uint64_t *hash = &fingerprinter->contexts[id.index];
    if (*hash == 0)
        *hash = hash_context(fingerprinter, id);
    return *hash;
}

/* A lock that is not static is known by the code around it alone. */
static uint64_t add_static_lock(const struct fingerprinter *fingerprinter, uint64_t hash, struct lock_id id)
{
    const struct lock *lock = &fingerprinter->world->locks[id.index];
    if (lock->module.index == 0)
        return hash;
    const char *variable = NULL;
    if (fingerprinter->names.variable != NULL)
        variable = fingerprinter->names.variable(fingerprinter->names.closure, lock->module, lock->offset);
    if (variable != NULL)
        return add_without_subscripts(hash, variable);
    return add_place(fingerprinter, hash, lock->module, lock->offset);
}

uint64_t fingerprint_sides(struct fingerprinter *fingerprinter, const struct held_lock *holds, const struct held_lock *wants)
{
    uint64_t hash = add_number(FNV_OFFSET, context_hash(fingerprinter, holds->context));
    hash = add_static_lock(fingerprinter, hash, holds->lock);
    hash = add_number(hash, context_hash(fingerprinter, wants->context));
    return add_static_lock(fingerprinter, hash, wants->lock);
}

uint64_t fingerprint_step(struct fingerprinter *fingerprinter, const struct dependency *dependency, uint32_t held_index)
{
    struct held_lock wants = {dependency->lock, dependency->context, dependency->mode};
    return fingerprint_sides(fingerprinter, &dependency->held[held_index], &wants);
}

static bool rotation_is_less(const uint64_t *steps, uint32_t step_count, uint32_t left, uint32_t right)
{
    for (uint32_t i = 0; i < step_count; i++) {
        uint64_t of_left = steps[(left + i) % step_count], of_right = steps[(right + i) % step_count];
        if (of_left != of_right)
            return of_left < of_right;
    }
    return false;
}

/* Quadratic, which the few steps of a cycle are too short to show. */
static uint32_t least_rotation(const uint64_t *steps, uint32_t step_count)
{
    uint32_t least = 0;
    for (uint32_t i = 1; i < step_count; i++) {
        if (rotation_is_less(steps, step_count, i, least))
            least = i;
    }
    return least;
}

uint64_t fingerprint_steps(enum finding_kind kind, const uint64_t *steps, uint32_t step_count)
{
    uint32_t start = least_rotation(steps, step_count);
    uint64_t hash = add_text(FNV_OFFSET, finding_kind_name(kind));
    for (uint32_t i = 0; i < step_count; i++)
        hash = add_number(hash, steps[(start + i) % step_count]);
    return hash;
}

uint64_t fingerprint_event(enum finding_kind kind, enum trace_event_kind event, const uint64_t *steps, uint32_t step_count)
{
    uint64_t hash = fingerprint_steps(kind, steps, step_count);
    return event == TRACE_EVENT_DEADLOCK ? hash : add_number(hash, event);
}

uint64_t fingerprint_text_hash(const char *text)
{
    uint64_t hash = add_text(FNV_OFFSET, text);
    return hash == 0 ? 1 : hash;
}

uint64_t fingerprint_variable_hash(const char *variable)
{
    uint64_t hash = add_without_subscripts(FNV_OFFSET, variable);
    return hash == 0 ? 1 : hash;
}

char *fingerprint_text(uint64_t fingerprint)
{
    return allocate_text("%016" PRIx64, fingerprint);
}
