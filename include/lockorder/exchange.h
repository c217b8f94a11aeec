/* Publish and subscribe: what is sent to an exchange goes to all who are attached to it. Exchanges are found by their key.
 *
 *     lockorder_exchanges_get(&exchanges, "prices", &prices);
 *     lockorder_exchange_attach(prices, show, &window, &subscription);
 *     lockorder_exchange_send(prices, &price);    // calls show(&window, &price)
 *     lockorder_subscription_detach(subscription);
 *
 * Subscribers are called in the sender's thread, in the order in which they attached, without any lock: they may send, attach and
 * detach, themselves too. Two senders may call one subscriber at once; messages of one sender come in their order. Who attaches during
 * a send does not get that message.
 * Safety: any thread; not in signal handlers. */
#ifndef LOCKORDER_EXCHANGE_H
#define LOCKORDER_EXCHANGE_H

#include <pthread.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct lockorder_exchange;
struct lockorder_subscription;

struct lockorder_exchanges { /* private */
    pthread_mutex_t mutex;
    void *by_key;
};

/* `name`: of the inner mutexes in reports, "NAME.exchanges" and "KEY.exchange"; NULL: the former has its address. Errors: none today. */
int lockorder_exchanges_init(struct lockorder_exchanges *exchanges, const char *name);

/* Destroys all exchanges. EBUSY: somebody is attached to one; then none is destroyed. */
int lockorder_exchanges_destroy(struct lockorder_exchanges *exchanges);

/* The exchange with that key (copied), which is made if there is none. It stays until the exchanges are destroyed. ENOMEM. */
int lockorder_exchanges_get(struct lockorder_exchanges *exchanges, const char *key, struct lockorder_exchange **exchange);

/* Has receive(closure, message) called for each message from now on. The subscription must be detached. ENOMEM. */
int lockorder_exchange_attach(struct lockorder_exchange *exchange, void (*receive)(void *closure, void *message), void *closure,
                              struct lockorder_subscription **subscription);

/* No call begins any more, and 0 says that none is going on, so that the closure may go: other threads' calls of it are waited for.
 * EINPROGRESS: detached, but a call may still be going on, and cannot be waited for, since the calling thread itself is in a
 * subscriber of this exchange. (In a subscriber of another exchange it waits, as for a lock: two such may wait for each other.) */
int lockorder_subscription_detach(struct lockorder_subscription *subscription);

/* A subscription that is detached when its scope is left. */
#define LOCKORDER_SCOPED_SUBSCRIPTION(name) \
    struct lockorder_subscription *name __attribute__((cleanup(lockorder_subscription_leave))) = NULL
void lockorder_subscription_leave(struct lockorder_subscription **subscription);

/* Calls all who are attached. Returns how many that were. */
size_t lockorder_exchange_send(struct lockorder_exchange *exchange, void *message);

#ifdef __cplusplus
}
#endif

#endif
