#include <stdio.h>
#include <string.h>

#include "command.h"
#include "user_error.h"

static const struct command {
    const char *name, *arguments, *summary;
    int (*run)(int argc, char **argv);
} commands[] = {
    {"run", "[OPTION...] -- PROGRAM [ARGUMENT...]", "run a program under the recorder, then report", command_run},
    {"report", "[OPTION...] TRACE...", "report on traces that were recorded before", command_report},
    {"check", "[OPTION...] TRACE...", "fail on findings that are not known yet", command_check},
    {"order", "[OPTION...] TRACE...", "print the order in which locks were taken", command_order},
    {"merge", "[OPTION...] TRACE... -o FILE", "make one trace of many", command_merge},
    {"graph", "[OPTION...] TRACE...", "draw which locks were held while which others were wanted", command_graph},
    {"dump", "TRACE", "print the records of a trace as text", command_dump},
};

enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

static int print_help(void)
{
    puts("lockorder says which locks of a program can deadlock, why, and where in the code.\n\nCommands:");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        printf("  lockorder %-6s %-38s %s\n", commands[i].name, commands[i].arguments, commands[i].summary);
    puts(
        "\nOptions:\n"
        "  --help      print this help; `lockorder COMMAND --help` explains a command\n"
        "  --version   print the version");
    return EXIT_CLEAN;
}

static const struct command *find_command(const char *name)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    }
    return NULL;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        user_error("expected a command; 'lockorder --help' lists them");
        return EXIT_REFUSED;
    }
    if (strcmp(argv[1], "--help") == 0)
        return print_help();
    if (strcmp(argv[1], "--version") == 0) {
        puts("lockorder " LOCKORDER_VERSION);
        return EXIT_CLEAN;
    }
    const struct command *command = find_command(argv[1]);
    if (command == NULL) {
        user_error("no %s is called '%s'; 'lockorder --help' lists them", argv[1][0] == '-' ? "option" : "command", argv[1]);
        return EXIT_REFUSED;
    }
    return command->run(argc - 1, argv + 1);
}
