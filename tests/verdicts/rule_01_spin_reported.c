/* Spinlocks in both orders. */
#include "actors.h"

static pthread_spinlock_t first, second;

static void forward(void)
{
    pthread_spin_lock(&first);  /* EXPECT cycle: forward holds first */
    pthread_spin_lock(&second); /* EXPECT cycle: forward wants second */
    pthread_spin_unlock(&second);
    pthread_spin_unlock(&first);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    pthread_spin_lock(&second); /* EXPECT cycle: backward holds second */
    pthread_spin_lock(&first);  /* EXPECT cycle: backward wants first */
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
