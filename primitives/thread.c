#include <lockorder/thread.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "annotation.h"
#include "self.h"
#include "waiter.h"

/* The system's limit, with the byte that ends it. */
enum { SYSTEM_NAME_SIZE = 16 };

/* finished: the function has returned. claimed: one joiner sees to the thread's end. ended: it has. */
struct lockorder_thread {
    struct lockorder_threads *threads;
    struct lockorder_thread *next; /* these two are protected by the mutex of threads */
    struct lockorder_thread *previous;
    pthread_mutex_t mutex; /* protects what follows */
    struct lockorder_wait_list joiners;
    unsigned references; /* one of them is the running thread's */
    bool finished, claimed, ended;
    pthread_t id; /* written when the thread begins, read when it has finished */
    struct lockorder_stop stop;
    void (*function)(void *argument);
    void *argument;
    bool daemon;
    char name[];
};

int lockorder_threads_init(struct lockorder_threads *threads, const char *name)
{
    *threads = (struct lockorder_threads){.count = 0};
    int error = pthread_mutex_init(&threads->mutex, NULL);
    if (error == 0)
        annotate_lock(&threads->mutex, name, "threads");
    return error;
}

int lockorder_threads_destroy(struct lockorder_threads *threads)
{
    return lockorder_threads_count(threads) > 0 ? EBUSY : pthread_mutex_destroy(&threads->mutex);
}

static void enter(struct lockorder_thread *thread)
{
    struct lockorder_threads *threads = thread->threads;
    pthread_mutex_lock(&threads->mutex);
    thread->next = threads->first;
    if (threads->first != NULL)
        threads->first->previous = thread;
    threads->first = thread;
    threads->count++;
    pthread_mutex_unlock(&threads->mutex);
}

static void leave(struct lockorder_thread *thread)
{
    struct lockorder_threads *threads = thread->threads;
    pthread_mutex_lock(&threads->mutex);
    if (thread->previous != NULL)
        thread->previous->next = thread->next;
    else
        threads->first = thread->next;
    if (thread->next != NULL)
        thread->next->previous = thread->previous;
    threads->count--;
    pthread_mutex_unlock(&threads->mutex);
}

static void retain(struct lockorder_thread *thread)
{
    pthread_mutex_lock(&thread->mutex);
    thread->references++;
    pthread_mutex_unlock(&thread->mutex);
}

void lockorder_thread_release(struct lockorder_thread *thread)
{
    pthread_mutex_lock(&thread->mutex);
    bool last = --thread->references == 0;
    pthread_mutex_unlock(&thread->mutex);
    if (!last)
        return;
    if (!thread->claimed)
        pthread_detach(thread->id); /* nobody can join it any more */
    pthread_mutex_destroy(&thread->mutex);
    lockorder_stop_destroy(&thread->stop);
    free(thread);
}

static void finish(struct lockorder_thread *thread)
{
    pthread_mutex_lock(&thread->mutex);
    thread->finished = true;
    struct lockorder_waiter *joiner = wait_list_take_first(&thread->joiners);
    pthread_mutex_unlock(&thread->mutex);
    if (joiner != NULL)
        waiter_wake(joiner);
}

static void *run(void *argument)
{
    struct lockorder_thread *thread = argument;
    self.running = thread;
    thread->id = pthread_self();
    if (thread->name[0] != '\0') {
        char name[SYSTEM_NAME_SIZE];
        snprintf(name, sizeof name, "%s", thread->name);
        pthread_setname_np(thread->id, name);
    }
    thread->function(thread->argument);
    leave(thread);
    finish(thread);
    lockorder_thread_release(thread);
    return NULL;
}

static struct lockorder_thread *new_thread(struct lockorder_threads *threads, const struct lockorder_thread_options *options)
{
    const char *name = options->name != NULL ? options->name : "";
    struct lockorder_thread *thread = calloc(1, sizeof *thread + strlen(name) + 1);
    if (thread == NULL)
        return NULL;
    thread->threads = threads;
    thread->function = options->function;
    thread->argument = options->argument;
    thread->daemon = options->daemon;
    thread->references = 2;
    strcpy(thread->name, name);
    pthread_mutex_init(&thread->mutex, NULL);
    lockorder_stop_init(&thread->stop);
    return thread;
}

