#include "dwarf_frame.h"

#include <dlfcn.h>

#include "dwarf_reader.h"
#include "segment.h"

#define REMEMBERED_AT_MOST 2 /* nested DW_CFA_remember_state; compilers use one */

/* Pointer encodings, Linux Standard Base 10.5. */
enum { ENCODING_OMIT = 0xff, ENCODING_PC_RELATIVE = 0x10, ENCODING_DATA_RELATIVE = 0x30, ENCODING_INDIRECT = 0x80 };

struct common_information { /* what the CIE says */
    uint64_t code_alignment;
    int64_t data_alignment;
    uint8_t pointer_encoding;
    bool has_augmentation_data;
    bool signal_frame;
    struct dwarf_reader instructions;
};

struct program { /* the state of the call frame instructions while they run */
    struct dwarf_frame *frame;
    const struct common_information *common;
    uintptr_t location;
    uintptr_t target;
    struct dwarf_rule initial[DWARF_REGISTERS];
    struct dwarf_frame remembered[REMEMBERED_AT_MOST];
    unsigned remembered_count;
};

static uintptr_t read_encoded(struct dwarf_reader *reader, uint8_t encoding, uintptr_t data_base)
{
    uintptr_t here = (uintptr_t)reader->next;
    uintptr_t value;
    switch (encoding & 0x0f) {
    case 0x00:
    case 0x04: value = dwarf_fixed(reader, 8); break;
    case 0x01: value = dwarf_unsigned_leb(reader); break;
    case 0x02: value = dwarf_fixed(reader, 2); break;
    case 0x03: value = dwarf_fixed(reader, 4); break;
    case 0x09: value = (uintptr_t)dwarf_signed_leb(reader); break;
    case 0x0a: value = (uintptr_t)dwarf_fixed_signed(reader, 2); break;
    case 0x0b: value = (uintptr_t)dwarf_fixed_signed(reader, 4); break;
    case 0x0c: value = (uintptr_t)dwarf_fixed_signed(reader, 8); break;
    default: reader->failed = true; return 0;
    }
    switch (encoding & 0xf0) {
    case 0x00: return value;
    case ENCODING_PC_RELATIVE: return value + here;
    case ENCODING_DATA_RELATIVE: return value + data_base;
    default: reader->failed = true; return 0;
    }
}

/* What is within the segment, from `address` on. */
static struct dwarf_reader reader_at(struct segment segment, uintptr_t address)
{
    if (!segment_has(segment, address))
        return (struct dwarf_reader){.failed = true};
    return (struct dwarf_reader){(const uint8_t *)address, (const uint8_t *)segment.end, false};
}

/* The table of .eh_frame_hdr: (start of function, its FDE), sorted, as 4-byte offsets from the header. Linkers make no other.
 * Returns the FDE's address, or 0. */
static uintptr_t find_description(struct segment segment, uintptr_t header, uintptr_t address)
{
    struct dwarf_reader reader = reader_at(segment, header);
    uint8_t version = (uint8_t)dwarf_fixed(&reader, 1);
    uint8_t frame_encoding = (uint8_t)dwarf_fixed(&reader, 1);
    uint8_t count_encoding = (uint8_t)dwarf_fixed(&reader, 1);
    uint8_t table_encoding = (uint8_t)dwarf_fixed(&reader, 1);
    if (version != 1 || count_encoding == ENCODING_OMIT || table_encoding != (ENCODING_DATA_RELATIVE | 0x0b))
        return 0;
    read_encoded(&reader, frame_encoding, header);
    uintptr_t count = read_encoded(&reader, count_encoding, header);
    const int32_t(*table)[2] = (const void *)reader.next;
    if (reader.failed || !count || ((uintptr_t)table & 3) || count > (size_t)(reader.end - reader.next) / sizeof *table)
        return 0;
    if (address < header + (uintptr_t)(intptr_t)table[0][0])
        return 0;
    uintptr_t low = 0, high = count; /* table[low] <= address < table[high] */
    while (high - low > 1) {
        uintptr_t middle = low + (high - low) / 2;
        if (header + (uintptr_t)(intptr_t)table[middle][0] <= address)
            low = middle;
        else
            high = middle;
    }
    return header + (uintptr_t)(intptr_t)table[low][1];
}

/* A CIE or FDE: what follows its length, if all of it lies within the segment. */
static struct dwarf_reader open_entry(struct segment segment, uintptr_t entry)
{
    struct dwarf_reader reader = reader_at(segment, entry);
    uint64_t length = dwarf_fixed(&reader, 4);
    reader.failed |= length == 0 || length == 0xffffffff || length > (size_t)(reader.end - reader.next);
    if (!reader.failed)
        reader.end = reader.next + length;
    return reader;
}

