/* A lock that lets writers go first, and a reader that reads again what it reads already: if a writer comes in between, the
 * reader waits for the writer, and the writer for the reader. By default the writer comes later; lockorder knows that it could
 * have come before. With --hang it does:
 *
 *     lockorder run -- build/release/samples/waiting/read_again
 *     lockorder run --on-deadlock=exit -- build/release/samples/waiting/read_again --hang
 *
 * The default kind of lock lets a reader read again; the other repair is not to. */
/* EXPECT --hang deadlock: title reader */
#include <pthread.h>
#include <stdio.h>

#include "../stage.h"

static pthread_rwlock_t news = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;

/* With --hang: reads, until the writer waits. */
static void wait_for_writer(void)
{
    while (pthread_rwlock_tryrdlock(&news) == 0)
        pthread_rwlock_unlock(&news);
}

static void read_twice(void)
{
    pthread_rwlock_rdlock(&news); /* EXPECT cycle: reader holds news */
    stage_meet();
    if (stage_hangs())
        wait_for_writer();
    pthread_rwlock_rdlock(&news); /* EXPECT cycle: reader wants news */
    pthread_rwlock_unlock(&news);
    pthread_rwlock_unlock(&news);
}

static void write_news(void)
{
    stage_meet();
    pthread_rwlock_wrlock(&news);
    pthread_rwlock_unlock(&news);
}

int main(int argc, char **argv)
{
    const struct actor actors[] = {{"reader", read_twice}, {"writer", write_news}};
    stage_open(argc, argv);
    stage_play(actors, 2);
    puts("read");
    return 0;
}
