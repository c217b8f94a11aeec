/* How a frame is resolved: its unit, from .debug_aranges where there is one (dwarf_addrdie), else from an index of all units'
 * ranges, built once; its function, from an index of the unit's functions, built once; then down from the function through the
 * inlined calls around the address. The line table of the unit gives the line of the innermost; each further one is where it
 * calls the one before.
 *
 * dwarf_getscopes of libdw would do the middle part, but walks the whole unit at each call and, inside inlined code, goes on with
 * the scopes of the definition instead of those of the caller. */
#include "symbolize.h"

#include "allocate.h"
#include "demangle.h"
#include "dwarf_names.h"
#include "range_index.h"
#include "variable_name.h"

#include <uthash.h>

/* Inlined calls nest a few dozen deep at most; a damaged file may nest for ever. */
enum { DEEPEST_SCOPE = 200 };

enum functions_read { FUNCTIONS_NONE, FUNCTIONS_OUTSIDE, FUNCTIONS_NESTED };

struct unit {
    Dwarf_CU *key;
    Dwarf_Die lines;   /* has the line table */
    Dwarf_Die entries; /* has the functions */
    enum functions_read read;
    Dwarf_Die *functions;
    size_t function_count;
    struct range_index ranges; /* numbers are indexes into functions */
    UT_hash_handle hh;
};

struct module_symbols {
    char *key; /* path and build-id */
    struct module_file *file;
    struct variable_names *variables;
    struct unit *units; /* by Dwarf_CU */
    bool units_indexed;
    struct range_index unit_ranges; /* numbers are offsets of units in .debug_info */
    UT_hash_handle hh;
};

struct place {
    struct module_symbols *module;
    uint64_t address;
};

struct known_frames {
    struct place place;
    struct symbol_frame *frames;
    uint32_t count;
    UT_hash_handle hh;
};

struct known_variable {
    struct place place;
    char *name;
    UT_hash_handle hh;
};

struct known_text {
    char *text;
    UT_hash_handle hh;
};

struct symbolizer {
    const struct world *world;
    char *debug_directory;
    struct module_symbols **by_module; /* by the index of the module's id; NULL where nobody asked yet */
    uint32_t by_module_count;
    struct module_symbols *modules;  /* by path and build-id */
    struct known_frames *frames;     /* by place */
    const struct known_frames *last; /* that was asked for: callers ask again for each inlined call */
    struct known_variable *variables;
    struct known_text *texts;
};

/* Takes the text over; equal texts are kept once. */
static const char *keep(struct symbolizer *symbolizer, char *text)
{
    struct known_text *known;
    HASH_FIND_STR(symbolizer->texts, text, known);
    if (known != NULL) {
        free(text);
        return known->text;
    }
    known = allocate_zeroed(1, sizeof *known);
    known->text = text;
    HASH_ADD_KEYPTR(hh, symbolizer->texts, known->text, strlen(known->text), known);
    return known->text;
}

/* The unit's functions. */

static void add_function(struct unit *unit, Dwarf_Die *function)
{
    Dwarf_Addr base, start, end;
    ptrdiff_t next = 0;
    unit->functions = allocate_grown(unit->functions, unit->function_count, sizeof *unit->functions);
    unit->functions[unit->function_count] = *function;
    while ((next = dwarf_ranges(function, next, &base, &start, &end)) > 0)
        range_index_add(&unit->ranges, (struct range){.start = start, .end = end, .number = unit->function_count});
    unit->function_count++;
}

static bool may_contain_functions(int tag, enum functions_read wanted)
{
    return tag == DW_TAG_namespace || tag == DW_TAG_module ||
           (wanted == FUNCTIONS_NESTED && (tag == DW_TAG_subprogram || tag == DW_TAG_lexical_block || tag == DW_TAG_class_type ||
                                           tag == DW_TAG_structure_type));
}

static void add_functions_below(struct unit *unit, Dwarf_Die *scope, unsigned depth)
{
    Dwarf_Die entry;
    if (depth > DEEPEST_SCOPE || dwarf_child(scope, &entry) != 0)
        return;
    do {
        int tag = dwarf_tag(&entry);
        if (tag == DW_TAG_subprogram)
            add_function(unit, &entry);
        if (may_contain_functions(tag, unit->read))
            add_functions_below(unit, &entry, depth + 1);
    } while (dwarf_siblingof(&entry, &entry) == 0);
}

static void read_functions(struct unit *unit, enum functions_read wanted)
{
    range_index_clear(&unit->ranges);
    unit->function_count = 0;
    unit->read = wanted;
    add_functions_below(unit, &unit->entries, 0);
    range_index_finish(&unit->ranges);
}

/* Functions inside functions (gcc's nested functions, outlined parallel loops) are looked for only where others do not match:
 * that takes a walk over everything in the unit. */
