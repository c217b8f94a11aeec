#include "unit_test.h"

#include <stdlib.h>

#include "report/fold.h"

static void check(const char *text, int width, const char *expected)
{
    struct memory_stream memory;
    memory_stream_open(&memory);
    fold_print(memory.stream, text, width);
    char *folded = memory_stream_close(&memory);
    assert_string_equal(folded, expected);
    free(folded);
}

static void what_fits_stays_as_it_is(void **state)
{
    (void)state;
    check("", 10, "");
    check("\n\n", 10, "\n\n");
    check("1234567890\n  345 78 0\nno end", 10, "1234567890\n  345 78 0\nno end");
}

static void a_long_line_goes_on_indented_further(void **state)
{
    (void)state;
    check("  aaa bbb ccc ddd\nnext\n", 9, "  aaa bbb\n      ccc\n      ddd\nnext\n");
    check("aaaa bbbb cc dd\n", 10, "aaaa bbbb\n    cc dd\n");
}

static void deep_indentation_leaves_room(void **state)
{
    (void)state;
    check("                    a b\n", 21, "                    a\n                b\n");
}

static void a_word_is_not_broken(void **state)
{
    (void)state;
    check("/a/very/long/path/of/a/file.c:12 f\n", 10, "/a/very/long/path/of/a/file.c:12\n    f\n");
    check("at /a/very/long/path\n", 10, "at\n    /a/very/long/path\n");
}

static void styles_have_no_width(void **state)
{
    (void)state;
    check("\033[1;31maaaa bbbb\033[0m\ncc\n", 9, "\033[1;31maaaa bbbb\033[0m\ncc\n");
    check("\033[1maaaa bbbb cc\033[0m\n", 9, "\033[1maaaa bbbb\n    cc\033[0m\n");
}

static void a_character_is_one_column(void **state)
{
    (void)state;
    check("ééé ééé\n", 7, "ééé ééé\n");
    check("ééé éééé\n", 7, "ééé\n    éééé\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_fits_stays_as_it_is),     cmocka_unit_test(a_long_line_goes_on_indented_further),
        cmocka_unit_test(deep_indentation_leaves_room), cmocka_unit_test(a_word_is_not_broken),
        cmocka_unit_test(styles_have_no_width),         cmocka_unit_test(a_character_is_one_column),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
