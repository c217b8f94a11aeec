/* Accounts locked in the order of a key that several of them may share. The key is no number of an account: accounts 0 to 4 have
 * different ones, in another order than that of their addresses; the pairs (6, 7) and (9, 8) have equal ones. */
#ifndef LOCKORDER_TESTS_VERDICTS_TIE_BREAK_H
#define LOCKORDER_TESTS_VERDICTS_TIE_BREAK_H

#include "accounts.h"

enum { USED = 5 };

static void give_keys(void)
{
    static const int keys[ACCOUNTS] = {3, 1, 4, 0, 2, 5, 6, 6, 7, 7, 8, 9};
    for (int i = 0; i < ACCOUNTS; i++)
        accounts[i].number = keys[i];
}

static void transfer(struct account *from, struct account *to);

/* All pairs of the accounts with different keys, in both directions. */
static void transfer_between_all(void)
{
    for (int from = 0; from < USED; from++) {
        for (int to = 0; to < USED; to++) {
            if (from != to)
                transfer(&accounts[from], &accounts[to]);
        }
    }
}

#endif
