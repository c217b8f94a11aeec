/* Call frame information of one code address: how to get from a frame to its caller (DWARF 5, section 6.4; Linux Standard Base
 * Core 5.0, chapter 10.6 for .eh_frame and .eh_frame_hdr).
 *
 * Why our own reader: libunwind's shared library exports the _Unwind_* functions, which then stand before libgcc's for every
 * library that a program loads: exceptions and thread cancellation would run through another unwinder than without us. It also
 * may allocate, lock and open pipes. This one reads mapped memory only: no lock, no allocation, no system call.
 * It finds modules with _dl_find_object, which is lock-free and safe in signal handlers. */
#ifndef LOCKORDER_PRELOAD_DWARF_FRAME_H
#define LOCKORDER_PRELOAD_DWARF_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* DWARF register numbers of x86-64. */
enum { DWARF_RBP = 6, DWARF_RSP = 7, DWARF_RETURN_ADDRESS = 16, DWARF_REGISTERS = 17 };

enum dwarf_rule_kind {
    DWARF_SAME,              /* the register still has the caller's value */
    DWARF_UNDEFINED,         /* its value is lost; of the return address: this is the outermost frame */
    DWARF_AT_OFFSET,         /* saved at CFA + offset */
    DWARF_IS_OFFSET,         /* is CFA + offset */
    DWARF_AT_EXPRESSION,     /* saved at the address that the expression gives */
    DWARF_IS_EXPRESSION,     /* is what the expression gives */
    DWARF_IN_REGISTER        /* is in another register */
};

struct dwarf_rule { /* small: a frame is built on stacks of any size */
    enum dwarf_rule_kind kind;
    uint32_t expression_size;
    union {
        int64_t offset; /* or register number */
        const uint8_t *expression;
    };
};

struct dwarf_frame {
    uintptr_t function_start;
    bool signal_frame; /* the caller was interrupted: its address is that of the next instruction, not of one after a call */
    bool cfa_is_expression;
    uint64_t cfa_register;
    int64_t cfa_offset;
    struct dwarf_rule cfa_expression;
    struct dwarf_rule rules[DWARF_REGISTERS];
};

/* Fills `frame` for the code at `address`. False when there is no (readable) information. */
bool dwarf_frame_find(uintptr_t address, struct dwarf_frame *frame);

/* Reads the observed program's stack: false when the address cannot be read. */
typedef bool dwarf_read(void *closure, uintptr_t address, uintptr_t *value);

/* Evaluates a DWARF expression, with `initial` on its stack if `has_initial`. */
bool dwarf_evaluate(const uint8_t *expression, size_t size, const uintptr_t registers[DWARF_REGISTERS], bool has_initial,
                    uintptr_t initial, dwarf_read *read, void *closure, uintptr_t *result);

#endif
