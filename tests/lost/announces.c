/* Three threads nest locks in ever new pairs, and announce each in a file of their own that the test reads after the program's
 * death: what is announced must be in the trace. The file is mapped, so that the program dies in the recorder rather than in
 * write().
 *
 *     announces FILE ENDING PAIRS      ENDING: killed, killed-by-itself, abort, segfault, _exit, exit, quick_exit, exec, fork
 *
 * It ends once each thread has nested so many pairs; the threads go on meanwhile, but before exit and _exit. Or it is killed. */
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "guest.h"

enum { THREADS = 3, PAIRS_AT_MOST = 50000 };

/* As lost_test.py reads it. Odd pairs have the lock before them in between: outer, inner[i - 1], inner[i]. */
struct announcement {
    uint64_t outer;
    uint64_t first_inner;
    uint64_t inner_size;
    uint64_t count;
};

struct worker {
    pthread_t thread;
    pthread_mutex_t outer;
    pthread_mutex_t *inner;
    struct announcement *announcement;
};

static struct worker workers[THREADS];
static int pairs = PAIRS_AT_MOST;

static void lock_pair(struct worker *worker, int i)
{
    pthread_mutex_lock(&worker->outer);
    if (i % 2 == 1)
        pthread_mutex_lock(&worker->inner[i - 1]);
    pthread_mutex_lock(&worker->inner[i]);
    __atomic_store_n(&worker->announcement->count, (uint64_t)i + 1, __ATOMIC_RELEASE);
    pthread_mutex_unlock(&worker->inner[i]);
    if (i % 2 == 1)
        pthread_mutex_unlock(&worker->inner[i - 1]);
    pthread_mutex_unlock(&worker->outer);
}

static void *work(void *of_worker)
{
    for (int i = 0; i < pairs; i++)
        lock_pair(of_worker, i);
    while (pairs == PAIRS_AT_MOST) /* nobody joins it: it is there until the process dies */
        pause();
    return NULL;
}

static void prepare(struct worker *worker, struct announcement *announcement)
{
    pthread_mutex_init(&worker->outer, NULL);
    worker->inner = calloc(PAIRS_AT_MOST, sizeof *worker->inner); /* zeros: an initialised mutex */
    require(worker->inner != NULL, "memory for its locks");
    worker->announcement = announcement;
    announcement->outer = (uintptr_t)&worker->outer;
    announcement->first_inner = (uintptr_t)worker->inner;
    announcement->inner_size = sizeof *worker->inner;
}

static void wait_for(uint64_t enough)
{
    for (int i = 0; i < THREADS; i++)
        while (__atomic_load_n(&workers[i].announcement->count, __ATOMIC_ACQUIRE) < enough)
            sched_yield();
}

/* First the child, which leaves a trace of its own. */
static void fork_and_die(void)
{
    pid_t child = fork();
    if (child != 0)
        waitpid(child, NULL, 0);
    raise(SIGKILL);
}

static void join_all(void)
{
    for (int i = 0; i < THREADS; i++)
        pthread_join(workers[i].thread, NULL);
}

static void end(const char *ending)
{
    if (pairs < PAIRS_AT_MOST)
        join_all();
    if (strcmp(ending, "killed-by-itself") == 0)
        raise(SIGKILL);
    if (strcmp(ending, "abort") == 0)
        abort();
    if (strcmp(ending, "segfault") == 0)
        raise(SIGSEGV);
    if (strcmp(ending, "_exit") == 0)
        _exit(3);
    if (strcmp(ending, "exit") == 0)
        exit(3);
    if (strcmp(ending, "quick_exit") == 0)
        quick_exit(3);
    if (strcmp(ending, "exec") == 0)
        execl("/bin/sh", "sh", "-c", "exit 3", NULL);
    if (strcmp(ending, "fork") == 0)
        fork_and_die();
}

int main(int count, char **arguments)
{
    require(count == 4, "a file, an ending and a number");
    int file = open(arguments[1], O_RDWR | O_CREAT, 0600);
    require(file >= 0 && ftruncate(file, THREADS * sizeof(struct announcement)) == 0, "a file");
    if (strcmp(arguments[2], "exit") == 0 || strcmp(arguments[2], "_exit") == 0)
        pairs = atoi(arguments[3]); /* what comes after these have begun is not recorded, so nobody may announce it */
    struct announcement *announcements = mmap(NULL, THREADS * sizeof *announcements, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    require(announcements != MAP_FAILED, "to map it");
    for (int i = 0; i < THREADS; i++) {
        prepare(&workers[i], &announcements[i]);
        require(pthread_create(&workers[i].thread, NULL, work, &workers[i]) == 0, "a thread");
    }
    if (strcmp(arguments[2], "killed") != 0) {
        wait_for(strtoul(arguments[3], NULL, 10));
        end(arguments[2]);
    }
    for (;;)
        pause();
}
