/* What programs share whose actors are processes: locks in memory that they have in common. */
#ifndef LOCKORDER_TESTS_VERDICTS_PROCESSES_H
#define LOCKORDER_TESTS_VERDICTS_PROCESSES_H

#include <sys/mman.h>
#include <sys/wait.h>

#include "actors.h"

/* Memory of all children; each finds it at another place when it maps it itself. */
static int shared_file(void)
{
    int file = memfd_create("locks", 0);
    require(file >= 0 && ftruncate(file, 4096 * 4) == 0, "a file in memory");
    return file;
}

static void *map(int file)
{
    void *start = mmap(NULL, 4096 * 2, PROT_READ | PROT_WRITE, MAP_SHARED, file, 4096);
    require(start != MAP_FAILED, "shared memory");
    return start;
}

/* One process after another. */
static void run_process(void (*play)(void), const char *name)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        pthread_setname_np(pthread_self(), name);
        play();
        exit(0);
    }
    require(child > 0 && waitpid(child, &status, 0) == child && status == 0, "a process that ends well");
}

#endif
