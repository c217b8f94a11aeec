/* Spinlocks in both orders, the second one by a try in one of them. */
/* EXPECT nothing: a try does not wait */
#include "actors.h"

static pthread_spinlock_t first, second;

static void forward(void)
{
    pthread_spin_lock(&first);
    pthread_spin_lock(&second);
    pthread_spin_unlock(&second);
    pthread_spin_unlock(&first);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    pthread_spin_lock(&second);
    require(pthread_spin_trylock(&first) == 0, "a free first");
    pthread_spin_unlock(&first);
    pthread_spin_unlock(&second);
}

int main(void)
{
    pthread_spin_init(&first, PTHREAD_PROCESS_PRIVATE);
    pthread_spin_init(&second, PTHREAD_PROCESS_PRIVATE);
    PLAY_TOGETHER(forward, backward);
    return 0;
}
