/* hangs WORD...: does what each word says, then waits for ever.
 *
 *     deadlock   two threads lock two mutexes in opposite orders, and wait for each other
 *     child      the same in a child of this process
 *     between    two children of this process lock two process-shared mutexes in opposite orders
 *     stall      a thread waits for a mutex that another one holds while it waits at a condition
 *     idle       a thread waits at a condition
 *     line       waits for a line of input */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct pair {
    pthread_mutex_t first, second;
    pthread_barrier_t both;
};

static struct pair pairs[2];
static pthread_mutex_t journal = PTHREAD_MUTEX_INITIALIZER, queue = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t filled = PTHREAD_COND_INITIALIZER;
static bool is_consuming;

static void start(void *(*function)(void *), void *argument, const char *name)
{
    pthread_t thread;
    pthread_create(&thread, NULL, function, argument);
    pthread_setname_np(thread, name);
}

static void *forth(void *argument)
{
    struct pair *pair = argument;
    pthread_mutex_lock(&pair->first);
    pthread_barrier_wait(&pair->both);
    pthread_mutex_lock(&pair->second);
    return NULL;
}

static void *back(void *argument)
{
    struct pair *pair = argument;
    pthread_mutex_lock(&pair->second);
    pthread_barrier_wait(&pair->both);
    pthread_mutex_lock(&pair->first);
    return NULL;
}

static void *consume(void *unused)
{
    pthread_mutex_lock(&queue);
    is_consuming = true;
    for (;;)
        pthread_cond_wait(&filled, &queue);
    return unused;
}

static void await_consumer(void)
{
    bool waits = false;
    while (!waits) {
        usleep(1000);
        pthread_mutex_lock(&queue);
        waits = is_consuming;
        pthread_mutex_unlock(&queue);
    }
}

static void *hold_journal(void *unused)
{
    pthread_mutex_lock(&journal);
    return consume(unused);
}

static void *write_journal(void *unused)
{
    pthread_mutex_lock(&journal);
    return unused;
}

static void deadlock(void)
{
    static int count;
    struct pair *pair = &pairs[count++];
    pthread_mutex_init(&pair->first, NULL);
    pthread_mutex_init(&pair->second, NULL);
    pthread_barrier_init(&pair->both, NULL, 2);
    start(forth, pair, "forth");
    start(back, pair, "back");
}

struct shared {
    pthread_mutex_t mutexes[2];
    int count;
};

static void lock_both(struct shared *shared, int first)
{
    pthread_mutex_lock(&shared->mutexes[first]);
    __atomic_add_fetch(&shared->count, 1, __ATOMIC_SEQ_CST);
    while (__atomic_load_n(&shared->count, __ATOMIC_SEQ_CST) != 2)
        usleep(1000);
    pthread_mutex_lock(&shared->mutexes[!first]);
}

static void between(void)
{
    struct shared *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    for (int i = 0; i < 2; i++)
        pthread_mutex_init(&shared->mutexes[i], &attributes);
    for (int i = 0; i < 2; i++)
        if (fork() == 0)
            lock_both(shared, i);
}

static void stall(void)
{
    start(hold_journal, NULL, "holder");
    await_consumer();
    start(write_journal, NULL, "writer");
}

static void idle(void)
{
    start(consume, NULL, "consumer");
    await_consumer();
}

static void do_as_told(const char *word)
{
    if (strcmp(word, "deadlock") == 0 || (strcmp(word, "child") == 0 && fork() == 0))
        deadlock();
    else if (strcmp(word, "stall") == 0)
        stall();
    else if (strcmp(word, "idle") == 0)
        idle();
    else if (strcmp(word, "between") == 0)
        between();
    else if (strcmp(word, "line") == 0)
        getchar();
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        do_as_told(argv[i]);
    for (;;)
        pause();
}
