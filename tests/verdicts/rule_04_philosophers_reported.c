/* Five philosophers at a round table, each taking the fork at the right, then the one at the left: a cycle of five steps. */
#include "actors.h"

enum { SEATS = 5 };

static pthread_mutex_t forks[SEATS] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
                                       PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};

static void dine(int seat)
{
    int one = seat, other = (seat + 1) % SEATS;
    wait_for_turn(seat);
    /* EXPECT cycle: seat_0 holds forks[0]; seat_1 holds forks[1]; seat_2 holds forks[2]; seat_3 holds forks[3];
     *               seat_4 holds forks[4] */
    pthread_mutex_lock(&forks[one]);
    /* EXPECT cycle: seat_0 wants forks[1]; seat_1 wants forks[2]; seat_2 wants forks[3]; seat_3 wants forks[4];
     *               seat_4 wants forks[0] */
    pthread_mutex_lock(&forks[other]);
    pthread_mutex_unlock(&forks[other]);
    pthread_mutex_unlock(&forks[one]);
    end_turn();
}

static void seat_0(void)
{
    dine(0);
}

static void seat_1(void)
{
    dine(1);
}

static void seat_2(void)
{
    dine(2);
}

static void seat_3(void)
{
    dine(3);
}

static void seat_4(void)
{
    dine(4);
}

int main(void)
{
    struct actor *philosophers[SEATS] = {START(seat_0), START(seat_1), START(seat_2), START(seat_3), START(seat_4)};
    for (int seat = 0; seat < SEATS; seat++)
        join(philosophers[seat]);
    return 0;
}