static Dwarf_Die *unit_function(struct unit *unit, uint64_t address)
{
    const struct range *range = range_index_find(&unit->ranges, address);
    while (range == NULL && unit->read != FUNCTIONS_NESTED) {
        read_functions(unit, unit->read + 1);
        range = range_index_find(&unit->ranges, address);
    }
    return range == NULL ? NULL : &unit->functions[range->number];
}

/* The module's units. */

static void index_units(struct module_symbols *module, Dwarf *dwarf)
{
    Dwarf_CU *unit = NULL;
    Dwarf_Die entry;
    module->units_indexed = true;
    while (dwarf_get_units(dwarf, unit, &unit, NULL, NULL, &entry, NULL) == 0) {
        Dwarf_Addr base, start, end;
        ptrdiff_t next = 0;
        while (entry.addr != NULL && (next = dwarf_ranges(&entry, next, &base, &start, &end)) > 0)
            range_index_add(&module->unit_ranges, (struct range){.start = start, .end = end, .number = dwarf_dieoffset(&entry)});
    }
    range_index_finish(&module->unit_ranges);
}

static bool find_unit_entry(struct module_symbols *module, uint64_t address, Dwarf_Die *entry)
{
    Dwarf *dwarf = module_file_dwarf(module->file);
    if (dwarf == NULL)
        return false;
    if (dwarf_addrdie(dwarf, address, entry) != NULL)
        return true;
    /* clang writes no .debug_aranges, and a file may be made of objects with and without. */
    if (!module->units_indexed)
        index_units(module, dwarf);
    const struct range *range = range_index_find(&module->unit_ranges, address);
    return range != NULL && dwarf_offdie(dwarf, range->number, entry) != NULL;
}

static struct unit *find_unit(struct module_symbols *module, uint64_t address)
{
    Dwarf_Die entry;
    struct unit *unit;
    if (!find_unit_entry(module, address, &entry))
        return NULL;
    HASH_FIND_PTR(module->units, &entry.cu, unit);
    if (unit == NULL) {
        unit = allocate_zeroed(1, sizeof *unit);
        unit->key = entry.cu;
        unit->lines = entry;
        unit->entries = dwarf_names_unit_entries(&entry);
        HASH_ADD_PTR(module->units, key, unit);
    }
    return unit;
}

/* One frame. */

struct scopes {
    Dwarf_Die items[DEEPEST_SCOPE]; /* the real function, then the calls inlined into it, outermost first */
    uint32_t count;
};

static bool is_code_block(int tag)
{
    return tag == DW_TAG_inlined_subroutine || tag == DW_TAG_lexical_block || tag == DW_TAG_try_block ||
           tag == DW_TAG_catch_block || tag == DW_TAG_with_stmt;
}

/* The block directly below `scope` that contains the address. */
static bool inner_block(Dwarf_Die *scope, uint64_t address, Dwarf_Die *block)
{
    if (dwarf_child(scope, block) != 0)
        return false;
    do {
        if (is_code_block(dwarf_tag(block)) && dwarf_haspc(block, address) == 1)
            return true;
    } while (dwarf_siblingof(block, block) == 0);
    return false;
}

static void collect_scopes(struct scopes *scopes, const Dwarf_Die *function, uint64_t address)
{
    Dwarf_Die scope = *function, block;
    scopes->items[0] = *function;
    scopes->count = 1;
    for (unsigned depth = 0; depth < DEEPEST_SCOPE && inner_block(&scope, address, &block); depth++) {
        if (dwarf_tag(&block) == DW_TAG_inlined_subroutine && scopes->count < DEEPEST_SCOPE)
            scopes->items[scopes->count++] = block;
        scope = block;
    }
}

static const char *symbol_name(struct symbolizer *symbolizer, const struct module_symbols *module, uint64_t address)
{
    struct elf_symbol symbol;
    return module_file_function(module->file, address, &symbol) ? keep(symbolizer, demangle(symbol.name)) : NULL;
}

static const char *function_name(struct symbolizer *symbolizer, Dwarf_Die *function)
{
    const char *linkage = dwarf_names_linkage(function);
    const char *plain = dwarf_diename(function);
    if (linkage != NULL)
        return keep(symbolizer, demangle(linkage));
    return plain == NULL ? NULL : keep(symbolizer, allocate_copy(plain));
}

/* A file name as the line table has it is relative to the directory in which the compiler ran. */
static const char *file_name(struct symbolizer *symbolizer, struct unit *unit, const char *name)
{
    Dwarf_Attribute attribute;
    const char *directory = NULL;
    if (name == NULL)
        return NULL;
    if (name[0] != '/' && dwarf_attr_integrate(&unit->lines, DW_AT_comp_dir, &attribute) != NULL)
        directory = dwarf_formstring(&attribute);
    return keep(symbolizer, directory == NULL ? allocate_copy(name) : allocate_text("%s/%s", directory, name));
}

