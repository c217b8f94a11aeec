/* The repair of loans_greedy.c by the banker's algorithm: who declares the most that it will need gets nothing that could leave
 * all stuck. The second builder's first machine is there, and it has to wait for it all the same: with one machine each, none
 * could finish.
 *
 *     lockorder run -- build/release/samples/waiting/loans_by_banker */
/* EXPECT nothing: the banker grants safe states only */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>

#include <lockorder/banker.h>

enum { NEEDED = 2 };

static const unsigned one = 1, needed = NEEDED;
static struct lockorder_banker banker;

static void *build(void *closure)
{
    const size_t *builder = closure;
    for (int i = 0; i < NEEDED; i++)
        lockorder_banker_request(&banker, *builder, &one);
    lockorder_banker_release(&banker, *builder, &needed);
    return NULL;
}

int main(void)
{
    const unsigned machines = 2;
    size_t builders[2];
    pthread_t threads[2];
    if (lockorder_banker_init(&banker, 1, &machines, "machines") != 0)
        return 1;
    for (int i = 0; i < 2; i++)
        lockorder_banker_declare(&banker, &needed, &builders[i]);

    lockorder_banker_request(&banker, builders[0], &one);
    int refused = lockorder_banker_try_request(&banker, builders[1], &one);
    printf("the second builder's first machine: %s\n", refused == EAGAIN ? "not now" : "granted");
    lockorder_banker_release(&banker, builders[0], &one);

    for (int i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, build, &builders[i]);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < 2; i++)
        lockorder_banker_leave(&banker, builders[i]);
    lockorder_banker_destroy(&banker);
    puts("both have built");
    return 0;
}
