#include "stack.h"

#include <inttypes.h>

#include "allocate.h"

const char *stack_base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

static void add_frame(struct stack *stack, const struct world *world, struct symbolizer *symbolizer, struct frame frame)
{
    uint32_t count = 0;
    const struct symbol_frame *symbols = symbolizer_frame(symbolizer, frame, &count);
    for (uint32_t i = 0; i < count; i++) {
        stack->lines = allocate_grown(stack->lines, stack->count, sizeof *stack->lines);
        stack->lines[stack->count++] = (struct stack_line){
            .function = symbols[i].function == NULL ? "" : symbols[i].function,
            .file = symbols[i].file == NULL ? "" : symbols[i].file,
            .line = symbols[i].line,
            .inlined = symbols[i].inlined,
            .module = frame.module.index == 0 ? "" : world->modules[frame.module.index].path,
            /* A frame is a return address; one byte before it lies the call. */
            .offset = frame.address == 0 ? 0 : frame.address - 1,
            .module_id = frame.module,
        };
    }
}

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* std::mutex::lock and its kin are how a lock is taken, not where: the owner of the program looks for the line that calls them.
 */
static bool is_library_wrapper(const struct stack_line *line)
{
    return starts_with(line->function, "std::") || starts_with(line->function, "__gthread_") ||
           starts_with(line->function, "__gnu_cxx::") || starts_with(line->file, "/usr/include/");
}

static uint32_t find_place(const struct stack *stack)
{
    for (uint32_t i = 0; i < stack->count; i++) {
        if (!is_library_wrapper(&stack->lines[i]))
            return i;
    }
    return 0;
}

void stack_open(struct stack *stack, const struct world *world, struct symbolizer *symbolizer, struct context_id id)
{
    const struct context *context = &world->contexts[id.index];
    *stack = (struct stack){.cut = (context->flags & TRACE_CONTEXT_CUT) != 0};
    for (uint32_t i = 0; i < context->frame_count; i++)
        add_frame(stack, world, symbolizer, context->frames[i]);
    stack->place = find_place(stack);
}

void stack_close(struct stack *stack)
{
    free(stack->lines);
    *stack = (struct stack){0};
}

char *stack_place_text(const struct stack *stack)
{
    if (stack->count == 0)
        return allocate_copy("an unknown place");
    const struct stack_line *line = &stack->lines[stack->place];
    if (line->file[0] != '\0')
        return allocate_text("%s:%" PRIu32 " %s", stack_base_name(line->file), line->line,
                             line->function[0] == '\0' ? "?" : line->function);
    if (line->module[0] == '\0')
        return allocate_text("0x%" PRIx64, line->offset);
    if (line->function[0] != '\0')
        return allocate_text("%s (%s+0x%" PRIx64 ")", line->function, stack_base_name(line->module), line->offset);
    return allocate_text("%s+0x%" PRIx64, stack_base_name(line->module), line->offset);
}
