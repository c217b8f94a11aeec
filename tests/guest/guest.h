/* What the programs of this folder share. Each does something that recorders have broken; its output and status must be the same
 * with and without the recorder, and it must end. */
#ifndef LOCKORDER_TESTS_GUEST_H
#define LOCKORDER_TESTS_GUEST_H

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static inline void require(int condition, const char *what)
{
    if (condition)
        return;
    printf("failed: %s\n", what);
    exit(1);
}

/* Two locks, one inside the other. */
static inline void lock_both(pthread_mutex_t *outer, pthread_mutex_t *inner)
{
    pthread_mutex_lock(outer);
    pthread_mutex_lock(inner);
    pthread_mutex_unlock(inner);
    pthread_mutex_unlock(outer);
}

#endif
