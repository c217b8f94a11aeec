/* Modules may have unwind tables that are broken, or made to break who reads them. A stack that leads through such a module is
 * right up to it, and ends there or goes on somehow; nothing is read where nothing is, and it ends. */
#include <link.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "hostile_tables.h"
#include "segment.h"
#include "unwind.h"

void unwind_fixture(struct thread_state *state, struct stack *stack);

enum { UP_TO_THE_MODULE = 2, OF_THE_TEST = 3, TABLES_AT_MOST = 1 << 16, COMMON_AT = 24, GARBAGE_ROUNDS = 20000 };

static struct dl_find_object module;
static uint8_t *tables; /* .eh_frame_hdr, and .eh_frame behind it */
static size_t tables_size;
static uint8_t untouched[TABLES_AT_MOST];
static struct stack first_stack;

static __attribute__((noinline)) void take_stack(void *stack)
{
    struct thread_state nothing_known = {0};
    unwind_fixture(&nothing_known, stack);
    __asm__ volatile("");
}

static bool is_in_module(uintptr_t address)
{
    return address >= (uintptr_t)module.dlfo_map_start && address < (uintptr_t)module.dlfo_map_end;
}

/* Of a stack through the module, what every one must have. */
static __attribute__((noinline)) struct stack stack_through_module(void)
{
    struct stack stack;
    hostile_call(take_stack, &stack);
    assert_in_range(stack.count, UP_TO_THE_MODULE, LOCKORDER_TRACE_MAX_FRAMES);
    for (unsigned i = 0; i < UP_TO_THE_MODULE; i++)
        assert_int_equal(stack.frames[i].address, first_stack.frames[i].address);
    return stack;
}

/* But for the test's own frame: it calls for each from another place. */
static void assert_same_stacks(const struct stack *left, const struct stack *right)
{
    assert_int_equal(left->count, right->count);
    assert_true(left->count > OF_THE_TEST);
    for (unsigned i = 0; i < left->count; i++)
        if (i != OF_THE_TEST)
            assert_int_equal(left->frames[i].address, right->frames[i].address);
}

static int make_writable(void **unused)
{
    (void)unused;
    uintptr_t function = (uintptr_t)hostile_call;
    if (_dl_find_object((void *)function, &module) != 0)
        return -1;
    struct segment segment = segment_around(&module, (uintptr_t)module.dlfo_eh_frame);
    uintptr_t first_page = segment.start & ~(uintptr_t)4095;
    tables = module.dlfo_eh_frame;
    tables_size = segment.end - (uintptr_t)tables;
    if (!segment.end || tables_size > TABLES_AT_MOST ||
        mprotect((void *)first_page, segment.end - first_page, PROT_READ | PROT_WRITE) != 0)
        return -1;
    memcpy(untouched, tables, tables_size);
    hostile_call(take_stack, &first_stack);
    return first_stack.count > UP_TO_THE_MODULE && is_in_module(first_stack.frames[1].address) ? 0 : -1;
}

static int restore(void **unused)
{
    (void)unused;
    memcpy(tables, untouched, tables_size);
    return 0;
}

static void any_byte_is_another(void **unused)
{
    (void)unused;
    struct stack before = stack_through_module();
    for (size_t i = 0; i < tables_size; i++) {
        for (unsigned change = 1; change < 256; change++) {
            tables[i] = untouched[i] ^ (uint8_t)change;
            stack_through_module();
        }
        tables[i] = untouched[i];
    }
    struct stack after = stack_through_module();
    assert_same_stacks(&after, &before);
}

/* Marsaglia, "Xorshift RNGs", Journal of Statistical Software 8, 2003. */
static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* All of them at first, then less and less: what is found by way of the table is read to some depth. */
static void garbage_from_some_byte_on(void **unused)
{
    (void)unused;
    uint64_t random = 88172645463325252U;
    for (size_t round = 0; round < GARBAGE_ROUNDS; round++) {
        memcpy(tables, untouched, tables_size);
        for (size_t i = round % tables_size; i < tables_size; i++)
            tables[i] = (uint8_t)next_random(&random);
        stack_through_module();
    }
}

/* --- Tables made by hand: of one function, the one that the stack leads through --- */

struct made {
    uint32_t count, common_length, length, back; /* 0: as it should be */
    int32_t entry;                               /* where the header says that the function's entry is; 0: where it is */
    bool signal_frame;
    uint8_t code[16];
};

#define FRAME_OF_RBP {0x0c, 6, 16, 0x86, 2} /* CFA is rbp + 16, the caller's rbp lies at CFA - 16 */
#define SAME_FRAME_AGAIN {0x0c, 7, 0}       /* CFA is rsp: there, the return address is the one that has just been read */

static void put(uint8_t **end, const void *bytes, size_t size)
{
    memcpy(*end, bytes, size);
    *end += size;
}

static void put_word(uint8_t **end, uint32_t word)
{
    put(end, &word, sizeof word);
}

static uint32_t distance(const void *to, const void *from)
{
    return (uint32_t)((uintptr_t)to - (uintptr_t)from);
}

/* Returns its end. */
static uint8_t *write_common(const struct made *made)
{
    uint8_t *end = tables + COMMON_AT;
    put_word(&end, made->common_length ? made->common_length : 20);
    put_word(&end, 0);
    put(&end, made->signal_frame ? "\1zRS" : "\1zRB", 5); /* version, augmentation */
    put(&end, "\1\x78\x10\1\x1b", 5);                     /* alignments 1 and -8, return address, size and encoding of pointers */
    put(&end, "\x90\1\0\0\0\0", 6);                       /* the return address is at CFA - 8; no operation */
    return end;
}