static void set_line_of_address(struct symbolizer *symbolizer, struct unit *unit, uint64_t address, struct symbol_frame *frame)
{
    Dwarf_Line *line = dwarf_getsrc_die(&unit->lines, address);
    int number = 0;
    if (line == NULL)
        return;
    frame->file = file_name(symbolizer, unit, dwarf_linesrc(line, NULL, NULL));
    if (dwarf_lineno(line, &number) == 0 && number > 0)
        frame->line = (uint32_t)number;
}

/* The place of the call that `inlined` stands for. */
static void set_line_of_call(struct symbolizer *symbolizer, struct unit *unit, Dwarf_Die *inlined, struct symbol_frame *frame)
{
    Dwarf_Attribute attribute;
    Dwarf_Word number;
    Dwarf_Files *files;
    size_t file_count;
    if (dwarf_attr(inlined, DW_AT_call_line, &attribute) != NULL && dwarf_formudata(&attribute, &number) == 0 &&
        number <= UINT32_MAX)
        frame->line = (uint32_t)number;
    if (dwarf_attr(inlined, DW_AT_call_file, &attribute) != NULL && dwarf_formudata(&attribute, &number) == 0 &&
        dwarf_getsrcfiles(&unit->entries, &files, &file_count) == 0 && number < file_count)
        frame->file = file_name(symbolizer, unit, dwarf_filesrc(files, number, NULL, NULL));
}

static void resolve_function(struct symbolizer *symbolizer, struct unit *unit, Dwarf_Die *function, struct known_frames *known)
{
    uint64_t address = known->place.address;
    struct scopes scopes;
    collect_scopes(&scopes, function, address);
    known->count = scopes.count;
    known->frames = allocate_zeroed(known->count, sizeof *known->frames);
    for (uint32_t i = 0; i < scopes.count; i++) {
        struct symbol_frame *frame = &known->frames[i];
        uint32_t depth = scopes.count - 1 - i;
        frame->function = function_name(symbolizer, &scopes.items[depth]);
        frame->inlined = depth > 0;
        if (i == 0)
            set_line_of_address(symbolizer, unit, address, frame);
        else
            set_line_of_call(symbolizer, unit, &scopes.items[depth + 1], frame);
    }
}

static void resolve(struct symbolizer *symbolizer, struct known_frames *known)
{
    struct module_symbols *module = known->place.module;
    struct unit *unit = find_unit(module, known->place.address);
    Dwarf_Die *function = unit == NULL ? NULL : unit_function(unit, known->place.address);
    if (function != NULL) {
        resolve_function(symbolizer, unit, function, known);
    } else {
        known->count = 1;
        known->frames = allocate_zeroed(1, sizeof *known->frames);
        if (unit != NULL)
            set_line_of_address(symbolizer, unit, known->place.address, &known->frames[0]);
    }
    struct symbol_frame *real = &known->frames[known->count - 1];
    const char *symbol = symbol_name(symbolizer, module, known->place.address);
    /* Where the debug information gives a C++ function no name for the linker, the symbol table has the full one. */
    if (real->function == NULL || (symbol != NULL && strchr(symbol, '(') != NULL && strchr(real->function, '(') == NULL))
        real->function = symbol;
}

/* The module behind an id. */

static char *module_key(const struct module *module)
{
    char build_id[2 * LOCKORDER_TRACE_BUILD_ID_SIZE + 1] = "";
    for (uint32_t i = 0; i < module->build_id_size && i < sizeof module->build_id; i++)
        snprintf(build_id + 2 * i, 3, "%02x", module->build_id[i]);
    return allocate_text("%s %s", build_id, module->path);
}

static struct module_symbols *open_module(struct symbolizer *symbolizer, const struct module *module)
{
    char *key = module_key(module);
    struct module_symbols *symbols;
    HASH_FIND_STR(symbolizer->modules, key, symbols);
    if (symbols != NULL) {
        free(key);
        return symbols;
    }
    symbols = allocate_zeroed(1, sizeof *symbols);
    symbols->key = key;
    size_t build_id_size = module->build_id_size <= sizeof module->build_id ? module->build_id_size : 0;
    symbols->file = module_file_open(module->path, module->build_id, build_id_size, symbolizer->debug_directory);
    symbols->variables = variable_names_new(symbols->file);
    HASH_ADD_KEYPTR(hh, symbolizer->modules, symbols->key, strlen(symbols->key), symbols);
    return symbols;
}

