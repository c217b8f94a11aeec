/* A deadlock of one thread: a function locks an account, and calls another one that locks it, too. By default the mutex checks
 * for errors: the second lock is refused with EDEADLK, which tells the program itself, and lockorder has nothing to report. With
 * --hang it is an ordinary mutex, and the thread waits for itself for ever; lockorder says so at that moment, with both lines.
 *
 *     lockorder run -- build/release/samples/bank/lock_twice
 *     lockorder run --on-deadlock=exit -- build/release/samples/bank/lock_twice --hang
 *
 * lock_twice_recursive.c is one repair; a function that wants its caller to hold the lock is the better one. */
/* EXPECT nothing: the second lock is refused */
#include <pthread.h>
#include <stdio.h>

#include "../stage.h"

static pthread_mutex_t account;
static long balance = 100;

static void charge_fee(void)
{
    /* EXPECT --hang deadlock: teller wants account */
    int error = pthread_mutex_lock(&account);
    balance -= 1;
    if (error == 0)
        pthread_mutex_unlock(&account);
}

static void withdraw(void)
{
    /* EXPECT --hang deadlock: teller holds account */
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
    pthread_mutexattr_settype(&attributes, stage_hangs() ? PTHREAD_MUTEX_NORMAL : PTHREAD_MUTEX_ERRORCHECK);
    pthread_mutex_init(&account, &attributes);
    stage_play(&teller, 1);
    printf("balance: %ld\n", balance);
    return 0;
}
