/* DWARF 5, section 2.5: the operations that call frame information uses in practice (procedure linkage tables, realigned
 * stacks, signal frames). */
#include "dwarf_frame.h"
#include "dwarf_reader.h"

#define STACK_SIZE 16

struct machine {
    uintptr_t stack[STACK_SIZE];
    unsigned depth;
    bool failed;
};

static void push(struct machine *machine, uintptr_t value)
{
    if (machine->depth == STACK_SIZE)
        machine->failed = true;
    else
        machine->stack[machine->depth++] = value;
}

static uintptr_t pop(struct machine *machine)
{
    if (machine->depth == 0) {
        machine->failed = true;
        return 0;
    }
    return machine->stack[--machine->depth];
}

static void run_binary(struct machine *machine, uint8_t operation)
{
    uintptr_t right = pop(machine), left = pop(machine);
    intptr_t signed_right = (intptr_t)right, signed_left = (intptr_t)left;
    switch (operation) {
    case 0x1a: push(machine, left & right); break;
    case 0x1c: push(machine, left - right); break;
    case 0x1e: push(machine, left * right); break;
    case 0x21: push(machine, left | right); break;
    case 0x22: push(machine, left + right); break;
    case 0x24: push(machine, right < 64 ? left << right : 0); break;
    case 0x25: push(machine, right < 64 ? left >> right : 0); break;
    case 0x27: push(machine, left ^ right); break;
    case 0x29: push(machine, left == right); break;
    case 0x2a: push(machine, signed_left >= signed_right); break;
    case 0x2b: push(machine, signed_left > signed_right); break;
    case 0x2c: push(machine, signed_left <= signed_right); break;
    case 0x2d: push(machine, signed_left < signed_right); break;
    case 0x2e: push(machine, left != right); break;
    default: machine->failed = true;
    }
}

static void run_constant(struct machine *machine, struct dwarf_reader *reader, uint8_t operation)
{
    switch (operation) {
    case 0x03: push(machine, dwarf_fixed(reader, 8)); break;
    case 0x08: push(machine, dwarf_fixed(reader, 1)); break;
    case 0x09: push(machine, (uintptr_t)dwarf_fixed_signed(reader, 1)); break;
    case 0x0a: push(machine, dwarf_fixed(reader, 2)); break;
    case 0x0b: push(machine, (uintptr_t)dwarf_fixed_signed(reader, 2)); break;
    case 0x0c: push(machine, dwarf_fixed(reader, 4)); break;
    case 0x0d: push(machine, (uintptr_t)dwarf_fixed_signed(reader, 4)); break;
    case 0x0e:
    case 0x0f: push(machine, dwarf_fixed(reader, 8)); break;
    case 0x10: push(machine, dwarf_unsigned_leb(reader)); break;
    case 0x11: push(machine, (uintptr_t)dwarf_signed_leb(reader)); break;
    default: machine->failed = true;
    }
}

static void run_stack(struct machine *machine, uint8_t operation)
{
    uintptr_t top = pop(machine), second;
    switch (operation) {
    case 0x12: push(machine, top); push(machine, top); break; /* dup */
    case 0x13: break;                                         /* drop */
    case 0x14: second = pop(machine); push(machine, second); push(machine, top); push(machine, second); break; /* over */
    case 0x16: second = pop(machine); push(machine, top); push(machine, second); break;                        /* swap */
    case 0x1f: push(machine, (uintptr_t)0 - top); break; /* neg */
    case 0x20: push(machine, ~top); break;               /* not */
    default: machine->failed = true;
    }
}

bool dwarf_evaluate(const uint8_t *expression, size_t size, const uintptr_t registers[DWARF_REGISTERS], bool has_initial,
                    uintptr_t initial, dwarf_read *read, void *closure, uintptr_t *result)
{
    struct machine machine = {.depth = 0};
    struct dwarf_reader reader = {expression, expression + size, !expression};
    if (has_initial)
        push(&machine, initial);
    while (reader.next < reader.end && !reader.failed && !machine.failed) {
        uint8_t operation = (uint8_t)dwarf_fixed(&reader, 1);
        if (operation >= 0x30 && operation <= 0x4f) { /* lit0 to lit31 */
            push(&machine, operation - 0x30U);
        } else if (operation >= 0x70 && operation <= 0x70 + DWARF_RETURN_ADDRESS) { /* breg0 to breg16 */
            push(&machine, registers[operation - 0x70] + (uintptr_t)dwarf_signed_leb(&reader));
        } else if (operation == 0x06) { /* deref */
            uintptr_t value = 0;
            machine.failed |= !read(closure, pop(&machine), &value);
            push(&machine, value);
        } else if (operation == 0x23) { /* plus_uconst */
            push(&machine, pop(&machine) + dwarf_unsigned_leb(&reader));
        } else if (operation >= 0x03 && operation <= 0x11) {
            run_constant(&machine, &reader, operation);
        } else if (operation <= 0x16 || operation == 0x1f || operation == 0x20) {
            run_stack(&machine, operation);
        } else {
            run_binary(&machine, operation);
        }
    }
    *result = pop(&machine);
    return !reader.failed && !machine.failed;
}
