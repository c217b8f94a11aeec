#include "small_history.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 9 };

/* Where locks with this name are locked. */
static struct context_id context_of(char object)
{
    return (struct context_id){(uint32_t)(unsigned char)object};
}

static bool read_call(const char *word, struct small_call *call)
{
    const char *name = strchr("-!?", word[0]) != NULL ? word + 1 : word;
    char after = name[0] == '\0' ? '\0' : name[1];
    call->object = name[0];
    call->shared = after == '%';
    call->semaphore = after == '#';
    call->call = word[0] == '-'   ? TRACE_HISTORY_RELEASED
                 : word[0] == '!' ? TRACE_HISTORY_GAVE
                 : word[0] == '?' ? TRACE_HISTORY_TOOK
                 : after == '~'   ? TRACE_HISTORY_FAILED
                                  : TRACE_HISTORY_ACQUIRED;
    return call->object != '\0' && strlen(name) <= 2;
}

uint32_t small_history_read(const char *text, struct small_call *calls, uint32_t room)
{
    char *copy = strdup(text), *rest = NULL;
    uint32_t count = 0, thread = 0;
    for (const char *word = strtok_r(copy, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest)) {
        if (word[0] >= '1' && word[0] <= '0' + THREADS && word[1] == '\0') {
            thread = (uint32_t)(word[0] - '0');
            continue;
        }
        if (thread == 0 || count == room || !read_call(word, &calls[count])) {
            fprintf(stderr, "small_history: '%s' in '%s': expected a call of a thread, in a history of at most %u\n", word, text,
                    room);
            exit(1);
        }
        calls[count++].thread = thread;
    }
    free(copy);
    return count;
}

struct world *small_history_world(const struct small_call *calls, uint32_t count)
{
    struct world *world = world_new();
    struct process_id process = world_add_process(world);
    for (uint32_t i = 0; i < THREADS; i++) {
        struct thread_id thread = world_add_thread(world);
        world->threads[thread.index].process = process;
    }
    for (uint32_t i = 0; i < count; i++)
        *world_add_history_call(world) =
            (struct history_call){.object = (uint64_t)(unsigned char)calls[i].object,
                                  .number = i + 1,
                                  .thread = {calls[i].thread},
                                  .context = context_of(calls[i].object),
                                  .call = (uint8_t)calls[i].call,
                                  .lock_kind = calls[i].semaphore ? TRACE_LOCK_SEMAPHORE : TRACE_LOCK_MUTEX,
                                  .mode = calls[i].shared ? TRACE_MODE_SHARED : TRACE_MODE_EXCLUSIVE};
    return world;
}

struct proof_step small_history_step(const char *text)
{
    return (struct proof_step){.thread = {(uint32_t)(text[0] - '0')},
                               .holds = (uint64_t)(unsigned char)text[1],
                               .wants = (uint64_t)(unsigned char)text[2],
                               .holds_context = context_of(text[1]),
                               .wants_context = context_of(text[2])};
}
