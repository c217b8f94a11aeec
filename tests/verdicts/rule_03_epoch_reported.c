/* One thread takes the locks in the same way in both epochs, another one the other way round in the second: there they can meet,
 * although what the first one does is nothing new any more. */
#include "epochs.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;
static struct test forward_test, backward_test;

static void forward(void)
{
    for (int epoch = 0; epoch < 2; epoch++) {
        test_await(&forward_test);
        pthread_mutex_lock(&first);  /* EXPECT cycle: forward holds first */
        pthread_mutex_lock(&second); /* EXPECT cycle: forward wants second */
        pthread_mutex_unlock(&second);
        pthread_mutex_unlock(&first);
        test_end(&forward_test);
    }
}

static void backward(void)
{
    test_await(&backward_test);
    pthread_mutex_lock(&second); /* EXPECT cycle: backward holds second */
    pthread_mutex_lock(&first);  /* EXPECT cycle: backward wants first */
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
    test_run(&forward_test);
    test_run(&backward_test);
    join(one);
    join(other);
    return 0;
}
