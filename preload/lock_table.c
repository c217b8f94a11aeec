#include "lock_table.h"

#include <string.h>

#include "arena.h"
#include "lock_generation.h"
#include "lock_pages.h"
#include "module.h"
#include "mutex_type.h"
#include "names.h"
#include "rwlock_type.h"
#include "semaphore_type.h"
#include "shared_object.h"
#include "trace_writer.h"
#include "young_locks.h"

/* Buckets are by granule, so that all locks of a block of memory are found by walking its granules. */
#define GRANULE_BITS 8
#define PAGE_BITS LOCK_PAGE_BITS
#define FIRST_BUCKETS 4096

uint8_t lock_table_regions[LOCK_TABLE_REGIONS];
uint8_t lock_table_filter[1 << LOCK_TABLE_FILTER_BITS]; /* how many there are; stays at its largest value once reached */
uint32_t lock_generations[1 << LOCK_GENERATION_BITS];
uintptr_t lock_table_signals[LOCK_TABLE_SIGNALS];

static struct known_lock **buckets;
static size_t bucket_count, lock_count;
static struct known_lock *free_locks;
static uint32_t last_id, last_life;

static size_t bucket_of(uintptr_t granule, size_t count)
{
    return (granule * HASH_GOLDEN >> 20) & (count - 1);
}

static struct known_lock **head_of(uintptr_t address)
{
    return &buckets[bucket_of(address >> GRANULE_BITS, bucket_count)];
}

static bool grow(void)
{
    size_t count = bucket_count ? bucket_count * 2 : FIRST_BUCKETS;
    struct known_lock **larger = pages_allocate(count * sizeof *larger);
    if (!larger)
        return bucket_count != 0;
    for (size_t i = 0; i < bucket_count; i++) {
        for (struct known_lock *lock = buckets[i], *next; lock; lock = next) {
            struct known_lock **head = &larger[bucket_of(lock->address >> GRANULE_BITS, count)];
            next = lock->next;
            lock->next = *head;
            *head = lock;
        }
    }
    if (buckets)
        pages_release(buckets, bucket_count * sizeof *buckets);
    buckets = larger;
    bucket_count = count;
    return true;
}

static struct known_lock *take_free(void)
{
    if (!free_locks) {
        enum { AT_A_TIME = 64 };
        struct known_lock *fresh = arena_allocate(AT_A_TIME * sizeof *fresh);
        for (unsigned i = 0; fresh && i < AT_A_TIME; i++) {
            fresh[i].next = free_locks;
            free_locks = &fresh[i];
        }
    }
    struct known_lock *lock = free_locks;
    if (lock)
        free_locks = lock->next;
    return lock;
}

/* A block that covers the lock may start in any region up to LOCK_TABLE_BLOCK below it. All of them are marked before the lock's
 * own one says so. */
static void mark_regions(uintptr_t address)
{
    uint8_t *own = lock_table_region(address);
    if (*own == REGION_OF_A_LOCK)
        return;
    for (uintptr_t back = 0; back <= LOCK_TABLE_BLOCK && back <= address; back += (uintptr_t)1 << LOCK_TABLE_REGION_BITS)
        if (*lock_table_region(address - back) != REGION_OF_A_LOCK)
            __atomic_store_n(lock_table_region(address - back), REGION_BELOW_A_LOCK, __ATOMIC_RELAXED);
    __atomic_store_n(own, REGION_OF_A_LOCK, __ATOMIC_RELAXED);
}

static struct known_lock *find(uintptr_t address)
{
    struct known_lock *lock = bucket_count ? *head_of(address) : NULL;
    while (lock && lock->address != address)
        lock = lock->next;
    return lock;
}

/* A counter that is full counts no more. */
static void count(uintptr_t address, int change)
{
    uint8_t *counters[] = {&lock_page_of(address)->known, lock_table_filter_place(address)};
    for (unsigned i = 0; i < 2; i++)
        if (*counters[i] != UINT8_MAX)
            __atomic_store_n(counters[i], (uint8_t)(*counters[i] + change), __ATOMIC_RELAXED);
}

