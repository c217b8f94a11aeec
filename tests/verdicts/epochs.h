/* What the programs about epochs share: tests of one process, one after the other, that the same threads run. */
#ifndef LOCKORDER_TESTS_EPOCHS_H
#define LOCKORDER_TESTS_EPOCHS_H

#include <semaphore.h>

#include "actors.h"
#include "lockorder/annotate.h"

/* A test is done by a thread, and main waits until it is: a hand-over, which orders nothing by itself. */
struct test {
    sem_t may_begin, is_done;
};

static void test_init(struct test *test)
{
    sem_init(&test->may_begin, 0, 0);
    sem_init(&test->is_done, 0, 0);
}

static void test_run(struct test *test)
{
    sem_post(&test->may_begin);
    while (sem_wait(&test->is_done) != 0)
        ;
}

static void test_await(struct test *test)
{
    while (sem_wait(&test->may_begin) != 0)
        ;
}

static void test_end(struct test *test)
{
    sem_post(&test->is_done);
}

#endif
