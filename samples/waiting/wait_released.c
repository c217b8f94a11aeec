/* The repair of wait_holding.c: nothing is held in the wait but the mutex of the condition, which the wait releases.
 *
 *     lockorder run -- build/release/samples/waiting/wait_released */
/* EXPECT nothing: the wait releases all that is held */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>

static pthread_mutex_t shop = PTHREAD_MUTEX_INITIALIZER, shelf = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t delivered = PTHREAD_COND_INITIALIZER;
static bool is_there;

static void *buy(void *unused)
{
    pthread_mutex_lock(&shelf);
    while (!is_there)
        pthread_cond_wait(&delivered, &shelf);
    pthread_mutex_unlock(&shelf);
    pthread_mutex_lock(&shop);
    pthread_mutex_unlock(&shop);
    return unused;
}

static void *supply(void *unused)
{
    pthread_mutex_lock(&shop);
    pthread_mutex_lock(&shelf);
    is_there = true;
    pthread_cond_signal(&delivered);
    pthread_mutex_unlock(&shelf);
    pthread_mutex_unlock(&shop);
    return unused;
}

int main(void)
{
    pthread_t customer, supplier;
    pthread_create(&customer, NULL, buy, NULL);
    pthread_create(&supplier, NULL, supply, NULL);
    pthread_join(customer, NULL);
    pthread_join(supplier, NULL);
    puts("delivered");
    return 0;
}
