#include "arguments.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "allocate.h"
#include "user_error.h"

error_t arguments_parse_common(int key, struct argp_state *state)
{
    struct arguments *arguments = state->input;
    switch (key) {
    case ARGUMENTS_KEY_HELP:
        arguments->help = true;
        state->next = state->argc;
        return 0;
    case ARGP_KEY_ERROR:
        arguments->next = state->next;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* The option that "--name" or "--name=value" means, abbreviated or not. */
static const struct argp_option *find_option(const struct argp *argp, const char *text)
{
    size_t length = strcspn(text, "=");
    for (const struct argp_option *option = argp->options; option->name != NULL; option++) {
        if (length > 2 && strncmp(option->name, text + 2, length - 2) == 0)
            return option;
    }
    return NULL;
}

static void print_bad_option(const struct argp *argp, const char *command, const char *text)
{
    const struct argp_option *option = strncmp(text, "--", 2) == 0 ? find_option(argp, text) : NULL;
    if (option != NULL && option->arg != NULL)
        user_error("%s: expected %s=%s", command, text, option->arg);
    else if (option != NULL && strchr(text, '=') != NULL)
        user_error("%s: --%s takes no value, found %s", command, option->name, text);
    else
        user_error("%s: no option is called '%s'; 'lockorder %s --help' lists them", command, text, command);
}

static void print_help(const struct argp *argp, const char *command)
{
    char *name = allocate_text("lockorder %s", command);
    argp_help(argp, stdout, ARGP_HELP_USAGE | ARGP_HELP_DOC | ARGP_HELP_LONG, name);
    free(name);
}

enum arguments_result arguments_parse(const struct argp *argp, int argc, char **argv, struct arguments *input)
{
    /* ARGP_NO_ERRS: its own messages are several lines. In order: what follows the first argument may be the program's. */
    error_t result = argp_parse(argp, argc, argv, ARGP_NO_ERRS | ARGP_NO_EXIT | ARGP_NO_HELP | ARGP_IN_ORDER, NULL, input);
    if (input->help) {
        print_help(argp, argv[0]);
        return ARGUMENTS_HELP_PRINTED;
    }
    if (result != 0 && result != ARGUMENTS_BAD_VALUE)
        print_bad_option(argp, argv[0], argv[input->next > 0 && input->next <= argc ? input->next - 1 : 0]);
    return result == 0 ? ARGUMENTS_GOOD : ARGUMENTS_BAD;
}
