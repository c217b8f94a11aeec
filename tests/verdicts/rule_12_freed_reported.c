/* Two locks on the heap, taken in opposite orders; they are known by the place of their initialisation. */
#include "actors.h"

struct couple {
    pthread_mutex_t first, second;
};

static struct couple *couple;

static struct couple *new_couple(void)
{
    struct couple *fresh = (struct couple *)malloc(sizeof *fresh);
    require(fresh != NULL, "memory");
    pthread_mutex_init(&fresh->first, NULL);  /* PLACE first_init */
    pthread_mutex_init(&fresh->second, NULL); /* PLACE second_init */
    return fresh;
}

static void forward(void)
{
    /* EXPECT cycle: forward holds "mutex #N initialised at @first_init new_couple" */
    pthread_mutex_lock(&couple->first);
    /* EXPECT cycle: forward wants "mutex #N initialised at @second_init new_couple" */
    pthread_mutex_lock(&couple->second);
    pthread_mutex_unlock(&couple->first);
    pthread_mutex_unlock(&couple->second);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    /* EXPECT cycle: backward holds "mutex #N initialised at @second_init new_couple" */
    pthread_mutex_lock(&couple->second);
    /* EXPECT cycle: backward wants "mutex #N initialised at @first_init new_couple" */
    pthread_mutex_lock(&couple->first);
    pthread_mutex_unlock(&couple->first);
    pthread_mutex_unlock(&couple->second);
}

int main(void)
{
    couple = new_couple();
    PLAY_TOGETHER(forward, backward);
    free(couple);
    return 0;
}
