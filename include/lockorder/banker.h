/* Resources of several kinds that are requested piece by piece, without deadlock: the banker's algorithm.
 *
 * Each customer declares the most that it will ever have. A request is granted only if the state after it is *safe*: if all customers
 * could still get their maximum in some order. Otherwise it waits, even though there may be enough now.
 * Algorithm: Dijkstra, "Een algorithme ter voorkoming van de dodelijke omarming" (EWD 108, 1964-67); for several kinds: Habermann,
 * "Prevention of system deadlocks" (1969). A request costs customers² × kinds steps.
 * Requests that wait are granted in their order, but one that cannot be granted yet holds up none behind it; so a large one may starve.
 * Safety: any thread; not in signal handlers. A customer is not bound to a thread. */
#ifndef LOCKORDER_BANKER_H
#define LOCKORDER_BANKER_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "limit.h"
#include "wait_list.h"

#ifdef __cplusplus
extern "C" {
#endif

struct lockorder_banker { /* private */
    pthread_mutex_t mutex;
    struct lockorder_wait_list waiting;
    size_t kinds;
    size_t customers;   /* rows of the tables; some may have left */
    unsigned *total;    /* of each kind */
    unsigned *available;
    unsigned *maximum;   /* table: customers × kinds */
    unsigned *allocated; /* the same */
    bool *present;       /* of each customer: false, if it has left */
    unsigned *free;      /* for the check of safety: one per kind */
    bool *satisfied;     /* the same, one per customer */
};

/* `total`: how many there are of each kind; copied. `name`: of the inner mutex in reports, "NAME.banker"; NULL: its address. ENOMEM. */
int lockorder_banker_init(struct lockorder_banker *banker, size_t kinds, const unsigned *total, const char *name);

/* EBUSY: a customer has not left. */
int lockorder_banker_destroy(struct lockorder_banker *banker);

/* A new customer, and the most of each kind that it will have at once. EINVAL: more than there is. ENOMEM. */
int lockorder_banker_declare(struct lockorder_banker *banker, const unsigned *maximum, size_t *customer);

/* The customer has nothing and comes no more. EBUSY: it has something, or waits for something. EINVAL: there is
 * no such customer. */
int lockorder_banker_leave(struct lockorder_banker *banker, size_t customer);

/* Waits until the amounts of each kind can be granted. EINVAL: more than declared, or no such customer. */
int lockorder_banker_request(struct lockorder_banker *banker, size_t customer, const unsigned *amounts);

/* EAGAIN: it would have to wait. EINVAL. */
int lockorder_banker_try_request(struct lockorder_banker *banker, size_t customer, const unsigned *amounts);

/* ETIMEDOUT, ECANCELED (`limit` on CLOCK_MONOTONIC; NULL: none). EINVAL. */
int lockorder_banker_request_within(struct lockorder_banker *banker, size_t customer, const unsigned *amounts,
                                    const struct lockorder_limit *limit);

/* Gives back. EINVAL: more than the customer has, or no such customer. */
int lockorder_banker_release(struct lockorder_banker *banker, size_t customer, const unsigned *amounts);

/* The check of safety alone, a pure function: tables of customers × kinds, row by row. 0: safe, and `order`, unless NULL, gets one
 * order in which the customers can finish. EDEADLK: not safe. EINVAL: somebody has more than the maximum. ENOMEM. */
int lockorder_banker_check(size_t customers, size_t kinds, const unsigned *available, const unsigned *maximum,
                           const unsigned *allocated, size_t *order);

#ifdef __cplusplus
}
#endif

#endif
