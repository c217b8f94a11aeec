/* A private part of the other structures: the calls that are blocked in an object, first come first served. */
#ifndef LOCKORDER_WAIT_LIST_H
#define LOCKORDER_WAIT_LIST_H

struct lockorder_waiter;

struct lockorder_wait_list {
    struct lockorder_waiter *first;
    struct lockorder_waiter *last;
    unsigned length;
};

#endif
