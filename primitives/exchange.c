/* A send goes along the list of subscriptions, without the mutex while it is in a subscriber. It marks where it is by counting itself
 * among the calls of that subscription; a subscription that was detached stays in the list until there are no calls of it. So the
 * place stays valid, whatever is attached and detached meanwhile. */
#include <lockorder/exchange.h>

#include <errno.h>
#include <search.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "annotation.h"
#include "self.h"
#include "waiter.h"

struct lockorder_subscription {
    struct lockorder_exchange *exchange; /* whose mutex protects the rest */
    struct lockorder_subscription *next;
    struct lockorder_subscription *previous;
    struct lockorder_wait_list detaching;
    void (*receive)(void *closure, void *message);
    void *closure;
    uint64_t number; /* rising */
    size_t calls;
    bool attached;
};

/* One send that is going on, on the sender's stack. */
struct sending {
    struct sending *next;
    const void *sender;
};

struct lockorder_exchange {
    pthread_mutex_t mutex; /* protects the rest but the key */
    struct lockorder_subscription *first;
    struct lockorder_subscription *last;
    struct sending *sendings;
    uint64_t attached; /* so many ever */
    char key[];
};

int lockorder_exchanges_init(struct lockorder_exchanges *exchanges, const char *name)
{
    exchanges->by_key = NULL;
    int error = pthread_mutex_init(&exchanges->mutex, NULL);
    if (error == 0)
        annotate_lock(&exchanges->mutex, name, "exchanges");
    return error;
}

static int compare(const void *exchange, const void *other)
{
    return strcmp(((const struct lockorder_exchange *)exchange)->key, ((const struct lockorder_exchange *)other)->key);
}

static void is_used(const void *node, VISIT visit, void *closure)
{
    struct lockorder_exchange *exchange = *(struct lockorder_exchange *const *)node;
    if (visit != preorder && visit != leaf)
        return;
    pthread_mutex_lock(&exchange->mutex);
    if (exchange->first != NULL)
        *(bool *)closure = true;
    pthread_mutex_unlock(&exchange->mutex);
}

static void free_exchange(void *node)
{
    struct lockorder_exchange *exchange = node;
    pthread_mutex_destroy(&exchange->mutex);
    free(exchange);
}

int lockorder_exchanges_destroy(struct lockorder_exchanges *exchanges)
{
    bool used = false;
    pthread_mutex_lock(&exchanges->mutex);
    twalk_r(exchanges->by_key, is_used, &used);
    pthread_mutex_unlock(&exchanges->mutex);
    if (used)
        return EBUSY;
    tdestroy(exchanges->by_key, free_exchange);
    return pthread_mutex_destroy(&exchanges->mutex);
}

static struct lockorder_exchange *new_exchange(const char *key)
{
    struct lockorder_exchange *exchange = calloc(1, sizeof *exchange + strlen(key) + 1);
    if (exchange == NULL)
        return NULL;
    strcpy(exchange->key, key);
    pthread_mutex_init(&exchange->mutex, NULL);
    annotate_lock(&exchange->mutex, key, "exchange");
    return exchange;
}

int lockorder_exchanges_get(struct lockorder_exchanges *exchanges, const char *key, struct lockorder_exchange **exchange)
{
    struct lockorder_exchange *made = new_exchange(key);
    if (made == NULL)
        return ENOMEM;
    pthread_mutex_lock(&exchanges->mutex);
    struct lockorder_exchange **found = tsearch(made, &exchanges->by_key, compare);
    struct lockorder_exchange *result = found != NULL ? *found : NULL;
    pthread_mutex_unlock(&exchanges->mutex);
    if (result != made)
        free_exchange(made);
    *exchange = result;
    return result != NULL ? 0 : ENOMEM;
}

