/* What the files of the thread pool share. */
#ifndef LOCKORDER_PRIMITIVES_POOL_H
#define LOCKORDER_PRIMITIVES_POOL_H

#include <lockorder/thread_pool.h>

#include "self.h"

/* Whether the calling thread is one of the pool's. */
static inline bool pool_is_mine(const struct lockorder_thread_pool *pool)
{
    return self.serves == pool;
}

#endif
