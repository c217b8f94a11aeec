/* Readers take two locks in opposite orders, and two threads write them. The locks let writers that wait go first: then
 * readers wait for readers. */
#include "actors.h"

static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER, other = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t first = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;
static pthread_rwlock_t second = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;

static void forward(void)
{
    pthread_rwlock_rdlock(&first);  /* EXPECT cycle: forward holds first */
    pthread_rwlock_rdlock(&second); /* EXPECT cycle: forward wants second */
    pthread_rwlock_unlock(&second);
    pthread_rwlock_unlock(&first);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    pthread_rwlock_rdlock(&second); /* EXPECT cycle: backward holds second */
    pthread_rwlock_rdlock(&first);  /* EXPECT cycle: backward wants first */
    pthread_rwlock_unlock(&first);
    pthread_rwlock_unlock(&second);
    end_turn();
}

static void writer(void)
{
    wait_for_turn(2);
    pthread_mutex_lock(&outer);
    pthread_rwlock_wrlock(&first);
    pthread_rwlock_unlock(&first);
    pthread_rwlock_wrlock(&second);
    pthread_rwlock_unlock(&second);
    pthread_mutex_unlock(&outer);
}

static void another(void)
{
    wait_for_turn(2);
    pthread_mutex_lock(&other);
    pthread_rwlock_wrlock(&first);
    pthread_rwlock_unlock(&first);
    pthread_rwlock_wrlock(&second);
    pthread_rwlock_unlock(&second);
    pthread_mutex_unlock(&other);
}

int main(void)
{
    struct actor *actor_forward = START(forward), *actor_backward = START(backward), *actor_writer = START(writer),
                 *actor_another = START(another);
    join(actor_forward);
    join(actor_backward);
    join(actor_writer);
    join(actor_another);
    return 0;
}
