/* What is left when the file of a module is stripped, gone, another one, or damaged.
 *
 *     degraded_test FOLDER_OF_FIXTURES */
#include "symbols/symbolize.h"

#include <err.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "fixture_library.h"

static const char *fixtures;
static char scratch[] = "/tmp/lockorder-degraded-XXXXXX";

/* One module, and a symbolizer for it. */
struct subject {
    char path[4096];
    struct module modules[2];
    struct world world;
    struct symbolizer *symbolizer;
};

static void set_module(struct subject *subject, const char *path, const char *build_id_of)
{
    snprintf(subject->path, sizeof subject->path, "%s", path);
    subject->modules[1].path = subject->path;
    if (build_id_of != NULL)
        fixture_read_build_id(build_id_of, &subject->modules[1]);
    subject->world = (struct world){.modules = subject->modules, .module_count = 2};
    subject->symbolizer = symbolizer_new(&subject->world);
    symbolizer_set_debug_directory(subject->symbolizer, "/nonexistent");
}

static char *library_path(const char *fixture)
{
    char *path = NULL;
    if (asprintf(&path, "%s/%s/libfixture.so", fixtures, fixture) < 0)
        err(2, "out of memory");
    return path;
}

static char *scratch_path(const char *name)
{
    char *path = NULL;
    if (asprintf(&path, "%s/%s", scratch, name) < 0)
        err(2, "out of memory");
    return path;
}

static int new_subject(void **state)
{
    *state = calloc(1, sizeof(struct subject));
    return *state == NULL;
}

static int free_subject(void **state)
{
    struct subject *subject = *state;
    symbolizer_free(subject->symbolizer);
    free(subject);
    return 0;
}

static enum symbol_quality quality_of(struct subject *subject)
{
    return symbolizer_quality(subject->symbolizer, (struct module_id){1});
}

static void assert_nothing_is_known(struct subject *subject, uint64_t address)
{
    uint32_t count = 0;
    const struct symbol_frame *frames = symbolizer_frame(subject->symbolizer, (struct frame){{1}, address}, &count);
    assert_int_equal(count, 1);
    assert_null(frames[0].function);
    assert_null(frames[0].file);
    assert_int_equal(frames[0].line, 0);
    assert_false(frames[0].inlined);
    assert_null(symbolizer_variable(subject->symbolizer, (struct module_id){1}, address));
}

/* A module that is `fixture` by its build-id, with the file of `fixture_on_disk` at its path. */
static void set_fixtures(struct subject *subject, const char *fixture_on_disk, const char *fixture)
{
    char *path = library_path(fixture_on_disk), *other = library_path(fixture);
    set_module(subject, path, other);
    free(path);
    free(other);
}

static void a_file_that_is_gone_is_missing(void **state)
{
    char *built = library_path("gcc_optimized");
    set_module(*state, "/nonexistent/libfixture.so", built);
    free(built);
    assert_int_equal(quality_of(*state), SYMBOLS_FILE_MISSING);
    assert_nothing_is_known(*state, 0x1100);
}

static void a_file_of_another_build_is_not_used(void **state)
{
    set_fixtures(*state, "gcc_plain", "gcc_optimized");
    assert_int_equal(quality_of(*state), SYMBOLS_OTHER_BUILD);
    assert_nothing_is_known(*state, 0x1100);
}

static void a_file_with_a_build_id_is_not_used_for_a_module_without(void **state)
{
    set_fixtures(*state, "gcc_optimized", "gcc_without_build_id");
    assert_int_equal(quality_of(*state), SYMBOLS_OTHER_BUILD);
}

static void a_file_without_a_build_id_is_not_used_for_a_module_with_one(void **state)
{
    set_fixtures(*state, "gcc_without_build_id", "gcc_optimized");
    assert_int_equal(quality_of(*state), SYMBOLS_OTHER_BUILD);
}

static void a_debug_file_stands_in_for_a_file_that_is_gone(void **state)
{
    struct subject *subject = *state;
    char *built = library_path("debug_directory"), *directory = NULL;
    set_module(subject, "/nonexistent/libfixture.so", built);
    assert_true(asprintf(&directory, "%s/debug_directory/usr_lib_debug", fixtures) > 0);
    symbolizer_set_debug_directory(subject->symbolizer, directory);
    assert_int_equal(quality_of(subject), SYMBOLS_DEBUG_INFORMATION);
    free(directory);
    free(built);
}

