#include "unit_test.h"

#include <stdlib.h>

#include "../../worlds/notation.h"
#include "verdict/suggestion.h"
#include "verdict/verdict.h"

static void check_suggestion(const char *world, const char *expected)
{
    struct small_world *small = notation_read(world);
    struct findings *findings = verdict_find(small->world, &(struct verdict_options){0, small_world_names(small)});
    assert_int_equal(findings->count, 1);
    char *text = suggestion_text(small->world, &findings->items[0], small_world_lock_name, small);
    if (expected == NULL)
        assert_null(text);
    else
        assert_string_equal(text, expected);
    free(text);
    findings_free(findings);
    small_world_free(small);
}

static void the_usual_order_is_suggested(void **state)
{
    (void)state;
    check_suggestion("T1: A B*991\nT2: B A*9\n", "take A before B everywhere: that order was seen 991 times, the other 9 times");
    check_suggestion("T1: A B\nT2: B A*10\n", "take B before A everywhere: that order was seen 10 times, the other 1 time");
}

static void all_contexts_and_threads_are_counted(void **state)
{
    (void)state;
    check_suggestion("T1: A B*6\nT3: A B*7\nT4: G A B*7\nT2: B A*2\n",
                     "take A before B everywhere: that order was seen 20 times, the other 2 times");
}

static void what_is_not_clear_is_not_suggested(void **state)
{
    (void)state;
    check_suggestion("T1: A B*99\nT2: B A*10\n", NULL);
    check_suggestion("T1: A B\nT2: B A\n", NULL);
    check_suggestion("T1: A B*100\nT2: B C\nT3: C A\n", NULL);
    check_suggestion("T1: A A\n", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_usual_order_is_suggested),
        cmocka_unit_test(all_contexts_and_threads_are_counted),
        cmocka_unit_test(what_is_not_clear_is_not_suggested),
    };
    return cmocka_run_group_tests_name("suggestion", tests, NULL, NULL);
}
