/* Does halves of a ring, one with each argument, in the order given: two runs together show what none shows alone. */
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER, second = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t static_guard = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t *heap_guard;

static void nest(pthread_mutex_t *outer, pthread_mutex_t *inner)
{
    pthread_mutex_lock(outer);
    pthread_mutex_lock(inner);
    pthread_mutex_unlock(inner);
    pthread_mutex_unlock(outer);
}

static void go_forward(void)
{
    nest(&first, &second);
}
static void go_backward(void)
{
    nest(&second, &first);
}

static void *forward(void *done)
{
    go_forward();
    if (done != NULL)
        sem_post(done);
    return NULL;
}

static void *backward(void *unused)
{
    go_backward();
    return unused;
}

/* One role for both. */
static void *worker(void *backward)
{
    if (backward != NULL)
        go_backward();
    else
        go_forward();
    return NULL;
}

static void *crowded_worker(void *barrier)
{
    go_forward();
    pthread_barrier_wait(barrier);
    return NULL;
}

static void *guarded(pthread_mutex_t *guard, void (*go)(void))
{
    pthread_mutex_lock(guard);
    go();
    pthread_mutex_unlock(guard);
    return NULL;
}

static void *statically_guarded_forward(void *unused)
{
    return guarded(&static_guard, go_forward), unused;
}
static void *statically_guarded_backward(void *unused)
{
    return guarded(&static_guard, go_backward), unused;
}
static void *heap_guarded_forward(void *unused)
{
    return guarded(heap_guard, go_forward), unused;
}
static void *heap_guarded_backward(void *unused)
{
    return guarded(heap_guard, go_backward), unused;
}

static void run(void *(*function)(void *), void *argument)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, function, argument) == 0)
        pthread_join(thread, NULL);
}

/* Two at a time. */
static void run_crowd(void)
{
    pthread_barrier_t barrier;
    pthread_t threads[2];
    pthread_barrier_init(&barrier, NULL, 2);
    for (int i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, crowded_worker, &barrier);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
}

/* Both halves, one after the other by a hand-over alone, so that they may overlap in another run. */
static void run_both(int signal_between)
{
    pthread_t threads[2];
    sem_t done;
    sem_init(&done, 0, 0);
    pthread_create(&threads[0], NULL, forward, &done);
    sem_wait(&done);
    if (signal_between != 0)
        raise(signal_between);
    pthread_create(&threads[1], NULL, backward, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
}

static void *crowded_backward(void *unused)
{
    go_backward();
    return unused;
}

static void run_in_child(void (*go)(void))
{
    pid_t child = fork();
    if (child == 0) {
        go();
        _exit(0);
    }
    waitpid(child, NULL, 0);
}

static void start_backward(void)
{
    run(backward, NULL);
}
static void start_forward(void)
{
    run(forward, NULL);
}

static const struct {
    const char *name;
    void *(*function)(void *);
    void *argument;
} threads[] = {
    {"forward", forward, NULL},
    {"backward", backward, NULL},
    {"worker-forward", worker, NULL},
    {"worker-backward", worker, &first},
    {"guarded-forward", statically_guarded_forward, NULL},
    {"guarded-backward", statically_guarded_backward, NULL},
    {"heap-guarded-forward", heap_guarded_forward, NULL},
    {"heap-guarded-backward", heap_guarded_backward, NULL},
    {"crowd-backward", crowded_backward, NULL},
};

static void do_one(const char *name)
{
    for (size_t i = 0; i < sizeof threads / sizeof threads[0]; i++) {
        if (strcmp(threads[i].name, name) == 0)
            run(threads[i].function, threads[i].argument);
    }
    if (strcmp(name, "main-forward") == 0)
        go_forward();
    if (strcmp(name, "main-backward") == 0)
        go_backward();
    if (strcmp(name, "both") == 0)
        run_both(0);
    if (strcmp(name, "both-signal") == 0)
        run_both(SIGUSR2);
    if (strcmp(name, "crowd") == 0)
        run_crowd();
    if (strcmp(name, "child-backward") == 0)
        run_in_child(start_backward);
    if (strcmp(name, "child-forward") == 0)
        run_in_child(start_forward);
}

#ifdef OTHER_BUILD
__attribute__((used)) static int makes_the_build_another_one;
#endif

int main(int argument_count, char **arguments)
{
    heap_guard = malloc(sizeof *heap_guard);
    pthread_mutex_init(heap_guard, NULL);
    for (int i = 1; i < argument_count; i++)
        do_one(arguments[i]);
    pthread_mutex_destroy(heap_guard);
    free(heap_guard);
    return 0;
}
