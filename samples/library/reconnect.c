/* A client that tries to connect, and waits longer after each failure; the wait is for an event, so it ends at once when somebody
 * says that the server is back, and need not sleep to its end.
 *
 *     build/release/samples/library/reconnect */
/* EXPECT nothing: an event takes one lock */
#include <errno.h>
#include <stdbool.h>

#include <lockorder/lockorder.h>

#include "crew.h"

static struct lockorder_event is_back;

static bool connect_to(int attempt)
{
    return attempt > 3 || lockorder_event_is_set(&is_back);
}

static void *connect_client(void *argument)
{
    int64_t pause = LOCKORDER_MILLISECOND;
    int *attempts = argument;
    for (*attempts = 1; !connect_to(*attempts); ++*attempts, pause *= 2) {
        struct lockorder_limit limit = lockorder_limit_after(pause);
        if (lockorder_event_wait_within(&is_back, &limit) == ETIMEDOUT)
            continue;
    }
    return NULL;
}

int main(void)
{
    struct crew client;
    int attempts;
    lockorder_event_init(&is_back, "is-back");
    crew_start(&client, 1, connect_client, &attempts);
    crew_join(&client);
    printf("connected by itself at attempt %d\n", attempts);
    expect(attempts == 4, "three failures, then a connection");

    lockorder_event_set(&is_back);
    crew_start(&client, 1, connect_client, &attempts);
    crew_join(&client);
    printf("connected to a server that is back at attempt %d\n", attempts);
    lockorder_event_destroy(&is_back);
    return attempts == 1 ? 0 : 1;
}