static void write_entry(const struct made *made, uint8_t *entry)
{
    uint8_t *end = entry;
    put_word(&end, made->length ? made->length : (uint32_t)(13 + sizeof made->code));
    put_word(&end, made->back ? made->back : distance(end, tables + COMMON_AT));
    put_word(&end, distance((const void *)(uintptr_t)hostile_call, end));
    put_word(&end, 4096);
    put(&end, "", 1);
    put(&end, made->code, sizeof made->code);
}

static void write_tables(struct made made)
{
    uint8_t *header = tables, *entry = write_common(&made);
    write_entry(&made, entry);
    put(&header, "\1\x1b\3\x3b", 4);
    put_word(&header, 0);
    put_word(&header, made.count ? made.count : 1);
    put_word(&header, distance((const void *)(uintptr_t)hostile_call, tables));
    put_word(&header, made.entry ? (uint32_t)made.entry : distance(entry, tables));
}

static struct stack stack_by(struct made made)
{
    write_tables(made);
    return stack_through_module();
}

static void assert_cut_at_module(struct made made)
{
    struct stack stack = stack_by(made);
    assert_int_equal(stack.count, UP_TO_THE_MODULE);
    assert_true(stack.cut);
}

/* Else what follows would show nothing. */
static void good_ones_made_by_hand_are_read(void **unused)
{
    (void)unused;
    struct stack by_compiler = stack_through_module();
    write_tables((struct made){.code = FRAME_OF_RBP});
    struct stack by_hand = stack_through_module();
    assert_same_stacks(&by_hand, &by_compiler);
}

static void lengths_that_are_too_long_or_short(void **unused)
{
    (void)unused;
    const uint32_t lengths[] = {1, 2, 3, 4, 5, 8, 1 << 20, 0x7fffffff, 0x80000000, 0xfffffff0, 0xfffffffe, 0xffffffff};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        assert_cut_at_module((struct made){.length = lengths[i], .code = FRAME_OF_RBP});
        assert_cut_at_module((struct made){.common_length = lengths[i], .code = FRAME_OF_RBP});
    }
}

static void places_outside_of_the_module(void **unused)
{
    (void)unused;
    const int32_t places[] = {INT32_MIN, -(1 << 30), -(1 << 24), 1 << 24, 1 << 30, INT32_MAX};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        assert_cut_at_module((struct made){.entry = places[i], .code = FRAME_OF_RBP});
        assert_cut_at_module((struct made){.back = (uint32_t)places[i], .code = FRAME_OF_RBP});
    }
    for (int32_t before_end = 0; before_end < 24; before_end++)
        assert_cut_at_module((struct made){.entry = (int32_t)tables_size - before_end, .code = FRAME_OF_RBP});
}

static void tables_longer_than_the_module(void **unused)
{
    (void)unused;
    const uint32_t counts[] = {1 << 16, 1 << 24, INT32_MAX, UINT32_MAX};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        assert_cut_at_module((struct made){.count = counts[i], .code = FRAME_OF_RBP});
}

static void entries_that_lead_to_themselves(void **unused)
{
    (void)unused;
    assert_cut_at_module((struct made){.back = 4, .code = FRAME_OF_RBP});
    assert_cut_at_module((struct made){.entry = COMMON_AT, .code = FRAME_OF_RBP});
}

static void frames_that_lead_to_themselves(void **unused)
{
    (void)unused;
    assert_cut_at_module((struct made){.code = SAME_FRAME_AGAIN});
    struct stack stack = stack_by((struct made){.signal_frame = true, .code = SAME_FRAME_AGAIN});
    assert_int_equal(stack.count, LOCKORDER_TRACE_MAX_FRAMES);
    assert_true(stack.cut);
}

static void frames_that_are_nowhere(void **unused)
{
    (void)unused;
    assert_cut_at_module((struct made){.code = {0x12, 7, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x40}}); /* far from rsp */
    assert_cut_at_module((struct made){.code = {0x0f, 2, 0x38, 0x06}});                           /* what is at address 8 */
    assert_cut_at_module((struct made){.code = {0x0f, 1, 0x06}});                                 /* no operand */
    assert_cut_at_module((struct made){.code = {0x0f, 0xff, 0xff, 0xff, 0xff, 0x0f}}); /* an expression of 4 GB */
    assert_cut_at_module((struct made){.code = {0x0c, 99, 16}});                       /* a register that is none */
}

#define HOSTILE(test) cmocka_unit_test_setup_teardown(test, restore, restore)

int main(void)
{
    const struct CMUnitTest tests[] = {
        HOSTILE(any_byte_is_another),
        HOSTILE(garbage_from_some_byte_on),
        HOSTILE(good_ones_made_by_hand_are_read),
        HOSTILE(lengths_that_are_too_long_or_short),
        HOSTILE(places_outside_of_the_module),
        HOSTILE(tables_longer_than_the_module),
        HOSTILE(entries_that_lead_to_themselves),
        HOSTILE(frames_that_lead_to_themselves),
        HOSTILE(frames_that_are_nowhere),
    };
    return cmocka_run_group_tests(tests, make_writable, NULL);
}
