/* Findings that the user knows already are shown as such in every form, with the reason, and dropped by none. */
#include "unit_test.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "../../worlds/notation.h"
#include "report/memory_stream.h"
#include "report/report.h"
#include "verdict/verdict.h"

typedef int report_writer(const struct report *report, FILE *stream, struct error *error);

/* The report of two cycles, of which the first is known. The caller frees. */
static char *write_with_first(report_writer *write, enum finding_status status, const char *reason)
{
    struct small_world *small = notation_read("T1: A B*2\nT2: B A\nT3: C D\nT4: D C\n");
    struct verdict_options options = {0, small_world_names(small)};
    struct findings *findings = verdict_find(small->world, &options);
    assert_int_equal(findings->count, 2);
    findings->items[0].status = status;
    findings->items[0].status_reason = reason == NULL ? NULL : strdup(reason);
    struct symbolizer *symbolizer = symbolizer_new(small->world);
    struct report report;
    struct memory_stream memory;
    struct error error;
    report_open(&report, small->world, findings, symbolizer);
    memory_stream_open(&memory);
    assert_int_equal(write(&report, memory.stream, &error), 0);
    report_close(&report);
    symbolizer_free(symbolizer);
    findings_free(findings);
    small_world_free(small);
    return memory_stream_close(&memory);
}

static void check_contains(report_writer *write, enum finding_status status, const char *reason, const char *expected)
{
    char *text = write_with_first(write, status, reason);
    if (strstr(text, expected) == NULL)
        fail_msg("expected '%s' in:\n%s", expected, text);
    free(text);
}

static void sarif_has_a_suppression(void **state)
{
    (void)state;
    char *text = write_with_first(report_write_sarif, FINDING_SUPPRESSED, "of a test");
    json_t *log = json_loads(text, 0, NULL);
    json_t *results = json_object_get(json_array_get(json_object_get(log, "runs"), 0), "results");
    json_t *known = json_object_get(json_array_get(results, 0), "suppressions");
    assert_int_equal(json_array_size(results), 2);
    assert_int_equal(json_array_size(known), 1);
    assert_string_equal(json_string_value(json_object_get(json_array_get(known, 0), "justification")), "of a test");
    assert_string_equal(json_string_value(json_object_get(json_array_get(known, 0), "kind")), "external");
    assert_int_equal(json_array_size(json_object_get(json_array_get(results, 1), "suppressions")), 0);
    json_decref(log);
    free(text);
    check_contains(report_write_sarif, FINDING_BASELINED, NULL, "\"named in the baseline\"");
}

static void junit_skips(void **state)
{
    (void)state;
    check_contains(report_write_junit, FINDING_BASELINED, "since <2.0>",
                   "<skipped message=\"in the baseline: since &lt;2.0&gt;\"/>");
    check_contains(report_write_junit, FINDING_SUPPRESSED, NULL, "<skipped message=\"suppressed\"/>");
    check_contains(report_write_junit, FINDING_SUPPRESSED, NULL, "failures=\"1\" errors=\"1\" skipped=\"1\"");
}

static void markdown_has_a_status(void **state)
{
    (void)state;
    check_contains(report_write_markdown, FINDING_BASELINED, "a|b\nc", "| in the baseline: a\\|b\\\\nc |");
    check_contains(report_write_markdown, FINDING_SUPPRESSED, NULL, "| suppressed |");
    check_contains(report_write_markdown, FINDING_SUPPRESSED, NULL, "| **new** |");
}

static void github_notices(void **state)
{
    (void)state;
    check_contains(report_write_github, FINDING_BASELINED, NULL, "\n::notice title=");
    check_contains(report_write_github, FINDING_BASELINED, NULL, "\n::error title=");
}

static void the_page_says_why(void **state)
{
    (void)state;
    check_contains(report_write_html, FINDING_BASELINED, "since </script>",
                   "\"known\":\"in the baseline: since \\u003c/script>\"");
    check_contains(report_write_html, FINDING_SUPPRESSED, NULL, "\"known\":null");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sarif_has_a_suppression), cmocka_unit_test(junit_skips),       cmocka_unit_test(markdown_has_a_status),
        cmocka_unit_test(github_notices),          cmocka_unit_test(the_page_says_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
