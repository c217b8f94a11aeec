/* Coroutines on stacks of the program's own making: locks are held across switches, and given back from another stack than the
 * one on which they were taken; stacks move from thread to thread, and are freed. */
/* EXPECT nothing: one order */
/* EXPECT perhaps limit witnesses */
#include <stdint.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "guest.h"

enum { STACK = 65536, ROUNDS = 200, THREADS = 4 };

struct coroutine {
    ucontext_t context, caller;
    pthread_mutex_t own;
    pthread_mutex_t *handed_over; /* locked by the caller, unlocked here */
    int step;
};

static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER;

static void yield(struct coroutine *coroutine)
{
    coroutine->step++;
    swapcontext(&coroutine->context, &coroutine->caller);
}

static void run(unsigned high, unsigned low)
{
    struct coroutine *coroutine = (struct coroutine *)((uintptr_t)high << 32 | low);
    pthread_mutex_lock(&coroutine->own);
    yield(coroutine); /* with a lock held */
    pthread_mutex_unlock(&coroutine->own);
    pthread_mutex_unlock(coroutine->handed_over);
    yield(coroutine); /* with none held: it goes on in another thread */
    lock_both(&outer, &coroutine->own);
    coroutine->step++;
}

static void prepare(struct coroutine *coroutine, void *stack)
{
    require(stack != NULL && stack != MAP_FAILED && getcontext(&coroutine->context) == 0, "a stack");
    coroutine->context.uc_stack.ss_sp = stack;
    coroutine->context.uc_stack.ss_size = STACK;
    coroutine->context.uc_link = &coroutine->caller;
    coroutine->step = 0;
    pthread_mutex_init(&coroutine->own, NULL);
    makecontext(&coroutine->context, (void (*)(void))run, 2, (unsigned)((uintptr_t)coroutine >> 32),
                (unsigned)(uintptr_t)coroutine);
}

static void resume(struct coroutine *coroutine)
{
    swapcontext(&coroutine->caller, &coroutine->context);
}

static void *finish(void *coroutine)
{
    resume(coroutine);
    return NULL;
}

static void run_one(void *stack)
{
    struct coroutine coroutine;
    pthread_mutex_t handed_over = PTHREAD_MUTEX_INITIALIZER;
    pthread_t thread;
    prepare(&coroutine, stack);
    coroutine.handed_over = &handed_over;
    resume(&coroutine);
    pthread_mutex_lock(&handed_over);
    resume(&coroutine);
    require(pthread_create(&thread, NULL, finish, &coroutine) == 0, "a thread");
    pthread_join(thread, NULL);
    require(coroutine.step == 3, "a coroutine that has run to its end");
    pthread_mutex_destroy(&coroutine.own);
}

static void *run_many(void *unused)
{
    for (int i = 0; i < ROUNDS; i++) {
        void *allocated = malloc(STACK);
        run_one(allocated);
        free(allocated);
        void *mapped = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        run_one(mapped);
        munmap(mapped, STACK);
    }
    return unused;
}

int main(void)
{
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        require(pthread_create(&threads[i], NULL, run_many, NULL) == 0, "a thread");
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    puts("switched");
    return 0;
}