static struct known_lock *find_or_add(uintptr_t address)
{
    struct known_lock *lock = find(address);
    if (lock)
        return lock;
    if (lock_count >= bucket_count && !grow())
        return NULL;
    lock = take_free();
    if (!lock)
        return NULL;
    *lock = (struct known_lock){.address = address, .next = *head_of(address), .life = ++last_life};
    *head_of(address) = lock;
    lock_count++;
    young_take(address, &lock->initialized_at);
    count(address, 1);
    mark_regions(address);
    return lock;
}

static void forget_signal(struct known_lock *lock)
{
    if (lock->is_signal && lock_table_is_signal(lock->address))
        __atomic_store_n(lock_table_signal_place(lock->address), 0, __ATOMIC_RELAXED);
    lock->is_signal = false;
}

static void write_end(struct known_lock *lock, enum trace_lock_end_reason reason)
{
    forget_signal(lock);
    if (!lock->id)
        return;
    lock_generation_end(lock->address);
    struct trace_lock_end *record = trace_append(TRACE_RECORD_LOCK_END, sizeof *record);
    if (!record)
        return;
    record->lock = lock->id;
    record->reason = reason;
    trace_commit();
}

static void remove_at(struct known_lock **link, enum trace_lock_end_reason reason)
{
    struct known_lock *lock = *link;
    write_end(lock, reason);
    *link = lock->next;
    lock->next = free_locks;
    free_locks = lock;
    lock_count--;
    count(lock->address, -1);
}

void lock_table_end_life(uintptr_t address, enum trace_lock_end_reason reason)
{
    if (!bucket_count)
        return;
    for (struct known_lock **link = head_of(address); *link; link = &(*link)->next) {
        if ((*link)->address == address) {
            remove_at(link, reason);
            return;
        }
    }
}

bool lock_table_regions_have_locks(uintptr_t start, size_t size)
{
    uintptr_t first = start >> LOCK_TABLE_REGION_BITS, last = (start + size) >> LOCK_TABLE_REGION_BITS;
    if (last - first >= LOCK_TABLE_REGIONS)
        return true;
    for (uintptr_t region = first; region <= last; region++)
        if (lock_table_regions[region % LOCK_TABLE_REGIONS] == REGION_OF_A_LOCK)
            return true;
    return false;
}

static void end_lives_in_granule(uintptr_t granule, uintptr_t start, uintptr_t end, enum trace_lock_end_reason reason)
{
    for (struct known_lock **link = head_of(granule << GRANULE_BITS); *link;) {
        if ((*link)->address >= start && (*link)->address < end)
            remove_at(link, reason);
        else
            link = &(*link)->next;
    }
}

void lock_table_end_lives_in(uintptr_t start, size_t size, enum trace_lock_end_reason reason)
{
    uintptr_t end = start + size;
    if (!bucket_count)
        return;
    for (uintptr_t page = start >> PAGE_BITS; page << PAGE_BITS < end; page++) {
        if (!lock_page_of(page << PAGE_BITS)->known)
            continue;
        uintptr_t first = page << PAGE_BITS > start ? page << PAGE_BITS : start;
        uintptr_t last = (page + 1) << PAGE_BITS < end ? (page + 1) << PAGE_BITS : end;
        for (uintptr_t granule = first >> GRANULE_BITS; granule << GRANULE_BITS < last; granule++)
            end_lives_in_granule(granule, start, end, reason);
    }
}

void lock_table_begin_life(uintptr_t address, uint32_t initialized_at)
{
    struct known_lock *lock = find_or_add(address);
    if (!lock) {
        trace_limit_count(TRACE_LIMIT_INITIALIZED);
        return;
    }
    write_end(lock, TRACE_LOCK_REINITIALIZED);
    lock->id = 0;
    lock->name = NULL;
    lock->life = ++last_life;
    lock->initialized_at = initialized_at;
}

void lock_table_set_name(uintptr_t address, const char *name, uint32_t level)
{
    struct known_lock *lock = find_or_add(address);
    if (!lock)
        return;
    lock->name = names_keep(name, level);
    if (lock->name && lock->id)
        names_write(lock->id, lock->name);
}

