#define _GNU_SOURCE
#include "bank.h"

#include <stdbool.h>
#include <stdio.h>

enum { TRANSFERS_IN = 991, TRANSFERS_OUT = 9 };

struct account accounts[2] = {
    {.lock = PTHREAD_MUTEX_INITIALIZER, .balance = 1000},
    {.lock = PTHREAD_MUTEX_INITIALIZER, .balance = 0},
};

/* The second teller opens when the first has served everybody. So this run goes well every time, and tells nothing about the day
 * on which the two work at once: the accounts' locks do not depend on the opening hours. */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t opened;
    bool is_open;
} second_desk = {.lock = PTHREAD_MUTEX_INITIALIZER, .opened = PTHREAD_COND_INITIALIZER};

static void open_second_desk(void)
{
    pthread_mutex_lock(&second_desk.lock);
    second_desk.is_open = true;
    pthread_cond_signal(&second_desk.opened);
    pthread_mutex_unlock(&second_desk.lock);
}

static void wait_for_second_desk(void)
{
    pthread_mutex_lock(&second_desk.lock);
    while (!second_desk.is_open)
        pthread_cond_wait(&second_desk.opened, &second_desk.lock);
    pthread_mutex_unlock(&second_desk.lock);
}

static void *transfer_in(void *unused)
{
    pthread_setname_np(pthread_self(), "transfer-in");
    for (int i = 0; i < TRANSFERS_IN; i++)
        transfer(&accounts[0], &accounts[1], 1);
    open_second_desk();
    return unused;
}

static void *transfer_out(void *unused)
{
    pthread_setname_np(pthread_self(), "transfer-out");
    wait_for_second_desk();
    for (int i = 0; i < TRANSFERS_OUT; i++)
        transfer(&accounts[1], &accounts[0], 100);
    return unused;
}

int main(void)
{
    pthread_t in, out;
    if (pthread_create(&in, NULL, transfer_in, NULL) != 0 || pthread_create(&out, NULL, transfer_out, NULL) != 0) {
        fprintf(stderr, "bank: no thread for a teller\n");
        return 1;
    }
    pthread_join(in, NULL);
    pthread_join(out, NULL);
    printf("balances: %ld and %ld\n", accounts[0].balance, accounts[1].balance);
    return 0;
}
