/* Starts other programs in every way, while another thread locks: vfork, posix_spawn, system, popen, fork and exec, clone.
 *
 *     starts_processes ROUNDS      eight processes in each */
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include "guest.h"

extern char **environ;

static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER, inner = PTHREAD_MUTEX_INITIALIZER;
static volatile int stop;
static char *const command[] = {"sh", "-c", "exit 7", NULL};

static void *lock_and_unlock(void *unused)
{
    while (!stop) {
        pthread_mutex_t another = PTHREAD_MUTEX_INITIALIZER;
        lock_both(&outer, &another);
    }
    return unused;
}

static void expect_seven(pid_t child)
{
    int status;
    require(child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 7, "status 7");
}

static void by_vfork(void)
{
    pid_t child = vfork();
    if (child == 0) {
        execv("/bin/sh", command);
        _exit(1);
    }
    expect_seven(child);
    child = vfork();
    if (child == 0)
        _exit(7);
    expect_seven(child);
}

static void by_spawn(void)
{
    pid_t child;
    require(posix_spawn(&child, "/bin/sh", NULL, NULL, command, environ) == 0, "a process");
    expect_seven(child);
    require(posix_spawnp(&child, "no-program-has-this-name", NULL, NULL, command, environ) == ENOENT, "no process");
}

static void by_fork(void)
{
    pid_t child = fork();
    if (child == 0) {
        lock_both(&inner, &(pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER);
        execv("/bin/sh", command);
        _exit(1);
    }
    expect_seven(child);
}

static int be_clone(void *unused)
{
    (void)unused;
    execv("/bin/sh", command);
    return 1;
}

static void by_clone(void)
{
    static char stack[65536] __attribute__((aligned(16)));
    expect_seven(clone(be_clone, stack + sizeof stack, SIGCHLD, NULL));
    expect_seven(clone(be_clone, stack + sizeof stack, SIGCHLD | CLONE_VM | CLONE_VFORK, NULL));
}

static void by_shell(void)
{
    char line[16] = "";
    require(WEXITSTATUS(system("exit 7")) == 7, "a status");
    FILE *output = popen("echo read; exit 7", "r");
    require(output && fgets(line, sizeof line, output) && strcmp(line, "read\n") == 0, "its output");
    require(WEXITSTATUS(pclose(output)) == 7, "a status");
}

int main(int count, char **arguments)
{
    require(count == 2, "a number of rounds");
    pthread_t thread;
    require(pthread_create(&thread, NULL, lock_and_unlock, NULL) == 0, "a thread");
    for (int i = 0; i < atoi(arguments[1]); i++) {
        by_vfork();
        by_spawn();
        by_fork();
        by_clone();
        by_shell();
    }
    stop = 1;
    pthread_join(thread, NULL);
    puts("started");
    return 0;
}