int lockorder_thread_start(struct lockorder_threads *threads, const struct lockorder_thread_options *options,
                           struct lockorder_thread **started)
{
    struct lockorder_thread *thread = new_thread(threads, options);
    if (thread == NULL)
        return ENOMEM;
    pthread_t id;
    enter(thread);
    int error = pthread_create(&id, NULL, run, thread);
    if (error != 0) {
        leave(thread);
        finish(thread);
        thread->claimed = true; /* there is nothing to join or detach */
        lockorder_thread_release(thread);
        lockorder_thread_release(thread);
        return error;
    }
    if (started != NULL)
        *started = thread;
    else
        lockorder_thread_release(thread);
    return 0;
}

struct lockorder_thread *lockorder_thread_current(void)
{
    return self.running;
}

const char *lockorder_thread_name(const struct lockorder_thread *thread)
{
    return thread->name;
}

struct lockorder_stop *lockorder_thread_stop(struct lockorder_thread *thread)
{
    return &thread->stop;
}

bool lockorder_thread_is_daemon(const struct lockorder_thread *thread)
{
    return thread->daemon;
}

bool lockorder_thread_is_alive(struct lockorder_thread *thread)
{
    pthread_mutex_lock(&thread->mutex);
    bool alive = !thread->finished;
    pthread_mutex_unlock(&thread->mutex);
    return alive;
}

/* By the one joiner that has claimed it. */
static void end(struct lockorder_thread *thread)
{
    pthread_join(thread->id, NULL);
    pthread_mutex_lock(&thread->mutex);
    thread->ended = true;
    struct lockorder_waiter *joiners = wait_list_take_all(&thread->joiners);
    pthread_mutex_unlock(&thread->mutex);
    waiter_wake_all(joiners);
}

int lockorder_thread_join(struct lockorder_thread *thread)
{
    return lockorder_thread_join_within(thread, NULL);
}

int lockorder_thread_join_within(struct lockorder_thread *thread, const struct lockorder_limit *limit)
{
    if (thread == self.running)
        return EDEADLK;
    int error = 0;
    while (error == 0) {
        pthread_mutex_lock(&thread->mutex);
        if (thread->ended) {
            pthread_mutex_unlock(&thread->mutex);
            return 0;
        }
        if (thread->finished && !thread->claimed) {
            thread->claimed = true;
            pthread_mutex_unlock(&thread->mutex);
            end(thread);
            return 0;
        }
        struct lockorder_waiter joiner;
        error = wait_list_wait(&thread->joiners, &joiner, &thread->mutex, limit);
    }
    return error;
}

size_t lockorder_threads_enumerate(struct lockorder_threads *threads, struct lockorder_thread **list, size_t room)
{
    size_t listed = 0;
    pthread_mutex_lock(&threads->mutex);
    for (struct lockorder_thread *thread = threads->first; thread != NULL && listed < room; thread = thread->next) {
        retain(thread);
        list[listed++] = thread;
    }
    size_t count = threads->count;
    pthread_mutex_unlock(&threads->mutex);
    return count;
}

size_t lockorder_threads_count(struct lockorder_threads *threads)
{
    return lockorder_threads_enumerate(threads, NULL, 0);
}

void lockorder_threads_request_stop(struct lockorder_threads *threads)
{
    pthread_mutex_lock(&threads->mutex);
    for (struct lockorder_thread *thread = threads->first; thread != NULL; thread = thread->next)
        lockorder_stop_request(&thread->stop);
    pthread_mutex_unlock(&threads->mutex);
}

/* NULL: there is none. To be released. */
static struct lockorder_thread *first_to_wait_for(struct lockorder_threads *threads)
{
    pthread_mutex_lock(&threads->mutex);
    struct lockorder_thread *thread = threads->first;
    while (thread != NULL && thread->daemon)
        thread = thread->next;
    if (thread != NULL)
        retain(thread);
    pthread_mutex_unlock(&threads->mutex);
    return thread;
}

int lockorder_threads_join_all(struct lockorder_threads *threads, const struct lockorder_limit *limit)
{
    int error = 0;
    struct lockorder_thread *thread;
    while (error == 0 && (thread = first_to_wait_for(threads)) != NULL) {
        error = lockorder_thread_join_within(thread, limit);
        lockorder_thread_release(thread);
    }
    return error;
}
