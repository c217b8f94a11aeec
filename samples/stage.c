#include "stage.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { MOST_ACTORS = 16 };

static bool hangs;
static size_t actor_count;
static atomic_size_t arrived;
static int everybody_is_here = -1; /* an eventfd: no lock, so it cannot take part in what the samples show */
static int turns[MOST_ACTORS];     /* the same, one for each actor */

static int new_event(void)
{
    int event = eventfd(0, EFD_SEMAPHORE | EFD_CLOEXEC);
    if (event >= 0)
        return event;
    perror("eventfd");
    exit(1);
}

static void post(int event, uint64_t count)
{
    if (write(event, &count, sizeof count) != sizeof count)
        abort();
}

static void await(int event)
{
    uint64_t count;
    while (read(event, &count, sizeof count) != sizeof count) /* a signal handler may interrupt it */
        continue;
}

void stage_open(int argc, char **argv)
{
    hangs = argc == 2 && strcmp(argv[1], "--hang") == 0;
    if (argc == 1 || hangs)
        return;
    fprintf(stderr, "%s: expected nothing or --hang\n", argv[0]);
    exit(2);
}

bool stage_hangs(void)
{
    return hangs;
}

struct appearance {
    struct actor actor;
    size_t number;
    pthread_t thread;
};

static void *appear(void *closure)
{
    struct appearance *appearance = closure;
    size_t next = appearance->number + 1;
    pthread_setname_np(pthread_self(), appearance->actor.name);
    if (!hangs)
        await(turns[appearance->number]);
    appearance->actor.act();
    if (!hangs && next < actor_count)
        post(turns[next], 1);
    return NULL;
}

void stage_play(const struct actor *actors, size_t count)
{
    static struct appearance appearances[MOST_ACTORS];
    if (count > MOST_ACTORS)
        abort();
    actor_count = count;
    everybody_is_here = new_event();
    for (size_t i = 0; i < count; i++)
        turns[i] = new_event();
    for (size_t i = 0; i < count; i++) {
        appearances[i] = (struct appearance){.actor = actors[i], .number = i};
        if (pthread_create(&appearances[i].thread, NULL, appear, &appearances[i]) != 0) {
            fprintf(stderr, "no thread for %s\n", actors[i].name);
            exit(1);
        }
    }
    post(turns[0], 1);
    for (size_t i = 0; i < count; i++)
        pthread_join(appearances[i].thread, NULL);
}

void stage_meet(void)
{
    if (!hangs)
        return;
    if (atomic_fetch_add(&arrived, 1) + 1 < actor_count)
        await(everybody_is_here);
    else if (actor_count > 1)
        post(everybody_is_here, actor_count - 1);
}
