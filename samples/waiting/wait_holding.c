/* A condition is waited for with another lock held: the wait releases its own mutex, not the other one. By default the signaller
 * does not need that one, so this run goes well; whoever needs it in order to signal waits for ever, and so does the waiter.
 * lockorder reports a hazard. With --hang the signaller needs it. No thread can be said to be the one that would signal, so
 * lockorder cannot prove that this is a deadlock; it lists who waits for what, after as many seconds as asked for:
 *
 *     lockorder run -- build/release/samples/waiting/wait_holding
 *     lockorder run --stall-after=1 -- build/release/samples/waiting/wait_holding --hang
 *
 * wait_released.c is the repair. */
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>

#include "../stage.h"

static pthread_mutex_t shop = PTHREAD_MUTEX_INITIALIZER, shelf = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t delivered = PTHREAD_COND_INITIALIZER;
static bool is_waiting, is_there;

static void *buy(void *unused)
{
    pthread_setname_np(pthread_self(), "customer");
    pthread_mutex_lock(&shop); /* EXPECT hazard: related */
    pthread_mutex_lock(&shelf);
    is_waiting = true;
    while (!is_there)
        /* EXPECT hazard: title while it holds shop; fault customer concerns shop */
        pthread_cond_wait(&delivered, &shelf);
    pthread_mutex_unlock(&shelf);
    pthread_mutex_unlock(&shop);
    return unused;
}

static void await_customer(void)
{
    bool waits = false;
    while (!waits) {
        sched_yield();
        pthread_mutex_lock(&shelf);
        waits = is_waiting;
        pthread_mutex_unlock(&shelf);
    }
}

static void *supply(void *unused)
{
    pthread_setname_np(pthread_self(), "supplier");
    await_customer();
    if (stage_hangs())
        pthread_mutex_lock(&shop);
    pthread_mutex_lock(&shelf);
    is_there = true;
    pthread_cond_signal(&delivered);
    pthread_mutex_unlock(&shelf);
    if (stage_hangs())
        pthread_mutex_unlock(&shop);
    return unused;
}

int main(int argc, char **argv)
{
    pthread_t customer, supplier;
    stage_open(argc, argv);
    pthread_create(&customer, NULL, buy, NULL);
    pthread_create(&supplier, NULL, supply, NULL);
    pthread_join(customer, NULL);
    pthread_join(supplier, NULL);
    puts("delivered");
    return 0;
}