static bool read_augmentation(struct dwarf_reader *reader, const char *augmentation, struct common_information *common)
{
    if (augmentation[0] != 'z')
        return augmentation[0] == '\0';
    common->has_augmentation_data = true;
    size_t size;
    const uint8_t *data = dwarf_block(reader, &size);
    if (!data)
        return false;
    struct dwarf_reader fields = {data, data + size, false};
    for (const char *letter = augmentation + 1; *letter; letter++) {
        switch (*letter) {
        case 'R': common->pointer_encoding = (uint8_t)dwarf_fixed(&fields, 1); break;
        case 'P': read_encoded(&fields, (uint8_t)dwarf_fixed(&fields, 1) & 0x7f, 0); break;
        case 'L': dwarf_fixed(&fields, 1); break;
        case 'S': common->signal_frame = true; break;
        case 'B': break;
        default: return !fields.failed; /* unknown letters end what can be read; the block's size is known all the same */
        }
    }
    return !fields.failed;
}

static bool read_common(struct dwarf_reader reader, struct common_information *common)
{
    if (dwarf_fixed(&reader, 4) != 0)
        return false;
    uint8_t version = (uint8_t)dwarf_fixed(&reader, 1);
    const char *augmentation = (const char *)reader.next;
    while (dwarf_fixed(&reader, 1) != 0)
        ;
    common->code_alignment = dwarf_unsigned_leb(&reader);
    common->data_alignment = dwarf_signed_leb(&reader);
    uint64_t return_register = version == 1 ? dwarf_fixed(&reader, 1) : dwarf_unsigned_leb(&reader);
    if (reader.failed || (version != 1 && version != 3) || return_register != DWARF_RETURN_ADDRESS ||
        !read_augmentation(&reader, augmentation, common))
        return false;
    common->instructions = reader;
    return !reader.failed;
}

static void set_rule(struct program *program, uint64_t number, enum dwarf_rule_kind kind, int64_t offset)
{
    if (number < DWARF_REGISTERS)
        program->frame->rules[number] = (struct dwarf_rule){.kind = kind, .offset = offset};
}

static struct dwarf_rule read_expression(struct dwarf_reader *reader, enum dwarf_rule_kind kind)
{
    size_t size;
    struct dwarf_rule rule = {.kind = kind, .expression = dwarf_block(reader, &size)};
    rule.expression_size = (uint32_t)size;
    return rule;
}

static void set_expression_rule(struct program *program, struct dwarf_reader *reader, enum dwarf_rule_kind kind)
{
    uint64_t number = dwarf_unsigned_leb(reader);
    struct dwarf_rule rule = read_expression(reader, kind);
    if (number < DWARF_REGISTERS)
        program->frame->rules[number] = rule;
}

static void set_cfa(struct program *program, uint64_t number, int64_t offset)
{
    program->frame->cfa_is_expression = false;
    program->frame->cfa_register = number;
    program->frame->cfa_offset = offset;
}

static void set_cfa_expression(struct program *program, struct dwarf_reader *reader)
{
    program->frame->cfa_is_expression = true;
    program->frame->cfa_expression = read_expression(reader, DWARF_IS_EXPRESSION);
}

static void restore_rule(struct program *program, uint64_t number)
{
    if (number < DWARF_REGISTERS)
        program->frame->rules[number] = program->initial[number];
}

static void remember(struct program *program, struct dwarf_reader *reader)
{
    if (program->remembered_count == REMEMBERED_AT_MOST)
        reader->failed = true;
    else
        program->remembered[program->remembered_count++] = *program->frame;
}

static void recall(struct program *program, struct dwarf_reader *reader)
{
    if (program->remembered_count == 0)
        reader->failed = true;
    else
        *program->frame = program->remembered[--program->remembered_count];
}

static void advance(struct program *program, uint64_t units)
{
    program->location += units * program->common->code_alignment;
}

/* Tables may say anything: then it wraps around. */
static int64_t scaled(const struct program *program, uint64_t factored)
{
    return (int64_t)(factored * (uint64_t)program->common->data_alignment);
}

