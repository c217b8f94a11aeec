#include "unit_test.h"

#include <stdlib.h>
#include <string.h>

#include "allocate.h"
#include "gate/baseline.h"
#include "gate/date.h"

static void days_that_are_in_the_calendar_are_valid(void **state)
{
    (void)state;
    static const char *const valid[] = {"2026-01-01", "2026-12-31", "2024-02-29", "2000-02-29", "0001-04-30"};
    static const char *const invalid[] = {"",           "2026-02-29", "1900-02-29",  "2026-13-01", "2026-00-01", "2026-04-31",
                                          "2026-01-00", "2026-1-01",  "2026-01-011", "2026/01/01", "20260101",   "2026-01-0a"};
    for (size_t i = 0; i < sizeof valid / sizeof valid[0]; i++)
        assert_true(date_is_valid(valid[i]));
    for (size_t i = 0; i < sizeof invalid / sizeof invalid[0]; i++)
        assert_false(date_is_valid(invalid[i]));
}

static void today_is_a_day(void **state)
{
    (void)state;
    char today[DATE_SIZE];
    date_today(today);
    assert_true(date_is_valid(today));
    assert_true(strcmp(today, "2026-01-01") > 0);
}

/* The status of the one finding, which a baseline with this expiry names, on this day. */
static enum finding_status status_on(const char *expires, const char *today)
{
    struct baseline_entry entry = {.fingerprint = "00000000000000aa", .kind = "cycle", .title = "", .expires = (char *)expires};
    struct baseline baseline = {&entry, 1};
    struct finding finding = {.kind = FINDING_CYCLE, .fingerprint = "00000000000000aa"};
    struct findings findings = {&finding, 1, 0};
    struct remarks remarks = {0};
    baseline_apply(&baseline, "baseline", today, &findings, &remarks);
    assert_int_equal(remarks.count, finding.status == FINDING_NEW);
    remarks_clear(&remarks);
    return finding.status;
}

static void an_entry_holds_on_its_last_day_and_not_on_the_next(void **state)
{
    (void)state;
    assert_int_equal(status_on("2026-12-31", "2026-12-30"), FINDING_BASELINED);
    assert_int_equal(status_on("2026-12-31", "2026-12-31"), FINDING_BASELINED);
    assert_int_equal(status_on("2026-12-31", "2027-01-01"), FINDING_NEW);
    assert_int_equal(status_on(NULL, "9999-12-31"), FINDING_BASELINED);
}

static void what_is_suppressed_stays_so_and_is_seen(void **state)
{
    (void)state;
    struct baseline_entry entry = {.fingerprint = "00000000000000aa", .kind = "cycle", .title = ""};
    struct baseline baseline = {&entry, 1};
    struct finding finding = {.kind = FINDING_CYCLE, .fingerprint = "00000000000000aa", .status = FINDING_SUPPRESSED};
    struct findings findings = {&finding, 1, 0};
    struct remarks remarks = {0};
    baseline_apply(&baseline, "baseline", "2026-01-01", &findings, &remarks);
    assert_int_equal(finding.status, FINDING_SUPPRESSED);
    assert_int_equal(remarks.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_that_are_in_the_calendar_are_valid),
        cmocka_unit_test(today_is_a_day),
        cmocka_unit_test(an_entry_holds_on_its_last_day_and_not_on_the_next),
        cmocka_unit_test(what_is_suppressed_stays_so_and_is_seen),
    };
    return cmocka_run_group_tests_name("baseline", tests, NULL, NULL);
}
