/* Threads with names, which can be listed, waited for with a limit, and asked to stop.
 *
 *     lockorder_threads_init(&threads, "threads");
 *     struct lockorder_thread_options options = {.name = "reader", .function = read_all, .argument = &file};
 *     lockorder_thread_start(&threads, &options, &reader);
 *     ...
 *     lockorder_stop_request(lockorder_thread_stop(reader));
 *     lockorder_thread_join(reader);
 *     lockorder_thread_release(reader);
 *     lockorder_threads_destroy(&threads);
 *
 * There is no list of all threads of the process: threads are listed in the `struct lockorder_threads` that they are started in, of
 * which a program has one, or one for each part. A thread stays valid until every pointer to it that a call gave has been released.
 * No thread is ever ended from outside. A *daemon* is a thread that lockorder_threads_join_all does not wait for.
 * Safety: any thread; not in signal handlers. What a thread wrote is seen by who joined it. */
#ifndef LOCKORDER_THREAD_H
#define LOCKORDER_THREAD_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "limit.h"
#include "stop.h"

#ifdef __cplusplus
extern "C" {
#endif

struct lockorder_thread;

struct lockorder_threads { /* private */
    pthread_mutex_t mutex;
    struct lockorder_thread *first;
    size_t count;
};

struct lockorder_thread_options {
    const char *name; /* copied; the system keeps 15 bytes of it. NULL: none */
    void (*function)(void *argument);
    void *argument;
    bool daemon;
};

/* `name`: of the inner mutex in reports, "NAME.threads"; NULL: its address. Errors: none today. */
int lockorder_threads_init(struct lockorder_threads *threads, const char *name);

/* EBUSY: a thread in it has not ended, be it a daemon. */
int lockorder_threads_destroy(struct lockorder_threads *threads);

/* Starts a thread. `thread`, unless NULL, gets a pointer that must be released. ENOMEM; EAGAIN: the system allows no more. */
int lockorder_thread_start(struct lockorder_threads *threads, const struct lockorder_thread_options *options,
                           struct lockorder_thread **thread);

/* The calling thread; NULL if it was not started here. Not to be released. */
struct lockorder_thread *lockorder_thread_current(void);

/* Valid as long as the thread. */
const char *lockorder_thread_name(const struct lockorder_thread *thread);
struct lockorder_stop *lockorder_thread_stop(struct lockorder_thread *thread);

bool lockorder_thread_is_daemon(const struct lockorder_thread *thread);

/* Whether its function has not returned yet. */
bool lockorder_thread_is_alive(struct lockorder_thread *thread);

/* Waits until the thread has ended. Any number of threads may, and again. EDEADLK: it is the calling thread. */
int lockorder_thread_join(struct lockorder_thread *thread);

/* The same until the limit (CLOCK_MONOTONIC; NULL: none): ETIMEDOUT, ECANCELED, EDEADLK. Once its function has returned, the end of
 * the thread itself is waited for without limit. */
int lockorder_thread_join_within(struct lockorder_thread *thread, const struct lockorder_limit *limit);

/* Gives up a pointer to a thread, which goes on. */
void lockorder_thread_release(struct lockorder_thread *thread);

/* How many have not ended, and up to `room` of them in `list`, each to be released. Returns how many there are. */
size_t lockorder_threads_enumerate(struct lockorder_threads *threads, struct lockorder_thread **list, size_t room);
size_t lockorder_threads_count(struct lockorder_threads *threads);

/* Asks all of them to stop, daemons too. */
void lockorder_threads_request_stop(struct lockorder_threads *threads);

/* Waits until all that are no daemons have ended, also those that are started meanwhile. ETIMEDOUT, ECANCELED (`limit` on
 * CLOCK_MONOTONIC; NULL: none). EDEADLK: the calling thread is one of them. */
int lockorder_threads_join_all(struct lockorder_threads *threads, const struct lockorder_limit *limit);

#ifdef __cplusplus
}
#endif

#endif
