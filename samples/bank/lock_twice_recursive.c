/* The repair of lock_twice.c: a recursive mutex may be locked again by the thread that holds it, and is free when it was unlocked
 * as often. Locking it again waits for nothing, so lockorder has nothing to report.
 *
 *     lockorder run -- build/release/samples/bank/lock_twice_recursive */
/* EXPECT nothing: the mutex is recursive */
#include <pthread.h>
#include <stdio.h>

#include "../stage.h"

static pthread_mutex_t account;
static long balance = 100;

static void charge_fee(void)
{
    pthread_mutex_lock(&account);
    balance -= 1;
    pthread_mutex_unlock(&account);
}

static void withdraw(void)
{
    pthread_mutex_lock(&account);
    balance -= 10;
    charge_fee();
    pthread_mutex_unlock(&account);
}

int main(int argc, char **argv)
{
    const struct actor teller = {"teller", withdraw};
    pthread_mutexattr_t attributes;
    stage_open(argc, argv);
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&account, &attributes);
    stage_play(&teller, 1);
    printf("balance: %ld\n", balance);
    return 0;
}
