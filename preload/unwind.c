#include "unwind.h"

#include "dwarf_frame.h"
#include "hash.h"
#include "module.h"
#include "raw_system_call.h"
#include "thread_state.h"

#define PAGE ((uintptr_t)4096)
#define STACK_SEARCHED_AT_MOST ((uintptr_t)1 << 30)

/* Which stack memory may be read. Call frame information can be wrong (hand-written assembler), and a stack may not be the one
 * that the thread was started on. */
struct readable {
    uintptr_t low, high; /* the thread's own stack, as far as known to be mapped */
    uintptr_t page;      /* last page found readable elsewhere */
};

static bool read_stack(void *closure, uintptr_t address, uintptr_t *value)
{
    struct readable *readable = closure;
    if (address & 7)
        return false;
    if (address < readable->low || address >= readable->high) {
        if ((address & ~(PAGE - 1)) != readable->page && !memory_is_readable(address))
            return false;
        readable->page = address & ~(PAGE - 1);
    }
    *value = *(const uintptr_t *)address;
    return true;
}

/* Extends what is known of the thread's own stack down to `frame`, if every page between is there; else this is another stack. */
static void learn_stack(struct thread_state *state, uintptr_t frame)
{
    uintptr_t page = frame & ~(PAGE - 1);
    if (!state->stack_low || page >= state->stack_low || state->stack_high - page > STACK_SEARCHED_AT_MOST)
        return;
    for (uintptr_t next = state->stack_low - PAGE; next > page; next -= PAGE)
        if (!memory_is_readable(next))
            return;
    state->stack_low = page;
}

static struct readable readable_stack(struct thread_state *state, uintptr_t frame)
{
    learn_stack(state, frame);
    struct readable readable = {0, 0, frame & ~(PAGE - 1)};
    if (frame >= state->stack_low && frame < state->stack_high) {
        readable.low = frame & ~(PAGE - 1);
        readable.high = state->stack_high;
    }
    return readable;
}

static bool frame_address(const struct dwarf_frame *frame, const uintptr_t registers[DWARF_REGISTERS], struct readable *readable,
                          uintptr_t *result)
{
    if (frame->cfa_is_expression)
        return dwarf_evaluate(frame->cfa_expression.expression, frame->cfa_expression.expression_size, registers, false, 0,
                              read_stack, readable, result);
    if (frame->cfa_register >= DWARF_REGISTERS)
        return false;
    *result = registers[frame->cfa_register] + (uintptr_t)frame->cfa_offset;
    return true;
}

static bool apply_rule(const struct dwarf_rule *rule, uintptr_t cfa, const uintptr_t registers[DWARF_REGISTERS],
                       struct readable *readable, uintptr_t *value)
{
    uintptr_t result;
    switch (rule->kind) {
    case DWARF_SAME:
    case DWARF_UNDEFINED:
        return true;
    case DWARF_AT_OFFSET:
        return read_stack(readable, cfa + (uintptr_t)rule->offset, value);
    case DWARF_IS_OFFSET:
        *value = cfa + (uintptr_t)rule->offset;
        return true;
    case DWARF_IN_REGISTER:
        if (rule->offset >= DWARF_REGISTERS)
            return false;
        *value = registers[rule->offset];
        return true;
    case DWARF_AT_EXPRESSION:
    case DWARF_IS_EXPRESSION:
        break;
    }
    if (!dwarf_evaluate(rule->expression, rule->expression_size, registers, true, cfa, read_stack, readable, &result))
        return false;
    if (rule->kind == DWARF_AT_EXPRESSION)
        return read_stack(readable, result, value);
    *value = result;
    return true;
}

/* --- Rules that are remembered --- */

enum { RULES_OF_SET = 4 };
_Static_assert(FRAME_RULES == 32 * RULES_OF_SET, "the hash is cut to the number of sets");

static const uint8_t kept_registers[KEPT_REGISTERS] = {3 /* rbx */, DWARF_RBP, 12, 13, 14, 15};

static struct frame_rule *rules_of(struct thread_state *state, uintptr_t return_address)
{
    return &state->frame_rules[(return_address * HASH_GOLDEN >> 59) * RULES_OF_SET];
}

/* Each place of a set may have it. */
static const struct frame_rule *known_rule(struct thread_state *state, uintptr_t return_address)
{
    const struct frame_rule *set = rules_of(state, return_address);
    for (unsigned i = 0; i < RULES_OF_SET; i++)
        if (set[i].return_address == return_address)
            return &set[i];
    return NULL;
}

/* For one that is not known: in a full set one after the other, since two frames of one stack may have the same set. */
static struct frame_rule *place_for_rule(struct thread_state *state, uintptr_t return_address)
{
    struct frame_rule *set = rules_of(state, return_address);
    for (unsigned i = 0; i < RULES_OF_SET; i++)
        if (!set[i].return_address)
            return &set[i];
    return &set[state->replaced_rules++ % RULES_OF_SET];
}