int lockorder_exchange_attach(struct lockorder_exchange *exchange, void (*receive)(void *closure, void *message), void *closure,
                              struct lockorder_subscription **subscription)
{
    struct lockorder_subscription *attached = calloc(1, sizeof *attached);
    if (attached == NULL)
        return ENOMEM;
    attached->exchange = exchange;
    attached->receive = receive;
    attached->closure = closure;
    attached->attached = true;
    pthread_mutex_lock(&exchange->mutex);
    attached->number = exchange->attached++;
    attached->previous = exchange->last;
    if (exchange->last != NULL)
        exchange->last->next = attached;
    else
        exchange->first = attached;
    exchange->last = attached;
    pthread_mutex_unlock(&exchange->mutex);
    *subscription = attached;
    return 0;
}

/* It is detached and nobody calls it. With the mutex. Returns who waits for that, to be woken without the mutex. */
static struct lockorder_waiter *end(struct lockorder_subscription *subscription)
{
    struct lockorder_exchange *exchange = subscription->exchange;
    if (subscription->previous != NULL)
        subscription->previous->next = subscription->next;
    else
        exchange->first = subscription->next;
    if (subscription->next != NULL)
        subscription->next->previous = subscription->previous;
    else
        exchange->last = subscription->previous;
    struct lockorder_waiter *detaching = wait_list_take_all(&subscription->detaching);
    free(subscription);
    return detaching;
}

/* Whether the calling thread is in a send of this exchange, and so perhaps in the very call that it would wait for, or in one that
 * somebody waits for whom it would wait for. */
static bool is_sending(const struct lockorder_exchange *exchange)
{
    for (const struct sending *sending = exchange->sendings; sending != NULL; sending = sending->next)
        if (sending->sender == this_thread())
            return true;
    return false;
}

int lockorder_subscription_detach(struct lockorder_subscription *subscription)
{
    struct lockorder_exchange *exchange = subscription->exchange;
    struct lockorder_waiter waiter;
    int error = 0;
    pthread_mutex_lock(&exchange->mutex);
    subscription->attached = false;
    if (subscription->calls == 0)
        end(subscription); /* nobody else detaches it, so nobody is to be woken */
    else if (is_sending(exchange))
        error = EINPROGRESS;
    else
        return wait_list_wait(&subscription->detaching, &waiter, &exchange->mutex, NULL);
    pthread_mutex_unlock(&exchange->mutex);
    return error;
}

void lockorder_subscription_leave(struct lockorder_subscription **subscription)
{
    if (*subscription != NULL)
        lockorder_subscription_detach(*subscription);
}

/* Calls one subscriber; the mutex is released meanwhile. Returns the next one. */
static struct lockorder_subscription *call(struct lockorder_subscription *subscription, void *message)
{
    struct lockorder_exchange *exchange = subscription->exchange;
    subscription->calls++;
    pthread_mutex_unlock(&exchange->mutex);
    subscription->receive(subscription->closure, message);
    pthread_mutex_lock(&exchange->mutex);
    struct lockorder_subscription *next = subscription->next;
    if (--subscription->calls == 0 && !subscription->attached)
        waiter_wake_all(end(subscription));
    return next;
}

static void remove_sending(struct lockorder_exchange *exchange, const struct sending *sending)
{
    struct sending **link = &exchange->sendings;
    while (*link != sending)
        link = &(*link)->next;
    *link = sending->next;
}

size_t lockorder_exchange_send(struct lockorder_exchange *exchange, void *message)
{
    size_t called = 0;
    pthread_mutex_lock(&exchange->mutex);
    struct sending sending = {exchange->sendings, this_thread()};
    exchange->sendings = &sending;
    uint64_t attached = exchange->attached;
    struct lockorder_subscription *subscription = exchange->first;
    while (subscription != NULL && subscription->number < attached) {
        if (subscription->attached) {
            subscription = call(subscription, message);
            called++;
        } else {
            subscription = subscription->next;
        }
    }
    remove_sending(exchange, &sending);
    pthread_mutex_unlock(&exchange->mutex);
    return called;
}
