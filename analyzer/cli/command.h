/* The commands of `lockorder`. Each has one file, command_NAME.c, and one row in the table of main.c. */
#ifndef LOCKORDER_ANALYZER_CLI_COMMAND_H
#define LOCKORDER_ANALYZER_CLI_COMMAND_H

/* Exit statuses. `run` gives the program's own unless the findings fail it. */
enum {
    EXIT_CLEAN = 0,
    EXIT_FINDINGS = 1,
    EXIT_REFUSED = 2, /* bad usage, unreadable input, a program that cannot be observed */
    EXIT_GATE = 66,   /* `run`, by default: findings */
    EXIT_NOT_EXECUTABLE = 126,
    EXIT_NOT_FOUND = 127,
    EXIT_SIGNAL = 128, /* plus the number of the signal that killed the program */
};

/* argv[0] is the command's name. They return the exit status. */
int command_run(int argc, char **argv);
int command_report(int argc, char **argv);
int command_check(int argc, char **argv);
int command_order(int argc, char **argv);
int command_merge(int argc, char **argv);
int command_graph(int argc, char **argv);
int command_dump(int argc, char **argv);

#endif