static void a_debug_file_stands_in_for_another_build(void **state)
{
    struct subject *subject = *state;
    char *directory = NULL;
    set_fixtures(subject, "gcc_plain", "debug_directory");
    assert_true(asprintf(&directory, "%s/debug_directory/usr_lib_debug", fixtures) > 0);
    symbolizer_set_debug_directory(subject->symbolizer, directory);
    assert_int_equal(quality_of(subject), SYMBOLS_DEBUG_INFORMATION);
    free(directory);
}

static void a_stripped_library_knows_what_it_exports(void **state)
{
    set_fixtures(*state, "stripped", "stripped");
    assert_int_equal(quality_of(*state), SYMBOLS_TABLE_ONLY);
}

static void a_library_that_exports_nothing_knows_nothing(void **state)
{
    set_fixtures(*state, "stripped_hidden", "stripped_hidden");
    assert_int_equal(quality_of(*state), SYMBOLS_NONE);
    assert_nothing_is_known(*state, 0x1100);
}

static void write_file(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "w");
    if (file == NULL || fwrite(bytes, 1, size, file) != size || fclose(file) != 0)
        err(2, "%s", path);
}

static uint8_t *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "r");
    struct stat status;
    if (file == NULL || fstat(fileno(file), &status) != 0)
        err(2, "%s", path);
    uint8_t *bytes = malloc((size_t)status.st_size);
    *size = fread(bytes, 1, (size_t)status.st_size, file);
    fclose(file);
    return bytes;
}

static void a_debug_link_with_another_checksum_is_not_used(void **state)
{
    char *library = library_path("debug_link_by_checksum"), *other = library_path("gcc_without_build_id");
    char *copy = scratch_path("libfixture.so"), *debug = scratch_path("libfixture.so.debug");
    size_t size;
    uint8_t *bytes = read_file(library, &size);
    write_file(copy, bytes, size);
    free(bytes);
    bytes = read_file(other, &size);
    write_file(debug, bytes, size);
    free(bytes);
    set_module(*state, copy, NULL);
    assert_int_equal(quality_of(*state), SYMBOLS_TABLE_ONLY);
    free(library);
    free(other);
    free(copy);
    free(debug);
}

/* The table has the variables, without their parts. */
static void the_symbol_table_names_functions_and_variables(void **state)
{
    struct subject *subject = *state;
    struct fixture_library library;
    char *path = library_path("symbol_table_only");
    set_module(subject, path, path);
    assert_int_equal(quality_of(subject), SYMBOLS_TABLE_ONLY);
    fixture_library_run(&library, path);
    unsigned members = 0;
    for (size_t i = 0; i < library.variable_count; i++) {
        const char *expected = library.variables[i].name;
        const char *name = symbolizer_variable(subject->symbolizer, (struct module_id){1}, library.variables[i].address);
        assert_non_null(name);
        if (strcmp(expected, "m_lock") == 0 || strcmp(expected, "bank::Registry::instance()::mutex") == 0)
            assert_string_equal(name, expected);
        if (strcmp(expected, "accounts[3].lock") == 0) {
            assert_string_equal(name, "accounts+0x98");
            members++;
        }
    }
    assert_int_equal(members, 1);
    for (size_t i = 0; i < library.place_count; i++) {
        uint32_t count;
        struct frame frame = {{1}, library.places[i].return_address};
        const struct symbol_frame *frames = symbolizer_frame(subject->symbolizer, frame, &count);
        const char *last = strrchr(library.places[i].frames, '-');
        assert_int_equal(count, 1);
        assert_non_null(frames[0].function);
        assert_null(frames[0].file);
        /* A template's name has its return type in debug information and symbol table alike. */
        assert_string_equal(frames[0].function, last == NULL ? library.places[i].frames : last + 2);
    }
    fixture_library_free(&library);
    free(path);
}

static void no_module_and_unknown_modules_are_unknown(void **state)
{
    struct subject *subject = *state;
    uint32_t count;
    set_fixtures(subject, "gcc_optimized", "gcc_optimized");
    for (uint32_t module = 0; module < 4; module += module == 0 ? 2 : 1) {
        struct frame frame = {{module}, 0x1100};
        assert_null(symbolizer_frame(subject->symbolizer, frame, &count)->function);
        assert_int_equal(count, 1);
        assert_null(symbolizer_variable(subject->symbolizer, frame.module, 0x1100));
        assert_int_equal(symbolizer_quality(subject->symbolizer, frame.module), SYMBOLS_FILE_MISSING);
    }
    assert_nothing_is_known(subject, 0);
    assert_nothing_is_known(subject, UINT64_MAX);
    assert_nothing_is_known(subject, 0xffffffffffffULL);
}

