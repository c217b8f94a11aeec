/* Three threads take the locks in one order, then three in the other: one finding, not nine. */
#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;

enum { EACH = 3 };

static void forward(void)
{
    pthread_mutex_lock(&first);  /* EXPECT cycle: forward holds first */
    pthread_mutex_lock(&second); /* EXPECT cycle: forward wants second */
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(EACH);
    pthread_mutex_lock(&second); /* EXPECT cycle: backward holds second */
    pthread_mutex_lock(&first);  /* EXPECT cycle: backward wants first */
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&second);
}

int main(void)
{
    struct actor *actors[2 * EACH];
    for (int i = 0; i < EACH; i++)
        actors[i] = START(forward);
    for (int i = EACH; i < 2 * EACH; i++)
        actors[i] = START(backward);
    for (int i = 0; i < 2 * EACH; i++)
        join(actors[i]);
    return 0;
}
