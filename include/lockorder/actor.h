/* A thread with a mailbox: it owns its state alone, and others send it messages.
 *
 *     static const struct lockorder_handler handlers[] = {{DEPOSIT, deposit}, {BALANCE, balance}};
 *
 *     static void run_account(struct lockorder_actor *actor, void *account)
 *     {
 *         lockorder_actor_dispatch(actor, handlers, 2, account);
 *     }
 *     ...
 *     lockorder_actor_start(&actor, run_account, &account, "account");
 *     lockorder_actor_send(&actor, DEPOSIT, &amount);
 *     lockorder_actor_ask(&actor, BALANCE, NULL, &answer);
 *
 * Messages of one sender arrive in the order in which they were sent. After a close, those that are there still arrive.
 * Safety: any thread; not in signal handlers. What a sender wrote before is seen by the actor. */
#ifndef LOCKORDER_ACTOR_H
#define LOCKORDER_ACTOR_H

#include <pthread.h>
#include <stddef.h>

#include "future.h"
#include "limit.h"
#include "queue.h"

#ifdef __cplusplus
extern "C" {
#endif

struct lockorder_actor { /* private */
    struct lockorder_queue mailbox;
    pthread_t thread;
    void (*run)(struct lockorder_actor *actor, void *state);
    void *state;
};

struct lockorder_message {
    int tag;
    void *content;                 /* the sender's; whose it is now is for the two to agree */
    struct lockorder_future *reply; /* NULL: none is awaited. For lockorder_message_reply */
};

/* Starts a thread that calls run(actor, state). `name`: the mailbox is "NAME.queue" in reports, and the thread is called NAME; NULL:
 * nothing. ENOMEM; EAGAIN: the system allows no more threads. */
int lockorder_actor_start(struct lockorder_actor *actor, void (*run)(struct lockorder_actor *actor, void *state), void *state,
                          const char *name);

/* Sends a message. ENOMEM; EPIPE: the actor is closed. */
int lockorder_actor_send(struct lockorder_actor *actor, int tag, void *content);

/* Sends a message, and gives a future for the reply, to be released. ENOMEM, EPIPE. */
int lockorder_actor_ask(struct lockorder_actor *actor, int tag, void *content, struct lockorder_future **reply);

/* For the actor's thread: waits for the next message. A message with a reply must be replied to. EPIPE: the actor is closed, and there
 * are no more. */
int lockorder_actor_receive(struct lockorder_actor *actor, struct lockorder_message *message);

/* The same until the limit (CLOCK_MONOTONIC; NULL: none): ETIMEDOUT, ECANCELED, EPIPE. */
int lockorder_actor_receive_within(struct lockorder_actor *actor, struct lockorder_message *message,
                                   const struct lockorder_limit *limit);

/* Answers who asked: error 0 and a result, or an error. Nothing, if nobody asked, or it was answered. */
void lockorder_message_reply(struct lockorder_message *message, void *result, int error);

/* What an actor does with messages of one tag: the result, or the error returned, is the reply. */
struct lockorder_handler {
    int tag;
    int (*handle)(void *state, void *content, void **result);
};

/* For the actor's thread: receives until the actor is closed and its mailbox is empty, and calls the handler of each message's tag. The
 * reply to a tag without a handler is the error ENOSYS. */
void lockorder_actor_dispatch(struct lockorder_actor *actor, const struct lockorder_handler *handlers, size_t count, void *state);

/* Takes no more messages. */
void lockorder_actor_close(struct lockorder_actor *actor);

/* Waits until `run` has returned, and frees what the actor had. Messages that it left are dropped; their replies are the error
 * ECANCELED. An actor that is not closed ends when it likes. By one thread; nobody may use the actor any more. EDEADLK: called by the
 * actor. */
int lockorder_actor_join(struct lockorder_actor *actor);

#ifdef __cplusplus
}
#endif

#endif