/* DWARF 5, 6.4.2 and figure 7.23. */
static void run_extended(struct program *program, struct dwarf_reader *reader, uint8_t operation)
{
    uint64_t number;
    switch (operation) {
    case 0x00: break;                                                                                /* nop */
    case 0x01: program->location = read_encoded(reader, program->common->pointer_encoding, 0); break; /* set_loc */
    case 0x02: advance(program, dwarf_fixed(reader, 1)); break;
    case 0x03: advance(program, dwarf_fixed(reader, 2)); break;
    case 0x04: advance(program, dwarf_fixed(reader, 4)); break;
    case 0x05: /* offset_extended */
        number = dwarf_unsigned_leb(reader);
        set_rule(program, number, DWARF_AT_OFFSET, scaled(program, dwarf_unsigned_leb(reader)));
        break;
    case 0x06: restore_rule(program, dwarf_unsigned_leb(reader)); break;
    case 0x07: set_rule(program, dwarf_unsigned_leb(reader), DWARF_UNDEFINED, 0); break;
    case 0x08: set_rule(program, dwarf_unsigned_leb(reader), DWARF_SAME, 0); break;
    case 0x09: /* register */
        number = dwarf_unsigned_leb(reader);
        set_rule(program, number, DWARF_IN_REGISTER, (int64_t)dwarf_unsigned_leb(reader));
        break;
    case 0x0a: remember(program, reader); break;
    case 0x0b: recall(program, reader); break;
    case 0x0c: /* def_cfa */
        number = dwarf_unsigned_leb(reader);
        set_cfa(program, number, (int64_t)dwarf_unsigned_leb(reader));
        break;
    case 0x0d: program->frame->cfa_register = dwarf_unsigned_leb(reader); break;
    case 0x0e: program->frame->cfa_offset = (int64_t)dwarf_unsigned_leb(reader); break;
    case 0x0f: set_cfa_expression(program, reader); break;
    case 0x10: set_expression_rule(program, reader, DWARF_AT_EXPRESSION); break;
    case 0x11: /* offset_extended_sf */
        number = dwarf_unsigned_leb(reader);
        set_rule(program, number, DWARF_AT_OFFSET, scaled(program, (uint64_t)dwarf_signed_leb(reader)));
        break;
    case 0x12: /* def_cfa_sf */
        number = dwarf_unsigned_leb(reader);
        set_cfa(program, number, scaled(program, (uint64_t)dwarf_signed_leb(reader)));
        break;
    case 0x13: program->frame->cfa_offset = scaled(program, (uint64_t)dwarf_signed_leb(reader)); break;
    case 0x14: /* val_offset */
        number = dwarf_unsigned_leb(reader);
        set_rule(program, number, DWARF_IS_OFFSET, scaled(program, dwarf_unsigned_leb(reader)));
        break;
    case 0x15: /* val_offset_sf */
        number = dwarf_unsigned_leb(reader);
        set_rule(program, number, DWARF_IS_OFFSET, scaled(program, (uint64_t)dwarf_signed_leb(reader)));
        break;
    case 0x16: set_expression_rule(program, reader, DWARF_IS_EXPRESSION); break;
    case 0x2e: dwarf_unsigned_leb(reader); break; /* GNU_args_size */
    default: reader->failed = true;
    }
}

/* Runs until the instructions end or pass the target address. */
static bool run(struct program *program, struct dwarf_reader reader)
{
    while (reader.next < reader.end && program->location <= program->target && !reader.failed) {
        uint8_t operation = (uint8_t)dwarf_fixed(&reader, 1);
        uint8_t operand = operation & 0x3f;
        switch (operation >> 6) {
        case 1: advance(program, operand); break;
        case 2:
            set_rule(program, operand, DWARF_AT_OFFSET, scaled(program, dwarf_unsigned_leb(&reader)));
            break;
        case 3: restore_rule(program, operand); break;
        default: run_extended(program, &reader, operation);
        }
    }
    return !reader.failed;
}

/* `entry` is an FDE whose function may be the one at `address`. */
static bool interpret(struct segment segment, uintptr_t entry, uintptr_t address, struct dwarf_frame *frame)
{
    struct dwarf_reader reader = open_entry(segment, entry);
    uintptr_t pointer_at = (uintptr_t)reader.next;
    uint64_t back = dwarf_fixed(&reader, 4);
    struct common_information common = {0};
    if (back == 0 || !read_common(open_entry(segment, pointer_at - back), &common))
        return false;
    uintptr_t start = read_encoded(&reader, common.pointer_encoding & 0x7f, 0);
    uintptr_t size = read_encoded(&reader, common.pointer_encoding & 0x0f, 0);
    if (common.has_augmentation_data) {
        size_t ignored;
        dwarf_block(&reader, &ignored);
    }
    if (reader.failed || address < start || address - start >= size)
        return false;
    memset(frame, 0, sizeof *frame);
    frame->function_start = start;
    frame->signal_frame = common.signal_frame;
    struct program program = {.frame = frame, .common = &common, .location = 0, .target = UINTPTR_MAX};
    if (!run(&program, common.instructions))
        return false;
    memcpy(program.initial, frame->rules, sizeof program.initial);
    program.location = start;
    program.target = address;
    return run(&program, reader);
}

/* An FDE and its CIE are in one section. Its table most often is in the same segment. */
bool dwarf_frame_find(uintptr_t address, struct dwarf_frame *frame)
{
    struct dl_find_object object;
    if (_dl_find_object((void *)address, &object) != 0 || !object.dlfo_eh_frame)
        return false;
    uintptr_t header = (uintptr_t)object.dlfo_eh_frame;
    struct segment segment = segment_around(&object, header);
    uintptr_t entry = find_description(segment, header, address);
    if (entry && !segment_has(segment, entry))
        segment = segment_around(&object, entry);
    return entry && interpret(segment, entry, address, frame);
}