static void what_is_no_elf_file_is_not_read(void **state)
{
    struct subject *subject = *state;
    char *fifo = scratch_path("fifo"), *text = scratch_path("text"), *empty = scratch_path("empty");
    assert_int_equal(mkfifo(fifo, 0600), 0);
    write_file(text, "#!/bin/sh\n", 10);
    write_file(empty, "", 0);
    const struct {
        const char *path;
        enum symbol_quality quality;
    } examples[] = {{fifo, SYMBOLS_FILE_MISSING}, {scratch, SYMBOLS_FILE_MISSING},  {"/dev/zero", SYMBOLS_FILE_MISSING},
                    {"", SYMBOLS_FILE_MISSING},   {"[vdso]", SYMBOLS_FILE_MISSING}, {text, SYMBOLS_OTHER_BUILD},
                    {empty, SYMBOLS_OTHER_BUILD}};
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        set_module(subject, examples[i].path, NULL);
        assert_int_equal(quality_of(subject), examples[i].quality);
        assert_nothing_is_known(subject, 0x1100);
        symbolizer_free(subject->symbolizer);
        subject->symbolizer = NULL;
    }
    free(fifo);
    free(text);
    free(empty);
}

/* Answers do not matter, only that there is one. */
static void ask_everything(struct subject *subject, const struct fixture_library *library)
{
    for (size_t i = 0; i < library->place_count; i++) {
        uint32_t count = 0;
        struct frame frame = {{1}, library->places[i].return_address};
        const struct symbol_frame *frames = symbolizer_frame(subject->symbolizer, frame, &count);
        assert_true(count >= 1);
        assert_false(frames[count - 1].inlined);
    }
    for (size_t i = 0; i < library->variable_count; i++)
        symbolizer_variable(subject->symbolizer, (struct module_id){1}, library->variables[i].address);
}

static void ask_of_bytes(struct subject *subject, const uint8_t *bytes, size_t size, const struct fixture_library *library)
{
    char *path = scratch_path("damaged.so");
    write_file(path, bytes, size);
    memset(subject->modules, 0, sizeof subject->modules);
    set_module(subject, path, path);
    ask_everything(subject, library);
    symbolizer_free(subject->symbolizer);
    subject->symbolizer = NULL;
    unlink(path);
    free(path);
}

static void a_truncated_file_is_survived(void **state)
{
    struct fixture_library library;
    size_t size;
    char *path = library_path("gcc_optimized");
    uint8_t *bytes = read_file(path, &size);
    fixture_library_run(&library, path);
    for (size_t cut = 0; cut < size; cut += size / 40)
        ask_of_bytes(*state, bytes, cut, &library);
    fixture_library_free(&library);
    free(bytes);
    free(path);
}

static int make_scratch(void **state)
{
    (void)state;
    return mkdtemp(scratch) == NULL;
}

static int remove_scratch(void **state)
{
    (void)state;
    static const char *const names[] = {"fifo", "text", "empty", "libfixture.so", "libfixture.so.debug"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *path = scratch_path(names[i]);
        unlink(path);
        free(path);
    }
    return rmdir(scratch);
}

#define DEGRADED_TEST(name) cmocka_unit_test_setup_teardown(name, new_subject, free_subject)

int main(int argument_count, char **arguments)
{
    const struct CMUnitTest tests[] = {
        DEGRADED_TEST(a_file_that_is_gone_is_missing),
        DEGRADED_TEST(a_file_of_another_build_is_not_used),
        DEGRADED_TEST(a_file_with_a_build_id_is_not_used_for_a_module_without),
        DEGRADED_TEST(a_file_without_a_build_id_is_not_used_for_a_module_with_one),
        DEGRADED_TEST(a_debug_file_stands_in_for_a_file_that_is_gone),
        DEGRADED_TEST(a_debug_file_stands_in_for_another_build),
        DEGRADED_TEST(a_stripped_library_knows_what_it_exports),
        DEGRADED_TEST(a_library_that_exports_nothing_knows_nothing),
        DEGRADED_TEST(a_debug_link_with_another_checksum_is_not_used),
        DEGRADED_TEST(the_symbol_table_names_functions_and_variables),
        DEGRADED_TEST(no_module_and_unknown_modules_are_unknown),
        DEGRADED_TEST(what_is_no_elf_file_is_not_read),
        DEGRADED_TEST(a_truncated_file_is_survived),
    };
    if (argument_count < 2)
        errx(2, "usage: degraded_test FOLDER_OF_FIXTURES");
    fixtures = arguments[1];
    return cmocka_run_group_tests(tests, make_scratch, remove_scratch) == 0 ? 0 : 1;
}
