/* A bank of two accounts and two tellers. How money moves is up to the program: see transfer_static.c and its repaired twin. */
#ifndef LOCKORDER_SAMPLES_BANK_H
#define LOCKORDER_SAMPLES_BANK_H

#include <pthread.h>

struct account {
    pthread_mutex_t lock;
    long balance; /* protected by lock */
};

extern struct account accounts[2];

/* Moves the amount as a whole: nobody who holds both locks sees it on its way. */
void transfer(struct account *from, struct account *to, long amount);

#endif