/* NULL for no module. */
static struct module_symbols *find_module(struct symbolizer *symbolizer, struct module_id id)
{
    const struct world *world = symbolizer->world;
    if (id.index == 0 || id.index >= world->module_count || world->modules[id.index].path == NULL)
        return NULL;
    if (id.index >= symbolizer->by_module_count) {
        size_t size = sizeof *symbolizer->by_module;
        symbolizer->by_module = allocate_checked(reallocarray(symbolizer->by_module, world->module_count, size));
        memset(symbolizer->by_module + symbolizer->by_module_count, 0,
               size * (world->module_count - symbolizer->by_module_count));
        symbolizer->by_module_count = world->module_count;
    }
    if (symbolizer->by_module[id.index] == NULL)
        symbolizer->by_module[id.index] = open_module(symbolizer, &world->modules[id.index]);
    return symbolizer->by_module[id.index];
}

static void free_units(struct module_symbols *module)
{
    struct unit *unit, *next;
    HASH_ITER(hh, module->units, unit, next)
    {
        HASH_DEL(module->units, unit);
        range_index_clear(&unit->ranges);
        free(unit->functions);
        free(unit);
    }
    range_index_clear(&module->unit_ranges);
}

static void free_modules(struct symbolizer *symbolizer)
{
    struct module_symbols *module, *next;
    HASH_ITER(hh, symbolizer->modules, module, next)
    {
        HASH_DEL(symbolizer->modules, module);
        free_units(module);
        variable_names_free(module->variables);
        module_file_close(module->file);
        free(module->key);
        free(module);
    }
    free(symbolizer->by_module);
}

static void free_answers(struct symbolizer *symbolizer)
{
    struct known_frames *frames, *next_frames;
    HASH_ITER(hh, symbolizer->frames, frames, next_frames)
    {
        HASH_DEL(symbolizer->frames, frames);
        free(frames->frames);
        free(frames);
    }
    struct known_variable *variable, *next_variable;
    HASH_ITER(hh, symbolizer->variables, variable, next_variable)
    {
        HASH_DEL(symbolizer->variables, variable);
        free(variable->name);
        free(variable);
    }
    struct known_text *text, *next_text;
    HASH_ITER(hh, symbolizer->texts, text, next_text)
    {
        HASH_DEL(symbolizer->texts, text);
        free(text->text);
        free(text);
    }
}

/* What others call. */

struct symbolizer *symbolizer_new(const struct world *world)
{
    struct symbolizer *symbolizer = allocate_zeroed(1, sizeof *symbolizer);
    symbolizer->world = world;
    symbolizer->debug_directory = allocate_copy(MODULE_FILE_DEBUG_DIRECTORY);
    return symbolizer;
}

void symbolizer_free(struct symbolizer *symbolizer)
{
    if (symbolizer == NULL)
        return;
    free_answers(symbolizer);
    free_modules(symbolizer);
    free(symbolizer->debug_directory);
    free(symbolizer);
}

void symbolizer_set_debug_directory(struct symbolizer *symbolizer, const char *directory)
{
    free(symbolizer->debug_directory);
    symbolizer->debug_directory = allocate_copy(directory);
}

static const struct known_frames *find_frames(struct symbolizer *symbolizer, struct place place)
{
    struct known_frames *known;
    HASH_FIND(hh, symbolizer->frames, &place, sizeof place, known);
    if (known == NULL) {
        known = allocate_zeroed(1, sizeof *known);
        known->place = place;
        resolve(symbolizer, known);
        HASH_ADD(hh, symbolizer->frames, place, sizeof known->place, known);
    }
    return known;
}

const struct symbol_frame *symbolizer_frame(struct symbolizer *symbolizer, struct frame frame, uint32_t *count)
{
    static const struct symbol_frame unknown = {0};
    /* A return address may be the first of the next function or line: the call is what stands before it. */
    struct place place = {find_module(symbolizer, frame.module), frame.address - 1};
    const struct known_frames *last = symbolizer->last;
    *count = 1;
    if (place.module == NULL || frame.address == 0)
        return &unknown;
    if (last == NULL || last->place.module != place.module || last->place.address != place.address)
        symbolizer->last = last = find_frames(symbolizer, place);
    *count = last->count;
    return last->frames;
}

const char *symbolizer_variable(struct symbolizer *symbolizer, struct module_id module, uint64_t offset)
{
    struct place place = {find_module(symbolizer, module), offset};
    struct known_variable *known;
    if (place.module == NULL)
        return NULL;
    HASH_FIND(hh, symbolizer->variables, &place, sizeof place, known);
    if (known == NULL) {
        known = allocate_zeroed(1, sizeof *known);
        known->place = place;
        known->name = variable_names_find(place.module->variables, offset);
        HASH_ADD(hh, symbolizer->variables, place, sizeof known->place, known);
    }
    return known->name;
}

enum symbol_quality symbolizer_quality(struct symbolizer *symbolizer, struct module_id module)
{
    const struct module_symbols *symbols = find_module(symbolizer, module);
    return symbols == NULL ? SYMBOLS_FILE_MISSING : module_file_quality(symbols->file);
}
