/* Two threads transfer in opposite directions, by trying: as often in the field, nothing keeps their pace but that each gives the
 * processor away while it holds its lock. They go on until both have failed so often in a row that luck would not have helped. */
#include <stdatomic.h>
#include <stdbool.h>

#include "../verdicts/actors.h"

enum { IN_A_ROW = 500, YIELDS = 30, SIDES = 2 };

static pthread_mutex_t savings = PTHREAD_MUTEX_INITIALIZER, checking = PTHREAD_MUTEX_INITIALIZER;
static atomic_int failures[SIDES];

static bool is_livelock(void)
{
    return atomic_load(&failures[0]) >= IN_A_ROW && atomic_load(&failures[1]) >= IN_A_ROW;
}

static void yield_often(void)
{
    for (int i = 0; i < YIELDS; i++)
        sched_yield();
}

static void deposit(void)
{
    while (!is_livelock()) {
        pthread_mutex_lock(&checking);
        yield_often();
        if (pthread_mutex_trylock(&savings) == 0) { /* EXPECT hazard: subkind livelock; fault depositor concerns checking; suggests random */
            pthread_mutex_unlock(&savings);
            atomic_store(&failures[0], 0);
        } else {
            atomic_fetch_add(&failures[0], 1);
        }
        pthread_mutex_unlock(&checking);
    }
}

static void withdraw(void)
{
    while (!is_livelock()) {
        pthread_mutex_lock(&savings);
        yield_often();
        if (pthread_mutex_trylock(&checking) == 0) { /* EXPECT hazard: related */
            pthread_mutex_unlock(&checking);
            atomic_store(&failures[1], 0);
        } else {
            atomic_fetch_add(&failures[1], 1);
        }
        pthread_mutex_unlock(&savings);
    }
}

static void depositor(void)
{
    deposit();
}

static void withdrawer(void)
{
    withdraw();
}

int main(void)
{
    PLAY_TOGETHER(depositor, withdrawer);
    return 0;
}
