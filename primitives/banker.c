#include <lockorder/banker.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "annotation.h"
#include "waiter.h"

/* A request that waits; the item of its waiter. */
struct request {
    size_t customer;
    const unsigned *amounts;
};

/* One state, and room to think about it. */
struct state {
    size_t customers;
    size_t kinds;
    const unsigned *available;
    const unsigned *maximum;
    const unsigned *allocated;
    unsigned *free;  /* what there would be after those satisfied so far have given back */
    bool *satisfied; /* of each customer */
};

/* Whether the customer could get all that it may still ask for. */
static bool can_be_satisfied(const struct state *state, size_t customer)
{
    const unsigned *maximum = state->maximum + customer * state->kinds;
    const unsigned *allocated = state->allocated + customer * state->kinds;
    for (size_t kind = 0; kind < state->kinds; kind++)
        if (maximum[kind] - allocated[kind] > state->free[kind])
            return false;
    return true;
}

/* A customer that is not satisfied and can be; `customers`: there is none. */
static size_t next_satisfiable(const struct state *state)
{
    size_t customer = 0;
    while (customer < state->customers && (state->satisfied[customer] || !can_be_satisfied(state, customer)))
        customer++;
    return customer;
}

/* Satisfies one after the other; which one first does not matter, since each gives back all that it has. */
static bool is_safe(const struct state *state, size_t *order)
{
    memcpy(state->free, state->available, state->kinds * sizeof *state->free);
    memset(state->satisfied, 0, state->customers * sizeof *state->satisfied);
    for (size_t count = 0; count < state->customers; count++) {
        size_t customer = next_satisfiable(state);
        if (customer == state->customers)
            return false;
        state->satisfied[customer] = true;
        for (size_t kind = 0; kind < state->kinds; kind++)
            state->free[kind] += state->allocated[customer * state->kinds + kind];
        if (order != NULL)
            order[count] = customer;
    }
    return true;
}

int lockorder_banker_check(size_t customers, size_t kinds, const unsigned *available, const unsigned *maximum,
                           const unsigned *allocated, size_t *order)
{
    for (size_t i = 0; i < customers * kinds; i++)
        if (allocated[i] > maximum[i])
            return EINVAL;
    unsigned *free_amounts = calloc(kinds + 1, sizeof *free_amounts);
    bool *satisfied = calloc(customers + 1, sizeof *satisfied);
    int error = ENOMEM;
    if (free_amounts != NULL && satisfied != NULL) {
        struct state state = {customers, kinds, available, maximum, allocated, free_amounts, satisfied};
        error = is_safe(&state, order) ? 0 : EDEADLK;
    }
    free(free_amounts);
    free(satisfied);
    return error;
}

static void free_tables(struct lockorder_banker *banker)
{
    free(banker->total);
    free(banker->available);
    free(banker->free);
    free(banker->maximum);
    free(banker->allocated);
    free(banker->present);
    free(banker->satisfied);
}

int lockorder_banker_init(struct lockorder_banker *banker, size_t kinds, const unsigned *total, const char *name)
{
    *banker = (struct lockorder_banker){.kinds = kinds};
    banker->total = calloc(kinds + 1, sizeof *total);
    banker->available = calloc(kinds + 1, sizeof *total);
    banker->free = calloc(kinds + 1, sizeof *total);
    if (banker->total == NULL || banker->available == NULL || banker->free == NULL) {
        free_tables(banker);
        return ENOMEM;
    }
    memcpy(banker->total, total, kinds * sizeof *total);
    memcpy(banker->available, total, kinds * sizeof *total);
    pthread_mutex_init(&banker->mutex, NULL);
    annotate_lock(&banker->mutex, name, "banker");
    return 0;
}

int lockorder_banker_destroy(struct lockorder_banker *banker)
{
    pthread_mutex_lock(&banker->mutex);
    bool in_use = false;
    for (size_t customer = 0; customer < banker->customers; customer++)
        in_use |= banker->present[customer];
    pthread_mutex_unlock(&banker->mutex);
    if (in_use)
        return EBUSY;
    free_tables(banker);
    return pthread_mutex_destroy(&banker->mutex);
}

static bool grow(void *table, size_t members, size_t size)
{
    void *grown = reallocarray(*(void **)table, members, size);
    if (grown != NULL)
        *(void **)table = grown;
    return grown != NULL;
}

/* A row of the tables for one customer more: that of one who has left, or a new one. With the mutex. */
static int find_row(struct lockorder_banker *banker, size_t *customer)
{
    for (*customer = 0; *customer < banker->customers; (*customer)++)
        if (!banker->present[*customer])
            return 0;
    size_t rows = banker->customers + 1;
    if (!grow(&banker->maximum, rows * banker->kinds + 1, sizeof *banker->maximum) ||
        !grow(&banker->allocated, rows * banker->kinds + 1, sizeof *banker->allocated) ||
        !grow(&banker->present, rows, sizeof *banker->present) || !grow(&banker->satisfied, rows, sizeof *banker->satisfied))
        return ENOMEM;
    banker->customers = rows;
    return 0;
}

