#include "user_files.h"

#include <string.h>
#include <unistd.h>

#include "gate/date.h"

static int read_suppressions(struct user_files *files, struct error *error)
{
    const struct report_options *options = files->options;
    for (size_t i = 0; i < options->suppression_count; i++) {
        if (suppressions_read(&files->suppressions, options->suppressions[i], error) != 0)
            return -1;
    }
    return 0;
}

static int read_order(struct user_files *files, struct error *error)
{
    if (files->options->order == NULL)
        return 0;
    files->order = (struct declared_orders){order_file_read(files->options->order, error), files->options->order};
    return files->order.graph == NULL ? -1 : 0;
}

/* One that is to be made need not be there. */
static int read_baseline(struct user_files *files, struct error *error)
{
    const struct report_options *options = files->options;
    if (options->update_baseline && options->baseline == NULL)
        return error_set(error, "--update-baseline: expected --baseline=FILE as well, which is to be written");
    if (options->baseline == NULL || (options->update_baseline && access(options->baseline, F_OK) != 0))
        return 0;
    return baseline_read(&files->baseline, options->baseline, error);
}

static int open_outputs(struct user_files *files, struct error *error)
{
    const struct report_options *options = files->options;
    if (options->update_baseline && output_file_open(&files->updated, options->baseline, error) != 0)
        return -1;
    return options->rules == NULL ? 0 : output_file_open(&files->rules, options->rules, error);
}

int user_files_open(struct user_files *files, const struct report_options *options, struct error *error)
{
    *files = (struct user_files){.options = options};
    if (read_order(files, error) == 0 && read_suppressions(files, error) == 0 && read_baseline(files, error) == 0 &&
        open_outputs(files, error) == 0)
        return 0;
    user_files_close(files);
    return -1;
}

void user_files_close(struct user_files *files)
{
    if (files->updated.stream != NULL)
        output_file_abandon(&files->updated);
    if (files->rules.stream != NULL)
        output_file_abandon(&files->rules);
    if (files->order.graph != NULL)
        order_graph_free(files->order.graph);
    suppressions_clear(&files->suppressions);
    baseline_clear(&files->baseline);
    remarks_clear(&files->remarks);
}

void user_files_apply(struct user_files *files, struct analysis *analysis)
{
    const struct report_options *options = files->options;
    char today[DATE_SIZE];
    date_today(today);
    if (files->order.graph != NULL)
        analysis_hold_against(analysis, &files->order, &files->remarks);
    suppressions_apply(&files->suppressions, &analysis->report, analysis->findings, &files->remarks);
    if (options->update_baseline && analysis->unreadable == 0)
        baseline_update(&files->baseline, analysis->findings);
    if (options->baseline != NULL)
        baseline_apply(&files->baseline, options->baseline, today, analysis->findings, &files->remarks);
    mine_apply(options->mine, options->mine_count, &analysis->report, analysis->findings);
    analysis->report.remarks = &files->remarks;
    analysis->report.revision = options->revision;
    analysis->report.statistics = options->statistics;
}

static int write_baseline(struct user_files *files, const struct analysis *analysis, struct error *error)
{
    if (files->updated.stream == NULL)
        return 0;
    if (analysis->unreadable != 0)
        return error_set(error, "%s: the baseline was not updated, since not all traces could be read", files->options->baseline);
    if (baseline_write(&files->baseline, files->updated.stream, error) != 0)
        return -1;
    return output_file_commit(&files->updated, error);
}

static int write_rules(struct user_files *files, const struct analysis *analysis, struct error *error)
{
    if (files->rules.stream == NULL)
        return 0;
    for (uint32_t i = 0; i < analysis->findings->count; i++) {
        if (analysis->findings->items[i].status == FINDING_NEW)
            suppressions_print_rule(files->rules.stream, &analysis->report, &analysis->findings->items[i]);
    }
    return output_file_commit(&files->rules, error);
}

int user_files_write(struct user_files *files, const struct analysis *analysis, struct error *error)
{
    int written = write_rules(files, analysis, error);
    return write_baseline(files, analysis, error) == 0 ? written : -1;
}

bool user_files_print_rules(const struct user_files *files)
{
    return files->options->rules != NULL && strcmp(files->options->rules, "-") == 0;
}
