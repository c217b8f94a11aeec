/* Two locks on the heap are freed between the two orders, and others take their place. */
/* EXPECT nothing: the locks of a freed block are gone */
#include <stdint.h>

#include "actors.h"

struct couple {
    pthread_mutex_t first, second;
};

static struct couple *couple;

static struct couple *new_couple(void)
{
    struct couple *fresh = (struct couple *)malloc(sizeof *fresh);
    require(fresh != NULL, "memory");
    pthread_mutex_init(&fresh->first, NULL);
    pthread_mutex_init(&fresh->second, NULL);
    return fresh;
}

/* The allocator gives the block that was freed last. */
static void replace_couple(void)
{
    uintptr_t former = (uintptr_t)couple;
    free(couple);
    couple = new_couple();
    require((uintptr_t)couple == former, "the same block");
}

static void forward(void)
{
    pthread_mutex_lock(&couple->first);
    pthread_mutex_lock(&couple->second);
    pthread_mutex_unlock(&couple->first);
    pthread_mutex_unlock(&couple->second);
    replace_couple();
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&couple->second);
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
