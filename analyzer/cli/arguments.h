/* argp, with errors that are one clear line and with --help for each command.
 *
 * A command's argp has ARGUMENTS_HELP among its options, its input starts with a struct arguments, and its parser passes the keys
 * that it does not know to arguments_parse_common. A parser that finds a bad value prints the line itself and returns
 * ARGUMENTS_BAD_VALUE. */
#ifndef LOCKORDER_ANALYZER_CLI_ARGUMENTS_H
#define LOCKORDER_ANALYZER_CLI_ARGUMENTS_H

#include <argp.h>
#include <errno.h>
#include <stdbool.h>

struct arguments {
    int next; /* where the parser stopped at an error */
    bool help;
};

enum { ARGUMENTS_KEY_HELP = 0x1000, ARGUMENTS_KEY_FIRST };

/* Any error but EINVAL, which argp_parse returns for an unknown option. */
enum { ARGUMENTS_BAD_VALUE = EBADMSG };

/* clang-format off */
#define ARGUMENTS_HELP {"help", ARGUMENTS_KEY_HELP, NULL, 0, "Print this help", -1}
/* clang-format on */

enum arguments_result { ARGUMENTS_GOOD, ARGUMENTS_HELP_PRINTED, ARGUMENTS_BAD };

/* After ARGUMENTS_BAD the error is already printed. argv[0] is the command's name. */
enum arguments_result arguments_parse(const struct argp *argp, int argc, char **argv, struct arguments *input);

error_t arguments_parse_common(int key, struct argp_state *state);

#endif
