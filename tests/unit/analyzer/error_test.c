#include "unit_test.h"

#include <string.h>

#include "error.h"

static void the_text_is_set_as_by_printf(void **state)
{
    (void)state;
    struct error error;
    assert_int_equal(error_set(&error, "%s: has %d bytes", "a.lockorder", 3), -1);
    assert_string_equal(error.text, "a.lockorder: has 3 bytes");
}

static void what_steers_a_terminal_is_replaced(void **state)
{
    (void)state;
    struct error error;
    error_set(&error, "%s: is empty", "evil\n\x1b[2Jname\x7f\t");
    assert_string_equal(error.text, "evil??[2Jname??: is empty");
}

static void bytes_beyond_ascii_are_kept(void **state)
{
    (void)state;
    struct error error;
    error_set(&error,
              "Stra\xc3\x9f"
              "e");
    assert_string_equal(error.text,
                        "Stra\xc3\x9f"
                        "e");
}

static void a_long_text_is_cut(void **state)
{
    (void)state;
    struct error error;
    char name[5000];
    memset(name, 'n', sizeof name);
    name[sizeof name - 1] = '\0';
    assert_int_equal(error_set(&error, "%s", name), -1);
    assert_int_equal(strlen(error.text), sizeof error.text - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_text_is_set_as_by_printf),
        cmocka_unit_test(what_steers_a_terminal_is_replaced),
        cmocka_unit_test(bytes_beyond_ascii_are_kept),
        cmocka_unit_test(a_long_text_is_cut),
    };
    return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}