static bool is_kept(unsigned number)
{
    return number == 3 || number == DWARF_RBP || (number >= 12 && number <= 15);
}

/* Where the registers that are not kept have no rule but the default. */
static bool is_plain(const struct dwarf_frame *frame)
{
    const struct dwarf_rule *of_return = &frame->rules[DWARF_RETURN_ADDRESS];
    if (frame->signal_frame || frame->cfa_is_expression || frame->cfa_register >= DWARF_REGISTERS ||
        frame->cfa_offset != (int32_t)frame->cfa_offset || of_return->kind != DWARF_AT_OFFSET || of_return->offset != -8)
        return false;
    for (unsigned i = 0; i < DWARF_RETURN_ADDRESS; i++) {
        const struct dwarf_rule *rule = &frame->rules[i];
        bool saved =
            is_kept(i) && rule->kind == DWARF_AT_OFFSET && rule->offset % 8 == 0 && rule->offset < 0 && rule->offset >= -8 * 127;
        if (i != DWARF_RSP && rule->kind != DWARF_SAME && rule->kind != DWARF_UNDEFINED && !saved)
            return false;
    }
    return true;
}

static void remember(struct frame_rule *place, uintptr_t return_address, const struct dwarf_frame *frame)
{
    struct frame_rule rule = {.frame_register = FRAME_IS_OUTERMOST};
    bool outermost = frame->rules[DWARF_RETURN_ADDRESS].kind == DWARF_UNDEFINED && !frame->signal_frame;
    if (!outermost && !is_plain(frame))
        return;
    if (!outermost) {
        rule.frame_register = (uint8_t)frame->cfa_register;
        rule.frame_offset = (int32_t)frame->cfa_offset;
    }
    for (unsigned i = 0; i < KEPT_REGISTERS && !outermost; i++) {
        const struct dwarf_rule *kept = &frame->rules[kept_registers[i]];
        rule.saved[i] = (int8_t)(kept->kind == DWARF_AT_OFFSET ? -kept->offset / 8 : 0);
    }
    __atomic_store_n(&place->return_address, 0, __ATOMIC_RELAXED);
    COMPILER_BARRIER();
    place->frame_offset = rule.frame_offset;
    place->frame_register = rule.frame_register;
    for (unsigned i = 0; i < KEPT_REGISTERS; i++)
        place->saved[i] = rule.saved[i];
    COMPILER_BARRIER();
    __atomic_store_n(&place->return_address, return_address, __ATOMIC_RELAXED);
}

/* Nearly all frames: of the thread's own stack, so that they need not be looked at word by word. */
static bool restore_at_once(const struct frame_rule *rule, uintptr_t frame, uintptr_t registers[DWARF_REGISTERS],
                            const struct readable *readable)
{
    const uintptr_t *end = (const uintptr_t *)frame;
    if (frame & 7 || frame > readable->high || frame < readable->low + 8 * (INT8_MAX + 1))
        return false;
    registers[DWARF_RETURN_ADDRESS] = end[-1];
    for (unsigned i = 0; i < KEPT_REGISTERS; i++)
        if (rule->saved[i])
            registers[kept_registers[i]] = end[-rule->saved[i]];
    return true;
}

static bool restore(const struct frame_rule *rule, uintptr_t frame, uintptr_t registers[DWARF_REGISTERS],
                    struct readable *readable)
{
    if (!read_stack(readable, frame - 8, &registers[DWARF_RETURN_ADDRESS]))
        return false;
    for (unsigned i = 0; i < KEPT_REGISTERS; i++)
        if (rule->saved[i] && !read_stack(readable, frame - 8 * (uintptr_t)rule->saved[i], &registers[kept_registers[i]]))
            return false;
    return true;
}

static bool step_by_rule(const struct frame_rule *rule, uintptr_t registers[DWARF_REGISTERS], struct readable *readable,
                         bool *cut)
{
    *cut = rule->frame_register != FRAME_IS_OUTERMOST;
    if (!*cut)
        return false;
    uintptr_t frame = registers[rule->frame_register] + (uintptr_t)(intptr_t)rule->frame_offset;
    if (frame <= registers[DWARF_RSP])
        return false;
    if (!restore_at_once(rule, frame, registers, readable) && !restore(rule, frame, registers, readable))
        return false;
    registers[DWARF_RSP] = frame;
    return true;
}

void unwind_forget_code(struct thread_state *state)
{
    for (unsigned i = 0; i < FRAME_RULES; i++)
        __atomic_store_n(&state->frame_rules[i].return_address, 0, __ATOMIC_RELAXED);
}

/* --- The stack --- */

