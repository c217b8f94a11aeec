#include "names.h"

#include <string.h>

#include "arena.h"
#include "hash.h"
#include "hash_index.h"
#include "trace_writer.h"

enum { LONGEST = 256, MOST = 65536, DECLARED = 256 };

static struct hash_index names; /* hash of text and level -> index into kept */
static const struct name **kept;
static uint32_t kept_count;

static struct declared {
    const struct name *before, *after;
} declared[DECLARED];
static uint32_t declared_count;

static uint32_t size_of(const char *text)
{
    return (uint32_t)strnlen(text, LONGEST - 1) + 1;
}

static uint64_t hash_name(const char *text, uint32_t size, uint32_t level)
{
    uint64_t hash = level + 1;
    for (uint32_t i = 0; i + 1 < size; i++)
        hash = hash_mix(hash, (unsigned char)text[i]);
    return hash;
}

const struct name *names_keep(const char *text, uint32_t level)
{
    uint32_t size = size_of(text);
    uint64_t hash = hash_name(text, size, level);
    uint32_t known = hash_index_find(&names, hash);
    if (known)
        return kept[known];
    if (!kept && !(kept = pages_allocate(MOST * sizeof(const struct name *))))
        return NULL;
    struct name *name = kept_count + 1 < MOST ? arena_allocate(sizeof *name + size) : NULL;
    if (!name || !hash_index_insert(&names, hash, kept_count + 1))
        return NULL;
    name->level = level;
    name->size = size;
    memcpy(name->text, text, size - 1);
    kept[++kept_count] = name;
    return name;
}

bool names_forbid(const struct name *held, const struct name *wanted)
{
    if (!held || !wanted)
        return false;
    if (strcmp(held->text, wanted->text) == 0)
        return held->level && wanted->level && wanted->level <= held->level;
    for (uint32_t i = 0; i < declared_count; i++)
        if (strcmp(declared[i].before->text, wanted->text) == 0 && strcmp(declared[i].after->text, held->text) == 0)
            return true;
    return false;
}

static void keep_order(const char *before, const char *after)
{
    struct declared order = {names_keep(before, 0), names_keep(after, 0)};
    if (order.before && order.after && declared_count < DECLARED)
        declared[declared_count++] = order;
}

void names_write(uint32_t lock, const struct name *name)
{
    struct trace_lock_name *record = trace_append(TRACE_RECORD_LOCK_NAME, sizeof *record + name->size);
    if (!record)
        return;
    record->lock = lock;
    record->level = name->level;
    record->name_length = name->size;
    memcpy(record + 1, name->text, name->size);
    trace_commit();
}

void names_declare_order(const char *before, const char *after, uint32_t context)
{
    uint32_t before_size = size_of(before), after_size = size_of(after);
    keep_order(before, after);
    struct trace_declared_order *record =
        trace_append(TRACE_RECORD_DECLARED_ORDER, sizeof *record + before_size + after_size);
    if (!record)
        return;
    record->context = context;
    record->before_length = before_size;
    record->after_length = after_size;
    char *end = (char *)(record + 1);
    memcpy(end, before, before_size - 1);
    memcpy(end + before_size, after, after_size - 1);
    trace_commit();
}

void names_forget_all(void)
{
    hash_index_abandon(&names);
    kept = NULL;
    kept_count = declared_count = 0;
}
