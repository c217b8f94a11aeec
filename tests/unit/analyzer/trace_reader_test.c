/* The reader and the loader against files that are broken in every way that one byte can break them, and against the errors that
 * people meet. */
#include "unit_test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../worlds/trace_builder.h"
#include "allocate.h"
#include "trace/load.h"
#include "trace/settle.h"
#include "trace/trace_reader.h"
#include "verdict/verdict.h"

static char folder[] = "/tmp/lockorder-trace-reader-XXXXXX";
static char *path; /* of the trace at hand, in the folder */

static int make_folder(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    path = allocate_text("%s/t.lockorder", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(path);
    free(path);
    return rmdir(folder);
}

/* Reads all records. Returns how many there are, or -1 with the error. */
static int read_all(struct error *error, bool *truncated)
{
    struct trace_file *file = trace_file_open(path, error);
    if (file == NULL)
        return -1;
    const struct trace_record_header *record;
    int count = 0, result;
    while ((result = trace_file_next(file, &record, error)) == 1)
        count++;
    *truncated = trace_file_is_truncated(file);
    trace_file_close(file);
    return result == 0 ? count : -1;
}

static void assert_contains(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", text, part);
}

/* The file at `path` is refused, by one line that names the file and says this. */
static void assert_refused(const char *message)
{
    struct error error = {""};
    bool truncated;
    assert_int_equal(read_all(&error, &truncated), -1);
    assert_contains(error.text, path);
    assert_contains(error.text, message);
}

/* The same of loading it: references are checked there. */
static void assert_not_loaded(const char *message)
{
    struct error error = {""};
    struct world *world = world_new();
    assert_int_equal(trace_load(world, path, &error), -1);
    assert_contains(error.text, path);
    assert_contains(error.text, message);
    world_free(world);
}

static void load_and_judge(void)
{
    struct error error;
    struct world *world = world_new();
    if (trace_load(world, path, &error) == 0) {
        trace_settle(world);
        findings_free(verdict_find(world, &(struct verdict_options){.max_cycles = 100}));
    }
    world_free(world);
}

/* --- Whole files --- */

static void every_record_is_given(void **state)
{
    (void)state;
    struct trace_builder builder;
    trace_builder_two_threads(&builder);
    trace_builder_write(&builder, path);
    struct error error;
    bool truncated;
    assert_int_equal(read_all(&error, &truncated), 1 + 1 + 4 + 8 + 2 + 4 + 3 + 8);
    assert_false(truncated);
    trace_builder_close(&builder);
}

static void what_lies_beyond_committed_is_not_read(void **state)
{
    (void)state;
    struct trace_builder builder;
    struct error error;
    bool truncated;
    trace_builder_two_threads(&builder);
    size_t committed = builder.size;
    trace_builder_record(&builder, TRACE_RECORD_WITNESS, "garbage garbage ", 16, NULL, 0);
    trace_builder_header(&builder)->committed = committed;
    trace_builder_write(&builder, path);
    assert_int_equal(read_all(&error, &truncated), 31);
    trace_builder_close(&builder);
}

/* A file of a terabyte that is nearly all hole: what is not committed costs nothing, and what is committed is refused at its
 * first empty record. */
static void a_huge_sparse_file_costs_nothing(void **state)
{
    (void)state;
    struct trace_builder builder;
    struct error error;
    bool truncated;
    trace_builder_two_threads(&builder);
    trace_builder_write(&builder, path);
    if (truncate(path, (off_t)1 << 40) != 0)
        skip();
    assert_int_equal(read_all(&error, &truncated), 31);
    trace_builder_header(&builder)->committed = (uint64_t)1 << 40;
    trace_builder_write(&builder, path);
    assert_int_equal(truncate(path, (off_t)1 << 40), 0);
    assert_refused("a record of 0 bytes");
    trace_builder_close(&builder);
}

static void many_records_cross_the_edges_of_what_is_read_ahead(void **state)
{
    (void)state;
    struct trace_builder builder;
    struct error error;
    bool truncated;
    char path_of_module[5000];
    memset(path_of_module, 'x', sizeof path_of_module);
    path_of_module[sizeof path_of_module - 1] = '\0';
    trace_builder_open(&builder);
    for (uint32_t i = 1; i <= 1000; i++) {
        trace_builder_module(&builder, i, path_of_module + i);
        trace_builder_thread(&builder, i, 0, "thread");
    }
    trace_builder_write(&builder, path);
    assert_int_equal(read_all(&error, &truncated), 2000);
    struct world *world = world_new();
    assert_int_equal(trace_load(world, path, &error), 0);
    for (uint32_t i = 1; i <= 1000; i++)
        assert_int_equal(strlen(world->modules[i].path), 4999 - i);
    world_free(world);
    trace_builder_close(&builder);
}

static void records_of_unknown_types_are_skipped(void **state)
{
    (void)state;
    struct trace_builder builder;
    struct error error;
    bool truncated;
    trace_builder_two_threads(&builder);
    struct trace_witness unknown = {.dependency = 77};
    trace_builder_record(&builder, (enum trace_record_type)4711, &unknown, sizeof unknown, NULL, 0);
    trace_builder_write(&builder, path);
    assert_int_equal(read_all(&error, &truncated), 32);
    struct world *world = world_new();
    assert_int_equal(trace_load(world, path, &error), 0);
    world_free(world);
    trace_builder_close(&builder);
}

/* --- Files that people take for traces --- */

static void what_is_no_trace_is_refused(void **state)
{
    (void)state;
    assert_refused("cannot be opened: No such file or directory");
    struct trace_builder builder = {(unsigned char *)allocate_copy("#!/bin/sh\necho this is not a trace at all\n"), 0};
    trace_builder_write(&builder, path);
    assert_refused("is empty");
    builder.size = 3;
    trace_builder_write(&builder, path);
    assert_refused("is not a lockorder trace");
    builder.size = 42;
    trace_builder_write(&builder, path);
    assert_refused("is not a lockorder trace");
    trace_builder_close(&builder);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_refused("is a folder, expected a trace file");
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_refused("is not a regular file");
    assert_int_equal(unlink(path), 0);
}

static void another_version_is_refused(void **state)
{
    (void)state;
    struct trace_builder builder;
    trace_builder_two_threads(&builder);
    trace_builder_header(&builder)->version = 2;
    trace_builder_write(&builder, path);
    assert_refused("is a trace of version 2, this lockorder reads version 1");
    trace_builder_header(&builder)->version = 1;
    trace_builder_header(&builder)->header_size = 264;
    trace_builder_write(&builder, path);
    assert_refused("has a header of 264 bytes, expected 256");
    trace_builder_header(&builder)->header_size = 256;
    trace_builder_header(&builder)->committed = 255;
    trace_builder_write(&builder, path);
    assert_refused("says that 255 bytes are complete, expected at least its header's 256");
    builder.size = 100;
    trace_builder_write(&builder, path);
    assert_refused("has 100 bytes, a trace starts with a header of 256");
    trace_builder_close(&builder);
}

/* --- Records that are broken --- */

/* One wrong field in an otherwise valid trace, of 32 bits. */
struct wrong_field {
    const char *what;
    enum trace_record_type type;
    size_t offset;
    uint32_t value;
    const char *message;
};

static const struct wrong_field wrong_fields[] = {
    {"size of 0", TRACE_RECORD_LOCK, 0, 0, "a record of 0 bytes, expected a multiple of 8 from 8 to 262144"},
    {"size no multiple of 8", TRACE_RECORD_LOCK, 0, 57, "a record of 57 bytes"},
    {"size beyond the largest", TRACE_RECORD_LOCK, 0, 262152, "a record of 262152 bytes"},
    {"size beyond the end", TRACE_RECORD_SHARED_OBJECT, 0, 4096, "a record of 4096 bytes, but only 40 are complete"},
    {"too short for its type", TRACE_RECORD_LOCK, 0, 48, "a lock record of 48 bytes, expected at least 56"},
    {"frames", TRACE_RECORD_CONTEXT, offsetof(struct trace_context, frame_count), 65, "announces 65 frames, expected 0 to 64"},
    {"frames beyond the record", TRACE_RECORD_CONTEXT, offsetof(struct trace_context, frame_count), 3,
     "the context record has 32 bytes and announces 3 frames, expected 40 bytes"},
    {"held locks", TRACE_RECORD_DEPENDENCY, offsetof(struct trace_dependency, held_count), 0xffffffff,
     "announces 4294967295 held locks"},
    {"held locks beyond the record", TRACE_RECORD_DEPENDENCY, offsetof(struct trace_dependency, held_count), 2,
     "announces 2 held locks, expected 64 bytes"},
    {"build-id", TRACE_RECORD_MODULE, offsetof(struct trace_module, build_id_size), 33, "announces 33 bytes of build-id"},
    {"path beyond the record", TRACE_RECORD_MODULE, offsetof(struct trace_module, path_length), 0xfffffff8,
     "announces 4294967288 bytes of path"},
    {"path without end", TRACE_RECORD_MODULE, offsetof(struct trace_module, path_length), 5, "path of the module record"},
    {"executable beyond the record", TRACE_RECORD_PROCESS, offsetof(struct trace_process, executable_length), 0xffffffff,
     "bytes of text"},
    {"executable without end", TRACE_RECORD_PROCESS, offsetof(struct trace_process, executable_length), 4,
     "executable's path of the process record"},
    {"arguments", TRACE_RECORD_PROCESS, offsetof(struct trace_process, argument_count), 3,
     "arguments of the process record are 2 strings, expected 3"},
    {"arguments beyond the record", TRACE_RECORD_PROCESS, offsetof(struct trace_process, arguments_length), 0xffffffff,
     "bytes of text"},
    {"no steps", TRACE_RECORD_EVENT, offsetof(struct trace_event, step_count), 0, "announces 0 steps, expected 1 to 4096"},
    {"steps", TRACE_RECORD_EVENT, offsetof(struct trace_event, step_count), 0xffffffff, "announces 4294967295 steps"},
    {"steps beyond the record", TRACE_RECORD_EVENT, offsetof(struct trace_event, step_count), 2,
     "the event record has 56 bytes and announces 2 steps, expected 88 bytes"},
    {"name beyond the record", TRACE_RECORD_LOCK_NAME, offsetof(struct trace_lock_name, name_length), 0xfffffff8,
     "announces 4294967288 bytes of name"},
    {"name without end", TRACE_RECORD_LOCK_NAME, offsetof(struct trace_lock_name, name_length), 3,
     "name of the lock name record are 0 strings and an unended one"},
    {"names beyond the record", TRACE_RECORD_DECLARED_ORDER, offsetof(struct trace_declared_order, after_length), 0xffffffff,
     "bytes of names"},
    {"first name without end", TRACE_RECORD_DECLARED_ORDER, offsetof(struct trace_declared_order, before_length), 7,
     "first name of the declared order record"},
    {"second name without end", TRACE_RECORD_DECLARED_ORDER, offsetof(struct trace_declared_order, after_length), 7,
     "second name of the declared order record"},
    {"too short for a wait", TRACE_RECORD_WAIT, 0, 32, "a wait record of 32 bytes, expected at least 40"},
    {"too short for a shared object", TRACE_RECORD_SHARED_OBJECT, 0, 32, "a shared object record of 32 bytes"},
};

static const struct wrong_field wrong_references[] = {
    {"thread 0", TRACE_RECORD_THREAD, offsetof(struct trace_thread, thread), 0, "defines thread 0, but 0 means none"},
    {"parent", TRACE_RECORD_THREAD, offsetof(struct trace_thread, parent), 9, "refers to thread 9, which no record before it"},
    {"itself as parent", TRACE_RECORD_THREAD, offsetof(struct trace_thread, parent), 1, "refers to thread 1"},
    {"creation", TRACE_RECORD_THREAD, offsetof(struct trace_thread, created_at), 5, "refers to context 5"},
    {"thread of a segment", TRACE_RECORD_SEGMENT, offsetof(struct trace_segment, thread), 4, "refers to thread 4"},
    {"previous segment", TRACE_RECORD_SEGMENT, offsetof(struct trace_segment, previous), 1, "refers to segment 1"},
    {"other segment", TRACE_RECORD_SEGMENT, offsetof(struct trace_segment, other), 7, "refers to segment 7"},
    {"module of a frame", TRACE_RECORD_CONTEXT, sizeof(struct trace_context) + 4, 0x00020000, "refers to module 2"},
    {"module of a lock", TRACE_RECORD_LOCK, offsetof(struct trace_lock, module), 2, "refers to module 2"},
    {"initialisation", TRACE_RECORD_LOCK, offsetof(struct trace_lock, initialized_at), 99, "refers to context 99"},
    {"thread of a lock", TRACE_RECORD_LOCK, offsetof(struct trace_lock, thread), 99, "refers to thread 99"},
    {"second of an id", TRACE_RECORD_CONTEXT, offsetof(struct trace_context, context), 2,
     "defines context 2 for the second time"},
    {"wanted lock", TRACE_RECORD_DEPENDENCY, offsetof(struct trace_dependency, lock), 3, "refers to lock 3"},
    {"no wanted lock", TRACE_RECORD_DEPENDENCY, offsetof(struct trace_dependency, lock), 0, "refers to lock 0"},
    {"place of a dependency", TRACE_RECORD_DEPENDENCY, offsetof(struct trace_dependency, context), 9, "refers to context 9"},
    {"held lock", TRACE_RECORD_DEPENDENCY, sizeof(struct trace_dependency), 0, "refers to lock 0"},
    {"place of a held lock", TRACE_RECORD_DEPENDENCY, sizeof(struct trace_dependency) + 4, 8, "refers to context 8"},
    {"dependency of a witness", TRACE_RECORD_WITNESS, offsetof(struct trace_witness, dependency), 2, "refers to dependency 2"},
    {"segment of a witness", TRACE_RECORD_WITNESS, offsetof(struct trace_witness, segment), 70, "refers to segment 70"},
    {"ended lock", TRACE_RECORD_LOCK_END, offsetof(struct trace_lock_end, lock), 3, "refers to lock 3"},
    {"ended thread", TRACE_RECORD_THREAD_END, offsetof(struct trace_thread_end, thread), 0, "refers to thread 0"},
    {"last segment", TRACE_RECORD_THREAD_END, offsetof(struct trace_thread_end, last_segment), 6, "refers to segment 6"},
    {"lock that is a signal", TRACE_RECORD_LOCK_IS_SIGNAL, offsetof(struct trace_lock_is_signal, lock), 0, "refers to lock 0"},
    {"place of a try", TRACE_RECORD_TRY_FALLBACK, offsetof(struct trace_try_fallback, tried_at), 0, "refers to context 0"},
    {"place of its wait", TRACE_RECORD_TRY_FALLBACK, offsetof(struct trace_try_fallback, waits_at), 5, "refers to context 5"},
    {"thread of an event", TRACE_RECORD_EVENT, sizeof(struct trace_event), 4, "refers to thread 4"},
    {"lock held at an event", TRACE_RECORD_EVENT, sizeof(struct trace_event) + offsetof(struct trace_event_step, holds), 4,
     "refers to lock 4"},
    {"place of an event", TRACE_RECORD_EVENT, sizeof(struct trace_event) + offsetof(struct trace_event_step, wants_context), 9,
     "refers to context 9"},
    {"other thread of an event", TRACE_RECORD_EVENT, sizeof(struct trace_event) + offsetof(struct trace_event_step, other_thread),
     7, "refers to thread 7"},
    {"thread that waits", TRACE_RECORD_WAIT, offsetof(struct trace_wait, thread), 0, "refers to thread 0"},
    {"lock with a name", TRACE_RECORD_LOCK_NAME, offsetof(struct trace_lock_name, lock), 4, "refers to lock 4"},
    {"place of a declaration", TRACE_RECORD_DECLARED_ORDER, offsetof(struct trace_declared_order, context), 8,
     "refers to context 8"},
    {"lock in shared memory", TRACE_RECORD_SHARED_OBJECT, offsetof(struct trace_shared_object, lock), 0, "refers to lock 0"},
};

static size_t find_record(const struct trace_builder *builder, enum trace_record_type type)
{
    size_t offset = sizeof(struct trace_header);
    for (;;) {
        const struct trace_record_header *header = (const void *)(builder->bytes + offset);
        if (header->type == type)
            return offset;
        offset += header->size;
    }
}

static void write_with(const struct wrong_field *wrong)
{
    struct trace_builder builder;
    trace_builder_two_threads(&builder);
    size_t width = wrong->offset == offsetof(struct trace_context, frame_count) && wrong->type == TRACE_RECORD_CONTEXT
                       ? sizeof(uint16_t)
                       : sizeof wrong->value;
    memcpy(builder.bytes + find_record(&builder, wrong->type) + wrong->offset, &wrong->value, width);
    trace_builder_write(&builder, path);
    trace_builder_close(&builder);
}

static void wrong_field_is_refused(void **state)
{
    const struct wrong_field *wrong = *state;
    write_with(wrong);
    assert_refused(wrong->message);
    assert_refused("at offset ");
}

static void wrong_reference_is_not_loaded(void **state)
{
    const struct wrong_field *wrong = *state;
    write_with(wrong);
    assert_not_loaded(wrong->message);
    assert_not_loaded("at offset ");
}

static void a_second_process_record_is_not_loaded(void **state)
{
    (void)state;
    struct trace_builder builder;
    trace_builder_two_threads(&builder);
    trace_builder_process(&builder, "/bin/other", NULL, 0);
    trace_builder_write(&builder, path);
    assert_not_loaded("a second process record");
    trace_builder_close(&builder);
}

static void the_same_error_is_given_again(void **state)
{
    (void)state;
    write_with(&wrong_fields[0]);
    struct error first, second;
    const struct trace_record_header *record;
    struct trace_file *file = trace_file_open(path, &first);
    while (trace_file_next(file, &record, &first) == 1) {
    }
    assert_int_equal(trace_file_next(file, &record, &second), -1);
    assert_string_equal(first.text, second.text);
    trace_file_close(file);
}

/* --- Hostile files --- */

/* Wherever a file is cut, what is whole is read, and the cut is told. */
static void a_file_cut_at_any_byte_is_read_as_far_as_it_goes(void **state)
{
    (void)state;
    struct trace_builder builder;
    trace_builder_two_threads(&builder);
    size_t whole = builder.size;
    int last_count = 0;
    for (size_t size = sizeof(struct trace_header); size < whole; size++) {
        struct error error = {""};
        bool truncated = false;
        builder.size = size;
        trace_builder_write(&builder, path);
        int count = read_all(&error, &truncated);
        assert_true(truncated);
        assert_in_range(count, last_count, last_count + 1);
        last_count = count;
        struct world *world = world_new();
        assert_int_equal(trace_load(world, path, &error), 0);
        assert_true(world->processes[1].truncated);
        world_free(world);
    }
    assert_int_equal(last_count, 30);
    for (size_t size = 0; size < sizeof(struct trace_header); size++) {
        builder.size = size;
        trace_builder_write(&builder, path);
        assert_refused("");
    }
    trace_builder_close(&builder);
}

/* Any single byte may be anything: no crash, no endless loop, and an error or a world that can be judged. The values are those at
 * the edges, and one that is different in each byte. */
static void a_file_with_any_byte_changed_does_no_harm(void **state)
{
    (void)state;
    struct trace_builder builder;
    trace_builder_two_threads(&builder);
    trace_builder_write(&builder, path);
    int descriptor = open(path, O_WRONLY | O_CLOEXEC);
    assert_true(descriptor >= 0);
    for (size_t i = 0; i < builder.size; i++) {
        unsigned char right = builder.bytes[i];
        const unsigned char values[] = {(unsigned char)~right,      0,   0xff, (unsigned char)(right + 1),
                                        (unsigned char)(right - 1), 0x80};
        for (size_t value = 0; value < sizeof values; value++) {
            assert_int_equal(pwrite(descriptor, &values[value], 1, (off_t)i), 1);
            load_and_judge();
        }
        assert_int_equal(pwrite(descriptor, &right, 1, (off_t)i), 1);
    }
    close(descriptor);
    trace_builder_close(&builder);
}

int main(void)
{
    enum {
        FIELD_COUNT = sizeof wrong_fields / sizeof wrong_fields[0],
        REFERENCE_COUNT = sizeof wrong_references / sizeof wrong_references[0]
    };
    struct CMUnitTest broken[FIELD_COUNT + REFERENCE_COUNT];
    for (size_t i = 0; i < FIELD_COUNT; i++)
        broken[i] = (struct CMUnitTest){wrong_fields[i].what, wrong_field_is_refused, NULL, NULL, (void *)&wrong_fields[i]};
    for (size_t i = 0; i < REFERENCE_COUNT; i++)
        broken[FIELD_COUNT + i] = (struct CMUnitTest){wrong_references[i].what, wrong_reference_is_not_loaded, NULL, NULL,
                                                      (void *)&wrong_references[i]};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_trace_is_refused), /* first, while there is no file */
        cmocka_unit_test(every_record_is_given),
        cmocka_unit_test(what_lies_beyond_committed_is_not_read),
        cmocka_unit_test(a_huge_sparse_file_costs_nothing),
        cmocka_unit_test(many_records_cross_the_edges_of_what_is_read_ahead),
        cmocka_unit_test(records_of_unknown_types_are_skipped),
        cmocka_unit_test(another_version_is_refused),
        cmocka_unit_test(a_second_process_record_is_not_loaded),
        cmocka_unit_test(the_same_error_is_given_again),
        cmocka_unit_test(a_file_cut_at_any_byte_is_read_as_far_as_it_goes),
        cmocka_unit_test(a_file_with_any_byte_changed_does_no_harm),
    };
    if (make_folder(NULL) != 0)
        return 99;
    int failed = cmocka_run_group_tests_name("trace_reader", tests, NULL, NULL);
    failed += cmocka_run_group_tests_name("broken records", broken, NULL, NULL);
    return remove_folder(NULL) == 0 ? failed : 99;
}
