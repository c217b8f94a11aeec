/* Five philosophers at a round table; each takes the fork with the lower number first. */
/* EXPECT nothing: the numbers order the forks */
#include "actors.h"

enum { SEATS = 5 };

static pthread_mutex_t forks[SEATS] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
                                       PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};

static void dine(int seat)
{
    int one = seat, other = (seat + 1) % SEATS;
    if (one > other) {
        one = other;
        other = seat;
    }
    wait_for_turn(seat);
    pthread_mutex_lock(&forks[one]);
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
