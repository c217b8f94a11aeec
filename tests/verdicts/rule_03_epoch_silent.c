/* Two threads that live in both epochs take the locks in opposite orders, each in an epoch of its own. */
/* EXPECT nothing: what was done before an epoch meets nothing that is done in it */
#include "epochs.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;
static struct test forward_test, backward_test;

static void forward(void)
{
    test_await(&forward_test);
    pthread_mutex_lock(&first);
    pthread_mutex_lock(&second);
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
    test_end(&forward_test);
}

static void backward(void)
{
    test_await(&backward_test);
    pthread_mutex_lock(&second);
    pthread_mutex_lock(&first);
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&second);
    test_end(&backward_test);
}

int main(void)
{
    test_init(&forward_test);
    test_init(&backward_test);
    struct actor *one = START(forward), *other = START(backward);
    test_run(&forward_test);
    lockorder_begin_epoch();
    test_run(&backward_test);
    join(one);
    join(other);
    return 0;
}
