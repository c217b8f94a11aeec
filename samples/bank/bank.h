/* A bank, and two tellers who work at its desks. How money moves is up to each program: see transfer_static.c first. */
#ifndef LOCKORDER_SAMPLES_BANK_H
#define LOCKORDER_SAMPLES_BANK_H

#include <pthread.h>
#include <stdbool.h>

struct account {
    int number;
    pthread_mutex_t lock;
    long balance; /* protected by lock */
};

extern struct account accounts[4];

/* Moves the amount. False when it could not be done, and nothing has moved. */
bool transfer(struct account *from, struct account *to, long amount);

/* One teller transfers from account 0 to account 1, 991 times; then the other one back, 9 times. With --hang they work at once.
 */
int same_accounts(int argc, char **argv);

/* The same, but the second teller transfers from account 3 to account 2: no account is ever used by both, except with --hang. */
int other_accounts(int argc, char **argv);

#endif
