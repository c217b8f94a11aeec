#include "context.h"

#include <stddef.h>
#include <string.h>

#include "arena.h"
#include "call_site.h"
#include "hash.h"
#include "hash_index.h"
#include "module.h"
#include "trace_writer.h"

static struct hash_index contexts; /* hash of the frames -> id */
static uint32_t *records;          /* id -> place of the record, in units of 8 bytes */
static uint32_t record_room, last_id;

static bool make_room(void)
{
    if (last_id + 1 < record_room)
        return true;
    uint32_t room = record_room ? record_room * 2 : 1024;
    uint32_t *larger = pages_allocate(room * sizeof *larger);
    if (!larger)
        return false;
    if (records) {
        memcpy(larger, records, record_room * sizeof *larger);
        pages_release(records, record_room * sizeof *records);
    }
    records = larger;
    record_room = room;
    return true;
}

static const uint64_t *frames_of(uint32_t context, uint32_t *count)
{
    const struct trace_context *record = trace_at((uint64_t)records[context] * 8);
    *count = record->frame_count;
    return (const uint64_t *)(record + 1);
}

static bool write_record(uint32_t context, const uint64_t *frames, uint32_t count, bool cut)
{
    struct trace_context *record = trace_append(TRACE_RECORD_CONTEXT, sizeof *record + count * sizeof *frames);
    if (!record)
        return false;
    record->context = context;
    record->frame_count = (uint16_t)count;
    record->flags = cut ? TRACE_CONTEXT_CUT : 0;
    memcpy(record + 1, frames, count * sizeof *frames);
    records[context] = (uint32_t)(trace_offset(record) / 8);
    trace_commit();
    return true;
}

static uint32_t intern(const uint64_t *frames, uint32_t count, bool cut)
{
    uint64_t hash = cut;
    for (uint32_t i = 0; i < count; i++)
        hash = hash_mix(hash, frames[i]);
    uint32_t context = hash_index_find(&contexts, hash);
    if (context)
        return context;
    if (!make_room() || !write_record(last_id + 1, frames, count, cut) || !hash_index_insert(&contexts, hash, last_id + 1)) {
        trace_limit_count(TRACE_LIMIT_CONTEXTS);
        return 0;
    }
    if (cut && count == LOCKORDER_TRACE_MAX_FRAMES)
        trace_limit_count(TRACE_LIMIT_FRAMES);
    return ++last_id;
}

static uint64_t pack(uintptr_t address)
{
    uint64_t file_address;
    uint32_t module = module_find(address - 1, &file_address);
    return TRACE_FRAME(module, file_address + 1);
}

uint32_t context_intern(const struct stack *stack)
{
    uint64_t frames[LOCKORDER_TRACE_MAX_FRAMES];
    for (uint32_t i = 0; i < stack->count; i++)
        frames[i] = pack(stack->frames[i].address);
    return intern(frames, stack->count, stack->cut);
}

/* The frame of `now` whose function took the lock: the same frame address, and the same function. */
static uint32_t live_frame(uint64_t held_address, uintptr_t frame, const struct stack *now)
{
    uintptr_t site = module_address(held_address);
    if (call_site_of(site) != CALL_SITE_DIRECT)
        return UINT32_MAX;
    for (uint32_t i = 0; i < now->count && now->frames[i].frame <= frame; i++) {
        if (now->frames[i].frame != frame)
            continue;
        uintptr_t start = unwind_function_start(now->frames[i].address);
        return start && start == unwind_function_start(site) ? i : UINT32_MAX;
    }
    return UINT32_MAX;
}

uint32_t context_of_held(uint32_t context, uintptr_t frame, const struct stack *now)
{
    if (!context)
        return 0;
    uint32_t count;
    const uint64_t *held = frames_of(context, &count);
    uint32_t live = live_frame(held[0], frame, now);
    if (live == UINT32_MAX)
        return context;
    uint64_t frames[LOCKORDER_TRACE_MAX_FRAMES];
    frames[0] = held[0];
    uint32_t outer = now->count - live - 1;
    for (uint32_t i = 0; i < outer; i++)
        frames[1 + i] = pack(now->frames[live + 1 + i].address);
    return intern(frames, 1 + outer, now->cut);
}

uintptr_t context_innermost(uint32_t context)
{
    uint32_t count;
    const uint64_t *frames = frames_of(context, &count);
    return count ? module_address(frames[0]) : 0;
}

void context_read_back(uint32_t context, struct stack *stack)
{
    uint32_t count;
    const uint64_t *frames = frames_of(context, &count);
    for (uint32_t i = 0; i < count; i++)
        stack->frames[i].address = module_address(frames[i]);
    stack->count = count;
}

void context_forget_all(void)
{
    hash_index_abandon(&contexts);
    records = NULL;
    record_room = last_id = 0;
}
