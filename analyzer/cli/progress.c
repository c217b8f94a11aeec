#include "progress.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

/* Milliseconds until the first line, and between two. */
enum { FIRST_AFTER = 500, NEXT_AFTER = 100 };

static struct {
    bool is_active, is_shown;
    uint64_t next; /* milliseconds of CLOCK_MONOTONIC */
} progress;

static uint64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
    return (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000;
}

void progress_begin(void)
{
    progress.is_active = isatty(STDERR_FILENO);
    progress.next = now() + FIRST_AFTER;
}

void progress_say(const char *what, size_t done, size_t all)
{
    if (!progress.is_active || now() < progress.next)
        return;
    progress.next = now() + NEXT_AFTER;
    progress.is_shown = true;
    if (all == 0)
        fprintf(stderr, "\r\033[Klockorder: %s: %zu", what, done);
    else
        fprintf(stderr, "\r\033[Klockorder: %s: %zu of %zu", what, done, all);
    fflush(stderr);
}

void progress_end(void)
{
    if (progress.is_shown)
        fputs("\r\033[K", stderr);
    progress.is_active = progress.is_shown = false;
}
