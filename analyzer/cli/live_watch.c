#include "live_watch.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "allocate.h"
#include "live_report.h"
#include "trace/trace_reader.h"
#include <uthash.h>

static const uint64_t SECOND = 1000000000;

/* A wait that lasts, by which it is known again. */
struct stall {
    uint64_t since; /* 0: none */
    uint32_t thread;
};

struct watched {
    char *path;
    bool done;          /* it will not change any more */
    uint32_t told;      /* deadlocks */
    uint64_t looked_to; /* offset of the first record that was not looked at; 0: none was */
    uint64_t *waits;    /* offsets of the wait records below it */
    size_t wait_count;
    struct stall told_stall;
    bool all_wait;     /* at the last look, all threads did; one look might meet a process that is just ending */
    bool told_between; /* a deadlock with other processes; another one of the same process is not looked for */
    UT_hash_handle hh;
};

/* What threads of several processes wait for: a number for all of it, and those processes. */
struct shared_waits {
    uint64_t sum;
    struct watched **traces;
    size_t count;
};

struct live_watch {
    const struct trace_folder *folder;
    uint64_t stall_after; /* nanoseconds; 0: never */
    struct watched *traces;
    uint64_t shared_sum; /* of the shared waits at the last look */
    bool shared_done;    /* they have been looked into */
};

struct live_watch *live_watch_new(const struct trace_folder *folder, uint64_t stall_after)
{
    struct live_watch *watch = allocate_zeroed(1, sizeof *watch);
    watch->folder = folder;
    watch->stall_after = stall_after * SECOND;
    return watch;
}

void live_watch_free(struct live_watch *watch)
{
    struct watched *trace, *next;
    if (watch == NULL)
        return;
    HASH_ITER(hh, watch->traces, trace, next)
    {
        HASH_DEL(watch->traces, trace);
        free(trace->waits);
        free(trace->path);
        free(trace);
    }
    free(watch);
}

static struct watched *find_or_add(struct live_watch *watch, const char *path)
{
    struct watched *trace;
    HASH_FIND_STR(watch->traces, path, trace);
    if (trace == NULL) {
        trace = allocate_zeroed(1, sizeof *trace);
        trace->path = allocate_copy(path);
        HASH_ADD_KEYPTR(hh, watch->traces, trace->path, strlen(trace->path), trace);
    }
    return trace;
}

/* --- Waits --- */

/* Records that came since the last look. */
static int find_waits(struct watched *trace, struct trace_file *file, struct error *error)
{
    const struct trace_record_header *record;
    int result;
    if (trace->looked_to != 0 && trace_file_continue_at(file, trace->looked_to, error) != 0)
        return -1;
    while ((result = trace_file_next(file, &record, error)) == 1) {
        if (record->type != TRACE_RECORD_WAIT)
            continue;
        trace->waits = allocate_grown(trace->waits, trace->wait_count, sizeof *trace->waits);
        trace->waits[trace->wait_count++] = trace_file_offset(file);
    }
    trace->looked_to = trace_file_offset(file);
    return result;
}

/* NULL where there is none. Valid until the file is read on. */
static const struct trace_wait *read_wait(struct trace_file *file, uint64_t offset)
{
    const struct trace_record_header *record;
    struct error error;
    if (trace_file_continue_at(file, offset, &error) != 0 || trace_file_next(file, &record, &error) != 1)
        return NULL;
    return record->type == TRACE_RECORD_WAIT ? (const struct trace_wait *)record : NULL;
}

static uint64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * SECOND + (uint64_t)time.tv_nsec;
}

static bool has_lasted(const struct live_watch *watch, const struct trace_wait *wait, uint64_t at)
{
    bool may_last = (wait->flags & TRACE_WAIT_GIVES_UP) == 0 && wait->since != 0;
    return may_last && wait->since < at && at - wait->since >= watch->stall_after;
}

/* "tid (name) S ...": a thread that has ended may be listed still, as Z or X. The name may hold anything. */
static bool lives(const char *folder, const char *thread)
{
    char path[400], text[128] = "";
    snprintf(path, sizeof path, "%s/%s/stat", folder, thread);
    FILE *stream = fopen(path, "re");
    if (stream == NULL)
        return false;
    size_t length = fread(text, 1, sizeof text - 1, stream);
    fclose(stream);
    text[length] = '\0';
    const char *end = strrchr(text, ')');
    return end != NULL && end[1] == ' ' && end[2] != 'Z' && end[2] != 'X';
}

/* 0 when that is not known. */
static size_t count_threads(uint32_t process)
{
    char path[64];
    size_t count = 0;
    snprintf(path, sizeof path, "/proc/%" PRIu32 "/task", process);
    DIR *folder = opendir(path);
    if (folder == NULL)
        return 0;
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;)
        count += entry->d_name[0] != '.' && lives(path, entry->d_name);
    closedir(folder);
    return count;
}

/* Of the waits that have lasted long, the longest one for a lock; or, where all threads wait, the longest of all: they might wait
 * for each other in ways that nobody can know of. And whether the one that was told of lasts still. */