int lockorder_banker_declare(struct lockorder_banker *banker, const unsigned *maximum, size_t *customer)
{
    for (size_t kind = 0; kind < banker->kinds; kind++)
        if (maximum[kind] > banker->total[kind])
            return EINVAL;
    pthread_mutex_lock(&banker->mutex);
    int error = find_row(banker, customer);
    if (error == 0) {
        memcpy(banker->maximum + *customer * banker->kinds, maximum, banker->kinds * sizeof *maximum);
        memset(banker->allocated + *customer * banker->kinds, 0, banker->kinds * sizeof *banker->allocated);
        banker->present[*customer] = true;
    }
    pthread_mutex_unlock(&banker->mutex);
    return error;
}

static bool is_present(const struct lockorder_banker *banker, size_t customer)
{
    return customer < banker->customers && banker->present[customer];
}

static bool requests(const struct lockorder_banker *banker, size_t customer)
{
    for (const struct lockorder_waiter *waiter = banker->waiting.first; waiter != NULL; waiter = waiter->next)
        if (((const struct request *)waiter->item)->customer == customer)
            return true;
    return false;
}

int lockorder_banker_leave(struct lockorder_banker *banker, size_t customer)
{
    pthread_mutex_lock(&banker->mutex);
    int error = !is_present(banker, customer) ? EINVAL : requests(banker, customer) ? EBUSY : 0;
    for (size_t kind = 0; error == 0 && kind < banker->kinds; kind++)
        if (banker->allocated[customer * banker->kinds + kind] > 0)
            error = EBUSY;
    if (error == 0) {
        banker->present[customer] = false;
        memset(banker->maximum + customer * banker->kinds, 0, banker->kinds * sizeof *banker->maximum);
    }
    pthread_mutex_unlock(&banker->mutex);
    return error;
}

static void move(struct lockorder_banker *banker, const struct request *request, bool to_customer)
{
    unsigned *allocated = banker->allocated + request->customer * banker->kinds;
    for (size_t kind = 0; kind < banker->kinds; kind++) {
        unsigned amount = request->amounts[kind];
        banker->available[kind] += to_customer ? -amount : amount;
        allocated[kind] += to_customer ? amount : -amount;
    }
}

/* EINVAL: the request goes beyond what was declared. With the mutex. */
static int check_request(const struct lockorder_banker *banker, const struct request *request)
{
    if (!is_present(banker, request->customer))
        return EINVAL;
    size_t row = request->customer * banker->kinds;
    for (size_t kind = 0; kind < banker->kinds; kind++)
        if (request->amounts[kind] > banker->maximum[row + kind] - banker->allocated[row + kind])
            return EINVAL;
    return 0;
}

/* Whether the request was granted, which it is if there is enough and the state is safe after it; and not beyond what was declared,
 * as may be when a customer makes several requests at once. With the mutex. */
static bool grant(struct lockorder_banker *banker, const struct request *request)
{
    if (check_request(banker, request) != 0)
        return false;
    for (size_t kind = 0; kind < banker->kinds; kind++)
        if (request->amounts[kind] > banker->available[kind])
            return false;
    move(banker, request, true);
    struct state state = {banker->customers, banker->kinds, banker->available, banker->maximum,
                          banker->allocated, banker->free,  banker->satisfied};
    if (is_safe(&state, NULL))
        return true;
    move(banker, request, false);
    return false;
}

int lockorder_banker_request(struct lockorder_banker *banker, size_t customer, const unsigned *amounts)
{
    return lockorder_banker_request_within(banker, customer, amounts, NULL);
}

int lockorder_banker_try_request(struct lockorder_banker *banker, size_t customer, const unsigned *amounts)
{
    struct request request = {customer, amounts};
    pthread_mutex_lock(&banker->mutex);
    int error = check_request(banker, &request);
    if (error == 0 && !grant(banker, &request))
        error = EAGAIN;
    pthread_mutex_unlock(&banker->mutex);
    return error;
}

int lockorder_banker_request_within(struct lockorder_banker *banker, size_t customer, const unsigned *amounts,
                                    const struct lockorder_limit *limit)
{
    struct request request = {customer, amounts};
    struct lockorder_waiter waiter = {.item = &request};
    pthread_mutex_lock(&banker->mutex);
    int error = check_request(banker, &request);
    if (error == 0 && !grant(banker, &request))
        return wait_list_wait(&banker->waiting, &waiter, &banker->mutex, limit);
    pthread_mutex_unlock(&banker->mutex);
    return error;
}

/* Something was given back: grants what can be granted now. With the mutex. Returns those to wake. */
static struct lockorder_waiter *grant_waiting(struct lockorder_banker *banker)
{
    struct lockorder_waiter *granted = NULL;
    struct lockorder_waiter *next;
    for (struct lockorder_waiter *waiter = banker->waiting.first; waiter != NULL; waiter = next) {
        next = waiter->next;
        if (!grant(banker, waiter->item))
            continue;
        wait_list_take(&banker->waiting, waiter);
        waiter->next = granted;
        granted = waiter;
    }
    return granted;
}

int lockorder_banker_release(struct lockorder_banker *banker, size_t customer, const unsigned *amounts)
{
    struct request request = {customer, amounts};
    struct lockorder_waiter *granted = NULL;
    pthread_mutex_lock(&banker->mutex);
    int error = is_present(banker, customer) ? 0 : EINVAL;
    for (size_t kind = 0; error == 0 && kind < banker->kinds; kind++)
        if (amounts[kind] > banker->allocated[customer * banker->kinds + kind])
            error = EINVAL;
    if (error == 0) {
        move(banker, &request, false);
        granted = grant_waiting(banker);
    }
    pthread_mutex_unlock(&banker->mutex);
    waiter_wake_all(granted);
    return error;
}
