/* Two threads take a lock and what is inside a queue in opposite orders, one after the other: compare, which is called inside the
 * queue's mutex, must not lock what is held around puts. */
#include <pthread.h>

#include <lockorder/lockorder.h>

static struct lockorder_lock table;
static struct lockorder_queue jobs;
static int numbers[2];

static int compare_inside_the_table(const void *item, const void *other)
{
    (void)item, (void)other;
    lockorder_lock_acquire(&table);
    lockorder_lock_release(&table);
    return 0;
}

static struct lockorder_event first_is_done; /* so that the two never meet, and the program ends well */

static void *put_two(void *argument)
{
    lockorder_queue_put(&jobs, &numbers[0]);
    lockorder_queue_put(&jobs, &numbers[1]);
    lockorder_event_set(&first_is_done);
    return argument;
}

static void *get_inside_the_table(void *argument)
{
    void *item;
    lockorder_event_wait(&first_is_done);
    lockorder_lock_acquire(&table);
    lockorder_queue_try_get(&jobs, &item);
    lockorder_lock_release(&table);
    return argument;
}

int main(void)
{
    pthread_t threads[2];
    lockorder_lock_init(&table, "table.lock");
    lockorder_event_init(&first_is_done, "first_is_done");
    lockorder_queue_init_priority(&jobs, compare_inside_the_table, LOCKORDER_UNBOUNDED, "jobs");
    pthread_create(&threads[0], NULL, put_two, NULL);
    pthread_create(&threads[1], NULL, get_inside_the_table, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    return 0;
}