static struct stall find_stall(const struct live_watch *watch, struct watched *trace, struct trace_file *file, bool *told_lasts)
{
    struct stall longest = {.since = 0}, longest_for_lock = {.since = 0};
    uint64_t at = now();
    size_t lasting = 0;
    *told_lasts = false;
    for (size_t i = 0; i < trace->wait_count; i++) {
        const struct trace_wait *wait = read_wait(file, trace->waits[i]);
        if (wait == NULL || !has_lasted(watch, wait, at))
            continue;
        struct stall stall = {wait->since, wait->thread};
        lasting++;
        *told_lasts |= stall.thread == trace->told_stall.thread && stall.since == trace->told_stall.since;
        if (longest.since == 0 || stall.since < longest.since)
            longest = stall;
        if (wait->kind == TRACE_WAIT_LOCK && (longest_for_lock.since == 0 || stall.since < longest_for_lock.since))
            longest_for_lock = stall;
    }
    bool all_waited = trace->all_wait;
    trace->all_wait = lasting != 0 && lasting == count_threads(trace_file_header(file)->process);
    return longest_for_lock.since == 0 && all_waited && trace->all_wait ? longest : longest_for_lock;
}

static void look_for_stall(const struct live_watch *watch, struct watched *trace, struct error *error)
{
    struct trace_file *file = trace_file_open(trace->path, error);
    bool told_lasts = true;
    struct stall stall = {.since = 0};
    if (file == NULL)
        return;
    if (find_waits(trace, file, error) == 0)
        stall = find_stall(watch, trace, file, &told_lasts);
    trace_file_close(file);
    if (stall.since == 0 || told_lasts)
        return;
    trace->told_stall = stall;
    live_report_stall(trace->path, error);
}

/* --- Waits for what other processes may hold --- */

static bool may_deadlock_with_others(const struct trace_wait *wait)
{
    return wait->since != 0 && (wait->flags & TRACE_WAIT_PROCESS_SHARED) != 0 && (wait->flags & TRACE_WAIT_GIVES_UP) == 0;
}

static void add_shared_waits(struct watched *trace, struct shared_waits *shared)
{
    struct error error;
    struct trace_file *file = trace_file_open(trace->path, &error);
    bool found = false;
    if (file == NULL)
        return;
    if (find_waits(trace, file, &error) == 0) {
        for (size_t i = 0; i < trace->wait_count; i++) {
            const struct trace_wait *wait = read_wait(file, trace->waits[i]);
            if (wait == NULL || !may_deadlock_with_others(wait))
                continue;
            shared->sum += wait->since * 31 + wait->address;
            found = true;
        }
    }
    trace_file_close(file);
    if (found) {
        shared->traces = allocate_grown(shared->traces, shared->count, sizeof(struct watched *));
        shared->traces[shared->count++] = trace;
    }
}

static void look_into(const struct shared_waits *shared)
{
    struct trace_list list = {allocate_zeroed(shared->count, sizeof(char *)), shared->count};
    bool *involved = allocate_zeroed(shared->count, sizeof *involved);
    for (size_t i = 0; i < shared->count; i++)
        list.paths[i] = shared->traces[i]->path;
    live_report_between(&list, involved);
    for (size_t i = 0; i < shared->count; i++)
        shared->traces[i]->told_between = involved[i];
    free(list.paths);
    free(involved);
}

/* Waits that were there at the last look are looked into, once. */
static void look_between(struct live_watch *watch)
{
    struct shared_waits shared = {.sum = 0};
    struct watched *trace, *next;
    HASH_ITER(hh, watch->traces, trace, next)
    {
        if (!trace->done && !trace->told_between)
            add_shared_waits(trace, &shared);
    }
    if (shared.sum != watch->shared_sum) {
        watch->shared_sum = shared.sum;
        watch->shared_done = false;
    } else if (shared.count > 1 && !watch->shared_done) {
        look_into(&shared);
        watch->shared_done = true;
    }
    free(shared.traces);
}

/* --- One trace --- */

static bool is_alive(const struct trace_header *header)
{
    return header->state == TRACE_STATE_RECORDING && (kill((pid_t)header->process, 0) == 0 || errno != ESRCH);
}

/* What cannot be read now is looked at again: it may be about to be made. The report at the end tells what is wrong with it. */
static void look_at(const struct live_watch *watch, struct watched *trace)
{
    struct error error;
    struct trace_file *file = trace_file_open(trace->path, &error);
    if (file == NULL)
        return;
    struct trace_header header = *trace_file_header(file);
    bool alive = is_alive(&header);
    trace_file_close(file);
    if (header.deadlocks > trace->told) {
        int count = live_report_deadlocks(trace->path, trace->told, &error);
        trace->told = count > (int)trace->told ? (uint32_t)count : trace->told;
    }
    if (alive && watch->stall_after != 0 && trace->told == 0 && !trace->told_between)
        look_for_stall(watch, trace, &error);
    trace->done = !alive;
}

void live_watch_look(void *closure)
{
    struct live_watch *watch = closure;
    struct trace_list list;
    struct error error;
    size_t living = 0;
    if (trace_folder_new_traces(watch->folder, &list, &error) == 0) {
        for (size_t i = 0; i < list.count; i++) {
            struct watched *trace = find_or_add(watch, list.paths[i]);
            if (!trace->done)
                look_at(watch, trace);
            living += !trace->done;
        }
    }
    if (living > 1)
        look_between(watch);
    trace_list_clear(&list);
}
