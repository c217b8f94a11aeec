/* One function initialises the mutexes of three lists: two pieces of code take two of them, one upward in memory and one downward. Of
 * each, both have been where the other would have to be. */
#include "actors.h"

struct list {
    pthread_mutex_t lock;
};

static int counted;

static struct lists {
    struct list waiting, next, done;
} *lists;

static void open_list(struct list *list)
{
    /* PLACE opening */
    pthread_mutex_init(&list->lock, NULL);
}

static void move(struct list *from, struct list *to)
{
    pthread_mutex_lock(&from->lock); /* EXPECT order: shift holds "mutex #N initialised at @opening open_list" */
    pthread_mutex_lock(&to->lock);   /* EXPECT order: shift wants "mutex #N initialised at @opening open_list" */
    pthread_mutex_unlock(&to->lock);
    pthread_mutex_unlock(&from->lock);
}

static void count_both(struct list *first, struct list *second)
{
    pthread_mutex_lock(&first->lock);  /* EXPECT order: count holds "mutex #N initialised at @opening open_list" */
    pthread_mutex_lock(&second->lock); /* EXPECT order: count wants "mutex #N initialised at @opening open_list" */
    counted++;
    pthread_mutex_unlock(&second->lock);
    pthread_mutex_unlock(&first->lock);
}

static void shift(void)
{
    move(&lists->waiting, &lists->next);
    end_turn();
}

static void count(void)
{
    wait_for_turn(1);
    count_both(&lists->done, &lists->waiting);
}

int main(void)
{
    lists = (struct lists *)calloc(1, sizeof *lists);
    require(lists != NULL, "lists");
    open_list(&lists->waiting);
    open_list(&lists->next);
    open_list(&lists->done);
    count_both(&lists->next, &lists->waiting); /* before there are threads */
    PLAY_TOGETHER(shift, count);
    free(lists);
    return 0;
}
