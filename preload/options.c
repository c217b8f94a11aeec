#include "options.h"

#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"

struct options options = {.trace_dir = "", .report = true, .max_trace_size = (uint64_t)256 << 20};

static const char *set_trace_dir(const char *value)
{
    if (!*value || strlen(value) >= sizeof options.trace_dir)
        return "a folder";
    strcpy(options.trace_dir, value);
    return NULL;
}

static const char *set_report(const char *value)
{
    if (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0)
        return "yes or no";
    options.report = strcmp(value, "yes") == 0;
    return NULL;
}

static const char *set_record(const char *value)
{
    if (strcmp(value, "dependencies") != 0 && strcmp(value, "full") != 0)
        return "dependencies or full";
    options.record_full = strcmp(value, "full") == 0;
    return NULL;
}

static const char *set_max_trace_size(const char *value)
{
    uint64_t megabytes = 0;
    for (; *value >= '0' && *value <= '9' && megabytes < 1000000; value++)
        megabytes = megabytes * 10 + (uint64_t)(*value - '0');
    if (*value || megabytes < 1 || megabytes > 65536)
        return "megabytes, 1 to 65536";
    options.max_trace_size = megabytes << 20;
    return NULL;
}

static const char *set_on_deadlock(const char *value)
{
    static const char *const names[] = {
        [ON_DEADLOCK_REPORT] = "report", [ON_DEADLOCK_ABORT] = "abort", [ON_DEADLOCK_EXIT] = "exit"};
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(value, names[i]) == 0) {
            options.on_deadlock = (enum on_deadlock)i;
            return NULL;
        }
    }
    return "report, abort or exit";
}

static const char *set_notify(const char *value)
{
    uint64_t process = 0;
    for (; *value >= '0' && *value <= '9' && process < INT32_MAX; value++)
        process = process * 10 + (uint64_t)(*value - '0');
    if (*value || process < 1 || process > INT32_MAX) /* 1: `lockorder run` may be a container's first process */
        return "a process id";
    options.notify = (pid_t)process;
    return NULL;
}

static const char *set_epoch_signal(const char *value)
{
    static const struct {
        const char *name;
        int number;
    } signals[] = {{"USR1", SIGUSR1}, {"USR2", SIGUSR2}, {"HUP", SIGHUP}, {"WINCH", SIGWINCH}};
    for (unsigned i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        if (strcmp(value, signals[i].name) == 0) {
            options.epoch_signal = signals[i].number;
            return NULL;
        }
    }
    return "USR1, USR2, HUP or WINCH";
}

/* Each `set` returns NULL, or what it expected. */
static const struct option {
    const char *key;
    const char *(*set)(const char *value);
} table[] = {
    {"trace_dir", set_trace_dir}, /* folder for the trace, which must exist (default: a folder of the user's in TMPDIR) */
    {"report", set_report},       /* whether to report when the process exits (default: yes) */
    {"record", set_record},       /* what is kept (default: dependencies) */
    {"max_trace_size", set_max_trace_size}, /* megabytes one trace may grow to (default: 256) */
    {"on_deadlock", set_on_deadlock},       /* what becomes of a process whose threads lock up (default: report) */
    {"epoch_signal", set_epoch_signal},     /* the signal that begins an epoch (default: none) */
    {"notify", set_notify},                 /* the process that is told of a deadlock, by SIGURG (default: none) */
};

static void set_option(const char *key, const char *value)
{
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (strcmp(table[i].key, key) != 0)
            continue;
        const char *expected = table[i].set(value);
        if (expected)
            message_write("LOCKORDER_OPTIONS: ", key, "=", value, ": expected ", expected, "; using the default", NULL);
        return;
    }
    message_write("LOCKORDER_OPTIONS: no option is called '", key, "'; left out", NULL);
}

void options_read(void)
{
    const char *text = getenv("LOCKORDER_OPTIONS");
    char pair[sizeof options.trace_dir + 64];
    while (text && *text) {
        size_t length = strcspn(text, ":");
        if (length >= sizeof pair) {
            message_write("LOCKORDER_OPTIONS: a value is too long; left out", NULL);
        } else if (length) {
            memcpy(pair, text, length);
            pair[length] = '\0';
            char *equals = strchr(pair, '=');
            if (equals)
                *equals = '\0';
            set_option(pair, equals ? equals + 1 : "");
        }
        text += length + (text[length] == ':');
    }
}
