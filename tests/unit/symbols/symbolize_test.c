/* Everything that one build of the fixture says is to be expected is asked of the symbolizer.
 *
 *     symbolize_test LIBRARY SOURCE_DIRECTORY [DEBUG_DIRECTORY] */
#include "symbols/symbolize.h"

#include <err.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fixture_library.h"

static struct fixture_library library;
static const char *source_directory, *debug_directory;

static int open_symbolizer(void **state)
{
    struct symbolizer *symbolizer = symbolizer_new(&library.world);
    if (debug_directory != NULL)
        symbolizer_set_debug_directory(symbolizer, debug_directory);
    *state = symbolizer;
    return 0;
}

static int close_symbolizer(void **state)
{
    symbolizer_free(*state);
    return 0;
}

static void assert_same_file(const char *found, const char *expected)
{
    assert_non_null(found);
    char *found_path = realpath(found, NULL), *expected_path = realpath(expected, NULL);
    if (found_path == NULL)
        fail_msg("no such file: %s, expected %s", found, expected);
    assert_string_equal(found_path, expected_path);
    free(found_path);
    free(expected_path);
}

static void assert_frame(const struct symbol_frame *frame, const char *function)
{
    char file[4096];
    uint32_t line;
    assert_non_null(frame->function);
    assert_string_equal(frame->function, function);
    fixture_find_mark(source_directory, function, file, &line);
    assert_same_file(frame->file, file);
    if (frame->line != line)
        fail_msg("%s: found in line %u, expected %u", function, frame->line, line);
}

static void assert_place(struct symbolizer *symbolizer, const struct expected_place *expected)
{
    struct frame frame = {{1}, expected->return_address};
    uint32_t count, seen = 0;
    const struct symbol_frame *frames = symbolizer_frame(symbolizer, frame, &count);
    char *rest = strdup(expected->frames);
    for (char *function = rest, *next; function != NULL; function = next) {
        next = strstr(function, " <- ");
        if (next != NULL) {
            *next = '\0';
            next += strlen(" <- ");
        }
        if (seen == count)
            fail_msg("%s: only %u frames", expected->frames, count);
        assert_frame(&frames[seen++], function);
    }
    assert_int_equal(seen, count);
    for (uint32_t i = 0; i < count; i++)
        assert_int_equal(frames[i].inlined, i + 1 < count);
    free(rest);
}

static void every_place_has_its_functions_and_lines(void **state)
{
    struct symbolizer *symbolizer = *state;
    assert_true(library.place_count >= 10);
    for (size_t i = 0; i < library.place_count; i++)
        assert_place(symbolizer, &library.places[i]);
}

static void every_variable_has_its_name(void **state)
{
    struct symbolizer *symbolizer = *state;
    assert_true(library.variable_count >= 40);
    for (size_t i = 0; i < library.variable_count; i++) {
        const char *name = symbolizer_variable(symbolizer, (struct module_id){1}, library.variables[i].address);
        if (name == NULL)
            fail_msg("no name, expected %s", library.variables[i].name);
        assert_string_equal(name, library.variables[i].name);
    }
}

static void the_quality_is_debug_information(void **state)
{
    struct symbolizer *symbolizer = *state;
    assert_int_equal(symbolizer_quality(symbolizer, (struct module_id){1}), SYMBOLS_DEBUG_INFORMATION);
}

static void a_second_question_gives_the_same_answer(void **state)
{
    struct symbolizer *symbolizer = *state;
    struct frame frame = {{1}, library.places[0].return_address};
    uint32_t first_count, second_count;
    const struct symbol_frame *first = symbolizer_frame(symbolizer, frame, &first_count);
    assert_ptr_equal(first, symbolizer_frame(symbolizer, frame, &second_count));
    assert_int_equal(first_count, second_count);
}

int main(int argument_count, char **arguments)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_quality_is_debug_information, open_symbolizer, close_symbolizer),
        cmocka_unit_test_setup_teardown(every_place_has_its_functions_and_lines, open_symbolizer, close_symbolizer),
        cmocka_unit_test_setup_teardown(every_variable_has_its_name, open_symbolizer, close_symbolizer),
        cmocka_unit_test_setup_teardown(a_second_question_gives_the_same_answer, open_symbolizer, close_symbolizer),
    };
    if (argument_count < 3)
        errx(2, "usage: symbolize_test LIBRARY SOURCE_DIRECTORY [DEBUG_DIRECTORY]");
    source_directory = arguments[2];
    debug_directory = argument_count > 3 ? arguments[3] : NULL;
    fixture_library_run(&library, arguments[1]);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    fixture_library_free(&library);
    return failed == 0 ? 0 : 1;
}
