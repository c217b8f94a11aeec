/* What the programs of this folder share: named threads that play one after another, in an order that is the same in every run.
 * Turns are made of a futex, so they are no lock, no condition and no semaphore: nothing that could order anything in a verdict.
 * Only start and join do. */
#ifndef LOCKORDER_TESTS_VERDICTS_ACTORS_H
#define LOCKORDER_TESTS_VERDICTS_ACTORS_H

#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

struct actor {
    const char *name;
    void (*play)(void);
    pthread_t thread;
};

static int current_turn;

/* Returns once `turn` turns have ended. */
__attribute__((unused)) static void wait_for_turn(int turn)
{
    int now;
    while ((now = __atomic_load_n(&current_turn, __ATOMIC_ACQUIRE)) < turn)
        syscall(SYS_futex, &current_turn, FUTEX_WAIT_PRIVATE, now, NULL, NULL, 0);
}

__attribute__((unused)) static void end_turn(void)
{
    __atomic_add_fetch(&current_turn, 1, __ATOMIC_ACQ_REL);
    syscall(SYS_futex, &current_turn, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
}

/* Ends a program that would otherwise test something else than what it says. */
__attribute__((unused)) static void require(int condition, const char *what)
{
    if (condition)
        return;
    fprintf(stderr, "this program expects: %s\n", what);
    _exit(1);
}

/* Returns once a thread is blocked in locking it: so glibc marks a mutex of the default kind. */
__attribute__((unused)) static void wait_until_waited_for(const pthread_mutex_t *mutex)
{
    while (__atomic_load_n(&mutex->__data.__lock, __ATOMIC_ACQUIRE) != 2)
        sched_yield();
}

static void *enter(void *closure)
{
    struct actor *actor = (struct actor *)closure;
    pthread_setname_np(pthread_self(), actor->name);
    actor->play();
    return NULL;
}

/* The name is the function's. */
#define START(function) start(#function, function)

__attribute__((unused)) static struct actor *start(const char *name, void (*play)(void))
{
    static struct actor actors[8];
    static size_t started;
    struct actor *actor = &actors[__atomic_fetch_add(&started, 1, __ATOMIC_RELAXED)];
    actor->name = name;
    actor->play = play;
    require(pthread_create(&actor->thread, NULL, enter, actor) == 0, "one thread more");
    return actor;
}

__attribute__((unused)) static void join(struct actor *actor)
{
    require(pthread_join(actor->thread, NULL) == 0, "a thread that can be joined");
}

/* The lives of both overlap: each is started before the other one is joined. */
#define PLAY_TOGETHER(one, other)                                                                                                \
    do {                                                                                                                         \
        struct actor *actor_##one = START(one), *actor_##other = START(other);                                                   \
        join(actor_##one);                                                                                                       \
        join(actor_##other);                                                                                                     \
    } while (0)

#endif
