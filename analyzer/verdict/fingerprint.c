/* Hash: FNV-1a with 64 bits (Fowler, Noll, Vo: "The FNV Non-Cryptographic Hash Algorithm", draft-eastlake-fnv). It is simple, the
 * same everywhere, and good enough: fingerprints are compared within one project, and nobody gains from forging one. */
#include "fingerprint.h"

#include <inttypes.h>

#include "allocate.h"

static const uint64_t FNV_OFFSET = 0xcbf29ce484222325ULL;
static const uint64_t FNV_PRIME = 0x100000001b3ULL;

struct fingerprinter {
    const struct world *world;
    fingerprint_function_name *function_name;
    void *closure;
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

/* Little-endian on every machine. */
static uint64_t add_number(uint64_t hash, uint64_t number)
{
    unsigned char bytes[sizeof number];
    for (size_t i = 0; i < sizeof number; i++)
        bytes[i] = (unsigned char)(number >> (8 * i));
    return add_bytes(hash, bytes, sizeof bytes);
}

struct fingerprinter *fingerprinter_new(const struct world *world, fingerprint_function_name *function_name, void *closure)
{
    struct fingerprinter *fingerprinter = allocate_zeroed(1, sizeof *fingerprinter);
    fingerprinter->world = world;
    fingerprinter->function_name = function_name;
    fingerprinter->closure = closure;
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

/* Code outside of every module (made at run time) has nothing stable but that it is there. */
static uint64_t add_frame(const struct fingerprinter *fingerprinter, uint64_t hash, struct frame frame)
{
    const char *name = NULL;
    if (fingerprinter->function_name != NULL)
        name = fingerprinter->function_name(fingerprinter->closure, frame);
    if (name != NULL)
        return add_text(hash, name);
    if (frame.module.index == 0)
        return add_text(hash, "?");
    char offset[24];
    snprintf(offset, sizeof offset, "+0x%" PRIx64, frame.address);
    return add_text(add_text(hash, file_name(fingerprinter->world->modules[frame.module.index].path)), offset);
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

uint64_t fingerprint_step(struct fingerprinter *fingerprinter, struct context_id held, struct context_id wanted)
{
    uint64_t held_hash = context_hash(fingerprinter, held), wanted_hash = context_hash(fingerprinter, wanted);
    return add_number(add_number(FNV_OFFSET, held_hash), wanted_hash);
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

char *fingerprint_text(uint64_t fingerprint)
{
    return allocate_text("%016" PRIx64, fingerprint);
}