uint32_t lock_table_life(uintptr_t address)
{
    uint64_t offset;
    if (module_find(address, &offset))
        return LOCK_LIFE_STATIC;
    const struct known_lock *lock = find(address);
    if (!lock && young_find(address))
        lock = find_or_add(address);
    return lock ? lock->life : 0;
}

static void write_is_signal(const struct known_lock *lock)
{
    struct trace_lock_is_signal *record = trace_append(TRACE_RECORD_LOCK_IS_SIGNAL, sizeof *record);
    if (!record)
        return;
    record->lock = lock->id;
    trace_commit();
}

#ifdef LOCKORDER_CHECK
uint32_t lock_table_id(uintptr_t address)
{
    const struct known_lock *lock = find(address);
    return lock ? lock->id : 0;
}

bool lock_table_was_marked_signal(uintptr_t address)
{
    const struct known_lock *lock = find(address);
    return lock && lock->is_signal;
}
#endif

void lock_table_mark_signal(uintptr_t address)
{
    struct known_lock *lock = find_or_add(address);
    if (!lock)
        return;
    if (!lock->is_signal && lock->id)
        write_is_signal(lock);
    lock->is_signal = true;
    __atomic_store_n(lock_table_signal_place(address), address, __ATOMIC_RELAXED);
}

static bool lies_on_stack(const struct lock_use *use)
{
    return use->address >= use->frame && use->address < use->state->stack_high;
}

/* The lock is held, or about to be locked: its memory is there. */
static void describe_kind(struct trace_lock *record, const struct lock_use *use)
{
    record->kind = use->kind;
    if (use->kind == TRACE_LOCK_MUTEX) {
        record->kind = mutex_kind((const pthread_mutex_t *)use->address);
        record->flags = mutex_flags((const pthread_mutex_t *)use->address);
    } else if (use->kind == TRACE_LOCK_RWLOCK) {
        record->flags = rwlock_flags((const pthread_rwlock_t *)use->address);
    } else if (use->kind == TRACE_LOCK_SEMAPHORE) {
        record->flags = semaphore_flags((const sem_t *)use->address);
    }
}

static uint32_t write_record(const struct known_lock *lock, const struct lock_use *use)
{
    uint64_t offset;
    bool stands_for_another = use->kind == TRACE_LOCK_LOADER; /* whose place is not known */
    uint32_t module = stands_for_another ? 0 : module_find(use->address, &offset);
    struct trace_lock *record = trace_append(TRACE_RECORD_LOCK, sizeof *record);
    if (!record)
        return 0;
    record->lock = ++last_id;
    describe_kind(record, use);
    record->address = use->address;
    if (module) {
        record->flags |= TRACE_LOCK_STATIC;
        record->module = module;
        record->offset = offset;
    } else if (lies_on_stack(use)) {
        record->flags |= TRACE_LOCK_STACK;
    }
    record->initialized_at = lock->initialized_at;
    record->first_used_at = use->context;
    record->thread = use->state->thread;
    bool is_shared = record->flags & TRACE_LOCK_PROCESS_SHARED;
    trace_commit();
    if (is_shared)
        shared_object_write(last_id, use->address);
    return last_id;
}

struct known_lock *lock_table_identify(const struct lock_use *use)
{
    struct known_lock *lock = find_or_add(use->address);
    if (lock && !lock->id) {
        lock->id = write_record(lock, use);
        if (lock->id && lock->name)
            names_write(lock->id, lock->name);
    }
    if (lock && lock->id)
        return lock;
    trace_limit_count(TRACE_LIMIT_LOCKS);
    return NULL;
}

/* Of a process that has known no lock, the tables are left alone: memory that was never touched. */
void lock_table_forget_all(void)
{
    if (!last_life)
        return;
    buckets = NULL;
    bucket_count = lock_count = 0;
    free_locks = NULL;
    last_id = last_life = 0;
    young_forget_all();
    memset(lock_table_filter, 0, sizeof lock_table_filter);
    lock_pages_forget_all();
    memset(lock_table_signals, 0, sizeof lock_table_signals);
}
