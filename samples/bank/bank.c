#include "bank.h"

#include <sched.h>
#include <stdio.h>

#include "../stage.h"

enum { TRANSFERS_IN = 991, TRANSFERS_OUT = 9 };

struct account accounts[4] = {
    {0, PTHREAD_MUTEX_INITIALIZER, 1000},
    {1, PTHREAD_MUTEX_INITIALIZER, 0},
    {2, PTHREAD_MUTEX_INITIALIZER, 0},
    {3, PTHREAD_MUTEX_INITIALIZER, 1000},
};

static struct account *out_from = &accounts[1], *out_to = &accounts[0];

static void transfer_in(void)
{
    for (int i = 0; i < TRANSFERS_IN; i++)
        while (!transfer(&accounts[0], &accounts[1], 1))
            sched_yield();
}

static void transfer_out(void)
{
    for (int i = 0; i < TRANSFERS_OUT; i++)
        while (!transfer(out_from, out_to, 100))
            sched_yield();
}

static int open_bank(void)
{
    const struct actor tellers[] = {{"transfer-in", transfer_in}, {"transfer-out", transfer_out}};
    stage_play(tellers, 2);
    printf("balances: %ld, %ld, %ld, %ld\n", accounts[0].balance, accounts[1].balance, accounts[2].balance, accounts[3].balance);
    return 0;
}

int same_accounts(int argc, char **argv)
{
    stage_open(argc, argv);
    return open_bank();
}

int other_accounts(int argc, char **argv)
{
    stage_open(argc, argv);
    if (!stage_hangs()) {
        out_from = &accounts[3];
        out_to = &accounts[2];
    }
    return open_bank();
}
