/* Locks of one class for the programs about orders: accounts, whose places in memory are known, and what is done with two of them. */
#ifndef LOCKORDER_TESTS_VERDICTS_ACCOUNTS_H
#define LOCKORDER_TESTS_VERDICTS_ACCOUNTS_H

#include "actors.h"

enum { ACCOUNTS = 12 };

struct account {
    pthread_mutex_t lock;
    int number;
    struct account *parent;
};

/* On the heap, so that no variable names them; accounts[i] lies below accounts[i + 1]. */
static struct account *accounts;

__attribute__((unused)) static void open_accounts(void)
{
    accounts = (struct account *)calloc(ACCOUNTS, sizeof *accounts);
    require(accounts != NULL, "memory");
    for (int i = 0; i < ACCOUNTS; i++) {
        /* PLACE initialising */
        pthread_mutex_init(&accounts[i].lock, NULL);
        accounts[i].number = i;
    }
}

__attribute__((unused)) static void close_accounts(void)
{
    for (int i = 0; i < ACCOUNTS; i++)
        pthread_mutex_destroy(&accounts[i].lock);
    free(accounts);
}

#endif
