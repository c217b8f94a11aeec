/* A lock that seemed free is taken by somebody else before the thread comes to it: the thread waits, and has not said so. */
#include "../harness/late_locking.h"
#include "../verdicts/actors.h"

#ifdef SPIN
static pthread_spinlock_t first, second;
#define LOCK(name) pthread_spin_lock(&(name))
#define UNLOCK(name) pthread_spin_unlock(&(name))
#define INIT(name) pthread_spin_init(&(name), PTHREAD_PROCESS_PRIVATE)
#else
static pthread_mutex_t first, second;
#define LOCK(name) pthread_mutex_lock(&(name))
#define UNLOCK(name) pthread_mutex_unlock(&(name))
#define INIT(name) pthread_mutex_init(&(name), NULL)
#endif

static void let_backward_go(void)
{
    end_turn();
    wait_for_turn(2);
}

/* In the first rounds, the recorder gets to know it. */
static void forward(void)
{
    for (int round = 0; round <= 4; round++) {
        LOCK(first); /* EXPECT deadlock: forward holds first */
        late_locking = round == 4 ? let_backward_go : NULL;
        LOCK(second); /* EXPECT deadlock: forward wants second */
        require(round < 4, "a lock that the recorder does not try first");
        UNLOCK(second);
        UNLOCK(first);
    }
}

static void backward(void)
{
    wait_for_turn(1);
    LOCK(second); /* EXPECT deadlock: backward holds second */
    LOCK(first);  /* EXPECT deadlock: backward wants first */
}

int main(void)
{
    INIT(first);
    INIT(second);
    PLAY_TOGETHER(forward, backward);
    return 0;
}
