#include "unit_test.h"

#include <string.h>

#include "report/report.h"

static void it_says_what_to_do_instead(void **state)
{
    (void)state;
    struct error error;
    struct report report = {0};
    assert_int_equal(report_write_svg(&report, stdout, &error), -1);
    assert_non_null(strstr(error.text, "this lockorder was built without graphviz"));
    assert_non_null(strstr(error.text, "--dot"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(it_says_what_to_do_instead)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
