#include "temporaries.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include "allocate.h"

/* Read by a signal handler at any moment: entries are never freed, only used again. */
struct entry {
    const char *volatile path; /* NULL: free */
    struct entry *next;
};

static struct entry *volatile entries;

static void remove_all(void)
{
    for (struct entry *entry = entries; entry != NULL; entry = entry->next) {
        const char *path = entry->path;
        if (path != NULL)
            unlink(path);
    }
}

/* Then what the signal does to anybody. */
static void remove_and_die(int signal_number)
{
    remove_all();
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

/* What is ignored stays ignored: nohup has asked for it. */
static void handle_ends(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        struct sigaction action = {.sa_flags = SA_RESTART}, before;
        action.sa_handler = remove_and_die;
        sigaction(numbers[i], NULL, &before);
        if (before.sa_handler == SIG_DFL)
            sigaction(numbers[i], &action, NULL);
    }
    atexit(remove_all);
}

void temporaries_remember(const char *path)
{
    static bool is_handled;
    if (!is_handled)
        handle_ends();
    is_handled = true;
    struct entry *entry = entries;
    while (entry != NULL && entry->path != NULL)
        entry = entry->next;
    if (entry == NULL) {
        entry = allocate_zeroed(1, sizeof *entry);
        entry->next = entries;
        entries = entry;
    }
    entry->path = path;
}

void temporaries_forget(const char *path)
{
    for (struct entry *entry = entries; entry != NULL; entry = entry->next) {
        if (entry->path == path)
            entry->path = NULL;
    }
}
