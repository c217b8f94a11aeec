#include "report_options.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "allocate.h"
#include "user_error.h"

struct report_options report_options_default(void)
{
    return (struct report_options){.gate = gate_default()};
}

void report_options_clear(struct report_options *options)
{
    free(options->suppressions);
    free(options->mine);
    options->suppressions = options->mine = NULL;
}

int report_options_number(const char *option, const char *text, uint64_t least, uint64_t most, uint64_t *number)
{
    char *end = NULL;
    errno = 0;
    *number = strtoull(text, &end, 10);
    if (text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0 && *number >= least && *number <= most)
        return 0;
    user_error("--%s=%s: expected a number from %" PRIu64 " to %" PRIu64, option, text, least, most);
    return -1;
}

static error_t parse_gate(struct gate *gate, const char *kinds)
{
    struct error error;
    if (gate_parse(gate, kinds, &error) == 0)
        return 0;
    user_error("%s", error.text);
    return ARGUMENTS_BAD_VALUE;
}

static void add_text(const char ***texts, size_t *count, const char *text)
{
    *texts = allocate_grown(*texts, *count, sizeof **texts);
    (*texts)[(*count)++] = text;
}

/* What the user says of findings, and of the program. */
static error_t parse_file(int key, char *argument, struct argp_state *state)
{
    struct report_options *options = state->input;
    switch (key) {
    case REPORT_KEY_BASELINE:
        options->baseline = argument;
        return 0;
    case REPORT_KEY_UPDATE_BASELINE:
        options->update_baseline = true;
        return 0;
    case REPORT_KEY_SUPPRESSIONS:
        add_text(&options->suppressions, &options->suppression_count, argument);
        return 0;
    case REPORT_KEY_MINE:
        add_text(&options->mine, &options->mine_count, argument);
        return 0;
    case REPORT_KEY_REVISION:
        options->revision = argument;
        return 0;
    case REPORT_KEY_STATS:
        options->statistics = true;
        return 0;
    case REPORT_KEY_ORDER:
        options->order = argument;
        return 0;
    case REPORT_KEY_PRINT_SUPPRESSIONS:
        options->rules = argument == NULL ? "-" : argument;
        return 0;
    default:
        return arguments_parse_common(key, state);
    }
}

static error_t set_output(struct output_paths *paths, int format, const char *path)
{
    struct error error;
    paths->of[format] = path == NULL ? "-" : path;
    if (output_paths_check(paths, &error) == 0)
        return 0;
    user_error("%s", error.text);
    return ARGUMENTS_BAD_VALUE;
}

error_t report_options_parse(int key, char *argument, struct argp_state *state)
{
    struct report_options *options = state->input;
    if (key >= REPORT_KEY_OUTPUTS && key < REPORT_KEY_OUTPUTS + OUTPUT_FORMAT_COUNT)
        return set_output(&options->outputs, key - REPORT_KEY_OUTPUTS, argument);
    switch (key) {
    case REPORT_KEY_FAIL_ON:
        return parse_gate(&options->gate, argument);
    case REPORT_KEY_MAX_CYCLES:
        return report_options_number("max-cycles", argument, 1, UINT64_MAX, &options->max_cycles) == 0 ? 0 : ARGUMENTS_BAD_VALUE;
    default:
        return parse_file(key, argument, state);
    }
}
