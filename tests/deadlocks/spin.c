/* Two spinlocks. */
#include "../verdicts/actors.h"

static pthread_spinlock_t first, second;

static void forward(void)
{
    pthread_spin_lock(&first); /* EXPECT deadlock: forward holds first */
    end_turn();
    wait_for_turn(2);
    pthread_spin_lock(&second); /* EXPECT deadlock: forward wants second */
}

static void backward(void)
{
    pthread_spin_lock(&second); /* EXPECT deadlock: backward holds second */
    end_turn();
    wait_for_turn(2);
    pthread_spin_lock(&first); /* EXPECT deadlock: backward wants first */
}

int main(void)
{
    pthread_spin_init(&first, PTHREAD_PROCESS_PRIVATE);
    pthread_spin_init(&second, PTHREAD_PROCESS_PRIVATE);
    PLAY_TOGETHER(forward, backward);
    return 0;
}
