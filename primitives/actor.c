#include <lockorder/actor.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "self.h"

/* The system's limit, with the byte that ends it. */
enum { SYSTEM_NAME_SIZE = 16 };

static void *run(void *argument)
{
    struct lockorder_actor *actor = argument;
    self.serves = actor;
    actor->run(actor, actor->state);
    return NULL;
}

int lockorder_actor_start(struct lockorder_actor *actor, void (*actor_run)(struct lockorder_actor *actor, void *state),
                          void *state, const char *name)
{
    actor->run = actor_run;
    actor->state = state;
    int error = lockorder_queue_init(&actor->mailbox, LOCKORDER_SIMPLE, LOCKORDER_UNBOUNDED, name);
    if (error != 0)
        return error;
    error = pthread_create(&actor->thread, NULL, run, actor);
    if (error != 0) {
        lockorder_queue_destroy(&actor->mailbox);
    } else if (name != NULL) {
        char short_name[SYSTEM_NAME_SIZE];
        snprintf(short_name, sizeof short_name, "%s", name);
        pthread_setname_np(actor->thread, short_name);
    }
    return error;
}

static int post(struct lockorder_actor *actor, struct lockorder_message message)
{
    struct lockorder_message *letter = malloc(sizeof *letter);
    if (letter == NULL)
        return ENOMEM;
    *letter = message;
    int error = lockorder_queue_put(&actor->mailbox, letter);
    if (error != 0)
        free(letter);
    return error;
}

int lockorder_actor_send(struct lockorder_actor *actor, int tag, void *content)
{
    return post(actor, (struct lockorder_message){tag, content, NULL});
}

int lockorder_actor_ask(struct lockorder_actor *actor, int tag, void *content, struct lockorder_future **reply)
{
    struct lockorder_future *future;
    int error = lockorder_future_create(&future);
    if (error != 0)
        return error;
    lockorder_future_retain(future); /* one reference for who asks, one for who replies */
    error = post(actor, (struct lockorder_message){tag, content, future});
    if (error != 0) {
        lockorder_future_release(future);
        lockorder_future_release(future);
        return error;
    }
    *reply = future;
    return 0;
}

int lockorder_actor_receive(struct lockorder_actor *actor, struct lockorder_message *message)
{
    return lockorder_actor_receive_within(actor, message, NULL);
}

int lockorder_actor_receive_within(struct lockorder_actor *actor, struct lockorder_message *message,
                                   const struct lockorder_limit *limit)
{
    void *letter;
    int error = lockorder_queue_get_within(&actor->mailbox, &letter, limit);
    if (error == 0) {
        *message = *(struct lockorder_message *)letter;
        free(letter);
    }
    return error;
}

void lockorder_message_reply(struct lockorder_message *message, void *result, int error)
{
    if (message->reply == NULL)
        return;
    lockorder_future_complete(message->reply, result, error); /* EALREADY: who asked has cancelled it */
    lockorder_future_release(message->reply);
    message->reply = NULL;
}

static const struct lockorder_handler *find(const struct lockorder_handler *handlers, size_t count, int tag)
{
    for (size_t i = 0; i < count; i++)
        if (handlers[i].tag == tag)
            return &handlers[i];
    return NULL;
}

void lockorder_actor_dispatch(struct lockorder_actor *actor, const struct lockorder_handler *handlers, size_t count, void *state)
{
    struct lockorder_message message;
    while (lockorder_actor_receive(actor, &message) == 0) {
        const struct lockorder_handler *handler = find(handlers, count, message.tag);
        void *result = NULL;
        int error = handler != NULL ? handler->handle(state, message.content, &result) : ENOSYS;
        lockorder_message_reply(&message, result, error);
    }
}

void lockorder_actor_close(struct lockorder_actor *actor)
{
    lockorder_queue_close(&actor->mailbox);
}

int lockorder_actor_join(struct lockorder_actor *actor)
{
    if (self.serves == actor)
        return EDEADLK;
    pthread_join(actor->thread, NULL);
    lockorder_actor_close(actor);
    struct lockorder_message message;
    while (lockorder_actor_receive(actor, &message) == 0)
        lockorder_message_reply(&message, NULL, ECANCELED);
    return lockorder_queue_destroy(&actor->mailbox);
}
