/* All thread primitives of liblockorder. docs/primitives/ has a page with an example for each group. */
#ifndef LOCKORDER_LOCKORDER_H
#define LOCKORDER_LOCKORDER_H

#include "actor.h"
#include "banker.h"
#include "barrier.h"
#include "condition.h"
#include "event.h"
#include "exchange.h"
#include "future.h"
#include "latch.h"
#include "limit.h"
#include "local.h"
#include "lock.h"
#include "ordered.h"
#include "queue.h"
#include "recursive_lock.h"
#include "rwlock.h"
#include "semaphore.h"
#include "stop.h"
#include "thread.h"
#include "thread_pool.h"
#include "timer.h"

#endif
