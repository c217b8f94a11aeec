/* A lock for many readers or one writer. Writers come first: once a writer waits, further readers wait behind it.
 *
 * A pthread read-write lock of the kind PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP, which the checker knows. A thread that reads
 * must not ask to read again: with a writer waiting in between, both wait for ever; lockorder reports it. Nor can a reader become
 * a writer: it would wait for itself.
 * Safety: any thread; not in signal handlers. */
#ifndef LOCKORDER_RWLOCK_H
#define LOCKORDER_RWLOCK_H

#include <pthread.h>
#include <stdbool.h>

#include "limit.h"

#ifdef __cplusplus
extern "C" {
#endif

struct lockorder_rwlock { /* private */
    pthread_rwlock_t rwlock;
    const void *writer; /* stands for a thread; NULL: nobody writes */
    unsigned readers;
};

/* `name`: as for lockorder_lock_init. ENOMEM. */
int lockorder_rwlock_init(struct lockorder_rwlock *rwlock, const char *name);

/* EBUSY: somebody reads or writes. */
int lockorder_rwlock_destroy(struct lockorder_rwlock *rwlock);

/* Waits while somebody writes or waits to write. EDEADLK: the calling thread writes. EAGAIN: too many readers. */
int lockorder_rwlock_acquire_read(struct lockorder_rwlock *rwlock);

/* EBUSY: somebody writes or waits to write. */
int lockorder_rwlock_try_acquire_read(struct lockorder_rwlock *rwlock);

/* ETIMEDOUT (CLOCK_MONOTONIC; a limit of NULL: none); EINVAL: the limit names a stop. EDEADLK, EAGAIN. */
int lockorder_rwlock_acquire_read_within(struct lockorder_rwlock *rwlock, const struct lockorder_limit *limit);

/* EPERM: nobody reads. Which thread reads is not known, so that one must see to releasing only what it took. */
int lockorder_rwlock_release_read(struct lockorder_rwlock *rwlock);

/* Waits while somebody reads or writes. EDEADLK: the calling thread writes already. */
int lockorder_rwlock_acquire_write(struct lockorder_rwlock *rwlock);

/* EBUSY: somebody reads or writes. */
int lockorder_rwlock_try_acquire_write(struct lockorder_rwlock *rwlock);

/* ETIMEDOUT (CLOCK_MONOTONIC; a limit of NULL: none); EINVAL: the limit names a stop. EDEADLK. */
int lockorder_rwlock_acquire_write_within(struct lockorder_rwlock *rwlock, const struct lockorder_limit *limit);

/* EPERM: the calling thread does not write. */
int lockorder_rwlock_release_write(struct lockorder_rwlock *rwlock);

/* Whether anybody reads or writes: stale as soon as it is known. */
bool lockorder_rwlock_is_locked(const struct lockorder_rwlock *rwlock);

/* Whether the calling thread writes: exact. */
bool lockorder_rwlock_is_mine_to_write(const struct lockorder_rwlock *rwlock);

#ifdef __cplusplus
}
#endif

#endif
