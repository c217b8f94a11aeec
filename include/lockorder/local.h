/* A value of which each thread has its own.
 *
 * A pthread key that makes the value at its first use. Values are destroyed when their thread ends.
 * Safety: any thread; not in signal handlers. */
#ifndef LOCKORDER_LOCAL_H
#define LOCKORDER_LOCAL_H

#include <pthread.h>

#ifdef __cplusplus
extern "C" {
#endif

struct lockorder_local { /* private */
    pthread_key_t key;
    void *(*create)(void);
    void (*destroy)(void *value);
};

/* `create` makes a thread's value at its first get; NULL: values are NULL until they are set. `destroy` is called at the end of each
 * thread with its value, unless that is NULL; `destroy` may be NULL. EAGAIN: the process has no more keys. */
int lockorder_local_init(struct lockorder_local *local, void *(*create)(void), void (*destroy)(void *value));

/* Values that threads still have are not destroyed. */
int lockorder_local_destroy(struct lockorder_local *local);

/* The calling thread's value. NULL: none was set, or `create` returned NULL, or there is no memory. */
void *lockorder_local_get(struct lockorder_local *local);

/* The former value is not destroyed. ENOMEM. */
int lockorder_local_set(struct lockorder_local *local, void *value);

#ifdef __cplusplus
}
#endif

#endif