/* By the call frame information of the module. */
static __attribute__((noinline)) bool step_by_table(struct thread_state *state, uintptr_t registers[DWARF_REGISTERS],
                                                    bool *interrupted, struct readable *readable, bool *cut)
{
    struct dwarf_frame frame;
    uintptr_t cfa, caller[DWARF_REGISTERS];
    uintptr_t address = registers[DWARF_RETURN_ADDRESS];
    *cut = true;
    if (!address || !dwarf_frame_find(*interrupted ? address : address - 1, &frame) ||
        !frame_address(&frame, registers, readable, &cfa))
        return false;
    if (!*interrupted)
        remember(place_for_rule(state, address), address, &frame);
    if (frame.rules[DWARF_RETURN_ADDRESS].kind == DWARF_UNDEFINED) {
        *cut = false;
        return false;
    }
    caller[DWARF_RSP] = cfa;
    for (unsigned i = 0; i < DWARF_REGISTERS; i++) {
        if (i != DWARF_RSP)
            caller[i] = registers[i];
        if (!apply_rule(&frame.rules[i], cfa, registers, readable, &caller[i]))
            return false;
    }
    if (cfa <= registers[DWARF_RSP] && !frame.signal_frame)
        return false; /* a stack that does not grow would never end */
    for (unsigned i = 0; i < DWARF_REGISTERS; i++)
        registers[i] = caller[i];
    *interrupted = frame.signal_frame;
    return true;
}

/* From a frame to its caller. False at the outermost frame, and where unwinding cannot go on: then `*cut` is set. */
static bool step(struct thread_state *state, uintptr_t registers[DWARF_REGISTERS], bool *interrupted, struct readable *readable,
                 bool *cut)
{
    uintptr_t address = registers[DWARF_RETURN_ADDRESS];
    const struct frame_rule *known = *interrupted || !address ? NULL : known_rule(state, address);
    return known ? step_by_rule(known, registers, readable, cut) : step_by_table(state, registers, interrupted, readable, cut);
}

static void collect(struct thread_state *state, uintptr_t registers[DWARF_REGISTERS], struct readable *readable,
                    struct stack *stack)
{
    bool interrupted = false;
    do {
        if (interrupted && !stack->handler && stack->count >= 2)
            stack->handler = stack->count - 1; /* below the frame that it returns to, which returns to the kernel */
        uintptr_t address = registers[DWARF_RETURN_ADDRESS];
        if (module_is_recorder(address)) {
            if (!thread_begins_in(address))
                continue;
            stack->cut = false;
            return;
        }
        if (stack->count == LOCKORDER_TRACE_MAX_FRAMES) {
            stack->cut = true;
            return;
        }
        stack->frames[stack->count].address = address;
        stack->frames[stack->count++].frame = registers[DWARF_RSP];
    } while (step(state, registers, &interrupted, readable, &stack->cut));
}

/* Our own frames come first; they lie below `frame`. */
__attribute__((noinline)) void unwind(struct thread_state *state, uintptr_t frame, uintptr_t return_address, struct stack *stack)
{
    uintptr_t registers[DWARF_REGISTERS] = {0};
    uintptr_t here;
    __asm__ volatile(
        "leaq 0f(%%rip), %0\n0:\n\t"
        "movq %%rbx, %1\n\tmovq %%rbp, %2\n\tmovq %%rsp, %3\n\t"
        "movq %%r12, %4\n\tmovq %%r13, %5\n\tmovq %%r14, %6\n\tmovq %%r15, %7"
        : "=&r"(here), "=m"(registers[3]), "=m"(registers[DWARF_RBP]), "=m"(registers[DWARF_RSP]), "=m"(registers[12]),
          "=m"(registers[13]), "=m"(registers[14]), "=m"(registers[15]));
    registers[DWARF_RETURN_ADDRESS] = here + 1; /* as if `here` were a call */
    struct readable readable = readable_stack(state, registers[DWARF_RSP]);
    bool interrupted = false;
    stack->count = 0;
    stack->cut = true;
    stack->handler = 0;
    while (registers[DWARF_RSP] < frame && step(state, registers, &interrupted, &readable, &stack->cut))
        ;
    if (registers[DWARF_RSP] == frame && registers[DWARF_RETURN_ADDRESS] == return_address) {
        collect(state, registers, &readable, stack);
        return;
    }
    stack->frames[0] = (struct stack_frame){return_address, frame};
    stack->count = 1;
    stack->cut = true;
}

/* Beyond where a stack was cut, a call that is still running has its return address where it was. */
bool stack_has_call(const struct stack *stack, uintptr_t return_address, uintptr_t frame)
{
    for (uint32_t i = 1; i < stack->count; i++)
        if (stack->frames[i].frame == frame && stack->frames[i].address == return_address)
            return true;
    uintptr_t place = frame - sizeof(uintptr_t);
    return stack->cut && frame > stack->frames[0].frame && memory_is_readable(place) &&
           *(const uintptr_t *)place == return_address;
}

uintptr_t unwind_function_start(uintptr_t return_address)
{
    struct dwarf_frame frame;
    return dwarf_frame_find(return_address - 1, &frame) ? frame.function_start : 0;
}
