/* One function initialises the mutexes of three lists, of which each has its part: two pieces of code take two of them, one upward in
 * memory and one downward. They have one mutex in common, and it stands in the middle. */
/* EXPECT nothing: no two mutexes can be where the others are */
#include "actors.h"

struct list {
    pthread_mutex_t lock;
};

static struct lists {
    struct list waiting, next, done;
} *lists;

static void open_list(struct list *list)
{
    pthread_mutex_init(&list->lock, NULL);
}

static void shift(void)
{
    pthread_mutex_lock(&lists->waiting.lock);
    pthread_mutex_lock(&lists->next.lock);
    pthread_mutex_unlock(&lists->next.lock);
    pthread_mutex_unlock(&lists->waiting.lock);
    end_turn();
}

static void count(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&lists->done.lock);
    pthread_mutex_lock(&lists->waiting.lock);
    pthread_mutex_unlock(&lists->waiting.lock);
    pthread_mutex_unlock(&lists->done.lock);
}

int main(void)
{
    lists = (struct lists *)calloc(1, sizeof *lists);
    require(lists != NULL, "lists");
    open_list(&lists->waiting);
    open_list(&lists->next);
    open_list(&lists->done);
    PLAY_TOGETHER(shift, count);
    free(lists);
    return 0;
}
