/* Tries fail often, and in a row, but no two threads keep each other from going on: one only holds its lock for long; two give way to
 * each other, and one of them gets on before long; two wait for the very lock that they failed to get, as std::lock does. */
/* EXPECT nothing: somebody always gets on */
/* EXPECT limit witnesses */
#include "../verdicts/actors.h"

enum { TRIES = 1000, ROUNDS = 40, GIVES_WAY = 4 };

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER, right = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t pace;

static void meet(void)
{
    pthread_barrier_wait(&pace);
}

static void try_in_vain(pthread_mutex_t *mutex)
{
    require(pthread_mutex_trylock(mutex) != 0, "a failure");
}

static void hold_for_long(void)
{
    pthread_mutex_lock(&right);
    meet();
    meet();
    pthread_mutex_unlock(&right);
}

static void try_for_long(void)
{
    pthread_mutex_lock(&left);
    meet();
    for (int i = 0; i < TRIES; i++)
        try_in_vain(&right);
    meet();
    pthread_mutex_unlock(&left);
}

static void give_way(pthread_mutex_t *mine, pthread_mutex_t *other, int gets_on)
{
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < GIVES_WAY; i++) {
            pthread_mutex_lock(mine);
            meet();
            try_in_vain(other);
            meet();
            pthread_mutex_unlock(mine);
        }
        for (int turn = 0; turn < 2; turn++) {
            meet();
            if (turn != gets_on)
                continue;
            pthread_mutex_lock(mine);
            require(pthread_mutex_trylock(other) == 0, "success");
            pthread_mutex_unlock(other);
            pthread_mutex_unlock(mine);
        }
        meet();
    }
}

/* Holds the one, fails to get the other; then waits for that one, and fails to get the former. */
static void take_turns(pthread_mutex_t *mine, pthread_mutex_t *other)
{
    for (int round = 0; round < ROUNDS; round++) {
        pthread_mutex_lock(mine);
        meet();
        try_in_vain(other);
        meet();
        pthread_mutex_unlock(mine);
        pthread_mutex_t *former = mine;
        mine = other;
        other = former;
    }
}

static void ann(void)
{
    try_for_long();
    give_way(&left, &right, 0);
    take_turns(&left, &right);
}

static void bob(void)
{
    hold_for_long();
    give_way(&right, &left, 1);
    take_turns(&right, &left);
}

int main(void)
{
    pthread_barrier_init(&pace, NULL, 2);
    PLAY_TOGETHER(ann, bob);
    return 0;
}
