/* A signal interrupts a thread at one instruction of a piece of code that locks, and its handler locks, too. For each instruction
 * there is a process of its own, which another one walks through the code, step by step, to that instruction. The argument says
 * how many steps it may be in all, so that of longer code only some instructions are tried. Prints how many were. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WARM_UP = 4 /* rounds, the last of which is walked through: nothing is new by then */ };

static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER, inner = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t handlers_own[] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};
static volatile int *running; /* seen by both processes */

static void require(int condition, const char *what)
{
    if (condition)
        return;
    fprintf(stderr, "stepped: %s\n", what);
    exit(1);
}

static void handle(int signal)
{
    pthread_mutex_t *own = &handlers_own[*running];
    (void)signal;
    pthread_mutex_lock(own);
    pthread_mutex_unlock(own);
}

/* The same again and again, which a history only counts; and one inside of another. */
static void lock(void)
{
    for (volatile int i = 0; i < 3; i++) {
        pthread_mutex_lock(&outer);
        pthread_mutex_unlock(&outer);
    }
    pthread_mutex_lock(&outer);
    pthread_mutex_lock(&inner);
    pthread_mutex_unlock(&inner);
    pthread_mutex_unlock(&outer);
}

static void walked(void)
{
    signal(SIGUSR1, handle);
    for (int i = 0; i < WARM_UP; i++) {
        *running = i == WARM_UP - 1;
        if (*running) {
            require(ptrace(PTRACE_TRACEME, 0, 0, 0) == 0, "a process that can be traced");
            raise(SIGSTOP);
        }
        lock();
        *running = 0;
        if (i < WARM_UP - 1)
            raise(SIGUSR1);
    }
    exit(0);
}

/* Starts a process and walks it on by so many instructions; -1: to the end of the code. Returns how many it took. */
static long walk(long count)
{
    int status;
    long steps = 0;
    pid_t walker = fork();
    if (walker == 0)
        walked();
    require(walker > 0 && waitpid(walker, &status, 0) == walker && WIFSTOPPED(status), "a process that stops");
    while (*running && steps != count) {
        require(ptrace(PTRACE_SINGLESTEP, walker, 0, 0) == 0 && waitpid(walker, &status, 0) == walker && WIFSTOPPED(status),
                "a step");
        steps++;
    }
    require(ptrace(PTRACE_DETACH, walker, 0, SIGUSR1) == 0, "a process that goes on");
    require(waitpid(walker, &status, 0) == walker && WIFEXITED(status) && WEXITSTATUS(status) == 0, "a process that ends");
    return steps;
}

int main(int argument_count, char **arguments)
{
    long most = argument_count > 1 ? atol(arguments[1]) : 0;
    require(most > 0, "expected how many steps at most");
    running = mmap(NULL, sizeof *running, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    require(running != MAP_FAILED, "shared memory");
    long length = walk(-1), places = 0;
    for (long at = 0; at < length; at += 1 + length * length / 2 / most, places++)
        walk(at);
    printf("%ld\n", places);
    return 0;
}
