/* Two steps: which variable contains the address, then which part of it.
 *
 * Ours, because DWARF has no index of variables by address: .debug_aranges of gcc lists code only. So all units are read once,
 * first what stands outside functions; only when that does not contain the address, statics inside functions too. */
#include "variable_name.h"

#include <inttypes.h>

#include "allocate.h"
#include "demangle.h"
#include "dwarf_names.h"
#include "range_index.h"

/* Limits that only a damaged file reaches, which may nest or refer in circles. */
enum { DEEPEST_SCOPE = 200, DEEPEST_TYPE = 60, MOST_TYPES_TRIED = 20000, MOST_DIMENSIONS = 32 };

enum variables_read { VARIABLES_NONE, VARIABLES_OUTSIDE_FUNCTIONS, VARIABLES_ALL };

struct variable_names {
    const struct module_file *file;
    enum variables_read read;
    Dwarf_Die *variables;
    size_t count;
    struct range_index ranges; /* numbers are indexes into variables */
};

/* An address as an operation of a location expression. */
static bool operand_address(Dwarf_Attribute *location, const Dwarf_Op *operation, Dwarf_Addr *address)
{
    Dwarf_Attribute operand;
    if (operation->atom == DW_OP_addr) {
        *address = operation->number;
        return true;
    }
    return (operation->atom == DW_OP_addrx || operation->atom == DW_OP_GNU_addr_index) &&
           dwarf_getlocation_attr(location, operation, &operand) == 0 && dwarf_formaddr(&operand, address) == 0;
}

/* False for what is not static: on a stack, in a register, optimised away, thread-local. */
static bool static_address(Dwarf_Die *variable, Dwarf_Addr *address)
{
    Dwarf_Attribute location;
    Dwarf_Op *operations;
    size_t count;
    if (dwarf_attr(variable, DW_AT_location, &location) == NULL || dwarf_getlocation(&location, &operations, &count) != 0 ||
        count == 0 || count > 2 || !operand_address(&location, &operations[0], address))
        return false;
    if (count == 2 && operations[1].atom == DW_OP_plus_uconst)
        *address += operations[1].number; /* clang merges small variables into one object */
    return count == 1 || operations[1].atom == DW_OP_plus_uconst;
}

/* The type under one layer of typedef, const, volatile, ...; or the definition of a type that is only declared here. */
static bool underlying_type(Dwarf_Die *type, Dwarf_Die *underlying)
{
    switch (dwarf_tag(type)) {
    case DW_TAG_typedef:
    case DW_TAG_const_type:
    case DW_TAG_volatile_type:
    case DW_TAG_atomic_type:
    case DW_TAG_restrict_type:
        return dwarf_names_reference(type, DW_AT_type, underlying);
    default:
        return dwarf_names_reference(type, DW_AT_signature, underlying);
    }
}

/* The number of elements of one dimension; 0 when it is not said. */
static uint64_t dimension_size(Dwarf_Die *dimension)
{
    Dwarf_Attribute attribute;
    Dwarf_Word value = 0;
    if (dwarf_attr_integrate(dimension, DW_AT_count, &attribute) != NULL)
        return dwarf_formudata(&attribute, &value) == 0 ? value : 0;
    if (dwarf_attr_integrate(dimension, DW_AT_upper_bound, &attribute) != NULL && dwarf_formudata(&attribute, &value) == 0)
        return value + 1; /* C and C++ count from 0 */
    return 0;
}

/* The type under all layers. */
static Dwarf_Die peeled_type(const Dwarf_Die *type)
{
    Dwarf_Die peeled = *type, underlying;
    for (unsigned layer = 0; layer < DEEPEST_TYPE && underlying_type(&peeled, &underlying); layer++)
        peeled = underlying;
    return peeled;
}

/* Bytes; 0 when it is not said. dwarf_aggregate_size of libdw does not look into type units, and needs to know the language,
 * which a unit that dwz has made does not say. */
static uint64_t type_size(const Dwarf_Die *type, unsigned depth)
{
    Dwarf_Die peeled = peeled_type(type), element, dimension;
    int bytes = dwarf_bytesize(&peeled);
    if (bytes > 0)
        return (uint64_t)bytes;
    if (dwarf_tag(&peeled) != DW_TAG_array_type || depth >= DEEPEST_TYPE || !dwarf_names_type(&peeled, &element) ||
        dwarf_child(&peeled, &dimension) != 0)
        return 0;
    uint64_t size = type_size(&element, depth + 1);
    do {
        if (dwarf_tag(&dimension) == DW_TAG_subrange_type && __builtin_mul_overflow(size, dimension_size(&dimension), &size))
            return 0;
    } while (dwarf_siblingof(&dimension, &dimension) == 0);
    return size;
}

static uint64_t variable_size(const struct module_file *file, Dwarf_Die *variable, uint64_t address)
{
    Dwarf_Die type;
    struct elf_symbol symbol;
    uint64_t size = dwarf_names_type(variable, &type) ? type_size(&type, 0) : 0;
    if (size != 0)
        return size;
    return module_file_object(file, address, &symbol) && symbol.address == address && symbol.size != 0 ? symbol.size : 1;
}

static void add_variable(struct variable_names *names, Dwarf_Die *variable)
{
    Dwarf_Addr address;
    if (!static_address(variable, &address) || dwarf_diename(variable) == NULL)
        return;
    uint64_t end = address + variable_size(names->file, variable, address);
    names->variables = allocate_grown(names->variables, names->count, sizeof *names->variables);
    names->variables[names->count] = *variable;
    range_index_add(&names->ranges, (struct range){.start = address, .end = end, .number = names->count});
    names->count++;
}

static bool may_contain_variables(int tag, enum variables_read wanted)
{
    if (tag == DW_TAG_namespace || tag == DW_TAG_module)
        return true;
    return wanted == VARIABLES_ALL && (tag == DW_TAG_subprogram || tag == DW_TAG_lexical_block ||
                                       tag == DW_TAG_inlined_subroutine || tag == DW_TAG_try_block || tag == DW_TAG_catch_block);
}

static void add_variables_below(struct variable_names *names, Dwarf_Die *scope, unsigned depth)
{
    Dwarf_Die entry;
    if (depth > DEEPEST_SCOPE || dwarf_child(scope, &entry) != 0)
        return;
    do {
        int tag = dwarf_tag(&entry);
        if (tag == DW_TAG_variable)
            add_variable(names, &entry);
        else if (may_contain_variables(tag, names->read))
            add_variables_below(names, &entry, depth + 1);
    } while (dwarf_siblingof(&entry, &entry) == 0);
}

static void read_variables(struct variable_names *names, enum variables_read wanted)
{
    Dwarf *dwarf = module_file_dwarf(names->file);
    Dwarf_CU *unit = NULL;
    Dwarf_Die entry;
    range_index_clear(&names->ranges);
    names->count = 0;
    names->read = wanted;
    while (dwarf != NULL && dwarf_get_units(dwarf, unit, &unit, NULL, NULL, &entry, NULL) == 0) {
        if (entry.addr == NULL)
            continue;
        Dwarf_Die entries = dwarf_names_unit_entries(&entry);
        add_variables_below(names, &entries, 0);
    }
    range_index_finish(&names->ranges);
}

static const struct range *find_variable(struct variable_names *names, uint64_t address)
{
    const struct range *range = range_index_find(&names->ranges, address);
    while (range == NULL && names->read != VARIABLES_ALL) {
        read_variables(names, names->read + 1);
        range = range_index_find(&names->ranges, address);
    }
    return range;
}

struct variable_names *variable_names_new(const struct module_file *file)
{
    struct variable_names *names = allocate_zeroed(1, sizeof *names);
    names->file = file;
    return names;
}

void variable_names_free(struct variable_names *names)
{
    if (names == NULL)
        return;
    range_index_clear(&names->ranges);
    free(names->variables);
    free(names);
}

/* The entry that stands where the source declares it: a definition outside its class or namespace refers to it. */
static Dwarf_Die declaration_of(const Dwarf_Die *entry)
{
    Dwarf_Die declaration = *entry;
    for (unsigned steps = 0; steps < DEEPEST_SCOPE; steps++) {
        if (!dwarf_names_reference(&declaration, DW_AT_abstract_origin, &declaration) &&
            !dwarf_names_reference(&declaration, DW_AT_specification, &declaration))
            break;
    }
    return declaration;
}

/* What one enclosing scope puts before "::"; NULL for nothing. Ends the walk where the rest is in the name already. */
static char *scope_name(Dwarf_Die *scope, bool *is_complete)
{
    int tag = dwarf_tag(scope);
    const char *linkage = dwarf_names_linkage(scope);
    *is_complete = linkage != NULL || tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine;
    if (linkage != NULL)
        return demangle(linkage);
    if (tag == DW_TAG_namespace && dwarf_diename(scope) == NULL)
        return allocate_copy("(anonymous namespace)");
    bool is_named = *is_complete || tag == DW_TAG_namespace || tag == DW_TAG_module || tag == DW_TAG_class_type ||
                    tag == DW_TAG_structure_type || tag == DW_TAG_union_type;
    return is_named && dwarf_diename(scope) != NULL ? allocate_copy(dwarf_diename(scope)) : NULL;
}

/* Frees both. */
static char *joined(char *front, const char *separator, char *back)
{
    char *whole = allocate_text("%s%s%s", front, separator, back);
    free(front);
    free(back);
    return whole;
}

/* "transfer::lock", "bank::lock". */
static char *name_with_scopes(const Dwarf_Die *variable)
{
    Dwarf_Die declaration = declaration_of(variable);
    const char *plain = dwarf_diename(&declaration);
    char *name = allocate_copy(plain == NULL ? "?" : plain);
    Dwarf_Die *scopes = NULL;
    int count = dwarf_getscopes_die(&declaration, &scopes);
    bool is_complete = false;
    for (int i = 1; i < count && !is_complete; i++) {
        char *scope = scope_name(&scopes[i], &is_complete);
        if (scope != NULL)
            name = joined(scope, "::", name);
    }
    free(scopes);
    return name;
}

/* clang calls a static in a C function "transfer.lock"; with gcc it is "lock.0", and demangle has cut that. */
static char *object_name(const struct elf_symbol *symbol)
{
    char *name = demangle(symbol->name);
    char *dot = name[0] == '\0' ? NULL : strchr(name + 1, '.');
    if (dot == NULL || strncmp(symbol->name, "_Z", 2) == 0)
        return name;
    char *whole = allocate_text("%.*s::%s", (int)(dot - name), name, dot + 1);
    free(name);
    return whole;
}

/* Whether `longer` is `name` with scopes in front. */
static bool adds_scopes(const char *longer, const char *name)
{
    size_t length = strlen(name), longer_length = strlen(longer);
    return longer_length > length + 2 && strncmp(longer + longer_length - length - 2, "::", 2) == 0 &&
           strcmp(longer + longer_length - length, name) == 0;
}

/* The linker's name says most if it is a C++ one: scopes, and which instance of a template. In C it helps with static variables
 * of inlined functions, which clang 14 puts into a function without a name. */
static char *variable_full_name(const struct variable_names *names, Dwarf_Die *variable, uint64_t start)
{
    const char *linkage = dwarf_names_linkage(variable);
    struct elf_symbol symbol;
    bool has_symbol = module_file_object(names->file, start, &symbol) && symbol.address == start;
    if (linkage != NULL)
        return demangle(linkage);
    if (has_symbol && strncmp(symbol.name, "_Z", 2) == 0)
        return demangle(symbol.name);
    char *name = name_with_scopes(variable);
    char *linker_name = has_symbol ? object_name(&symbol) : NULL;
    if (linker_name == NULL || !adds_scopes(linker_name, name)) {
        free(linker_name);
        return name;
    }
    free(name);
    return linker_name;
}

static char *with_offset(char *name, uint64_t offset)
{
    return offset == 0 ? name : joined(name, "", allocate_text("+0x%" PRIx64, offset));
}

/* How well a part of a variable answers the question what lies at an offset; the larger, the better. */
enum fit {
    FIT_INSIDE, /* somewhere in it */
    FIT_MEMBER, /* a member that has no parts begins there */
    FIT_LOCK    /* a lock begins there */
};

struct part {
    char *path; /* ".rows[3].lock" */
    enum fit fit;
};

static struct part part_of_type(Dwarf_Die type, uint64_t offset, unsigned depth, unsigned *types_left);

static struct part part_inside(uint64_t offset, enum fit fit)
{
    return (struct part){with_offset(allocate_copy(""), offset), fit};
}

/* Types that are locks for the program's author: what they are made of is of no interest. By name alone, without the scope: a
 * class "mutex" of the program's own is a lock as well. */
static bool is_lock_type(Dwarf_Die *type)
{
    static const char *const names[] = {"pthread_mutex_t",
                                        "pthread_rwlock_t",
                                        "pthread_spinlock_t",
                                        "pthread_cond_t",
                                        "pthread_barrier_t",
                                        "pthread_once_t",
                                        "sem_t",
                                        "mtx_t",
                                        "cnd_t",
                                        "once_flag",
                                        "mutex",
                                        "timed_mutex",
                                        "recursive_mutex",
                                        "recursive_timed_mutex",
                                        "shared_mutex",
                                        "shared_timed_mutex",
                                        "condition_variable",
                                        "condition_variable_any"};
    const char *name = dwarf_diename(type);
    for (size_t i = 0; name != NULL && i < sizeof names / sizeof *names; i++) {
        if (strcmp(name, names[i]) == 0)
            return true;
    }
    return false;
}

static bool is_aggregate(int tag)
{
    return tag == DW_TAG_structure_type || tag == DW_TAG_class_type || tag == DW_TAG_union_type;
}

/* False for static members and virtual bases, which have no fixed place in the object. */
static bool member_offset(Dwarf_Die *member, uint64_t *offset)
{
    Dwarf_Attribute attribute;
    Dwarf_Word constant;
    Dwarf_Op *operations;
    size_t count;
    *offset = 0;
    if (dwarf_hasattr(member, DW_AT_external) || dwarf_hasattr(member, DW_AT_declaration))
        return false;
    if (dwarf_attr(member, DW_AT_data_member_location, &attribute) == NULL)
        return true; /* a member of a union */
    if (dwarf_formudata(&attribute, &constant) == 0) {
        *offset = constant;
        return true;
    }
    if (dwarf_getlocation(&attribute, &operations, &count) != 0 || count != 1 || operations[0].atom != DW_OP_plus_uconst)
        return false;
    *offset = operations[0].number;
    return true;
}

/* Base classes and members without a name add nothing to the path, nor does the array inside a std::array. */
static bool member_is_named(Dwarf_Die *member)
{
    const char *name = dwarf_diename(member);
    return dwarf_tag(member) == DW_TAG_member && name != NULL && strcmp(name, "_M_elems") != 0 && strcmp(name, "__elems_") != 0;
}

static struct part part_of_member(Dwarf_Die *member, Dwarf_Die type, uint64_t offset, unsigned depth, unsigned *types_left)
{
    struct part part = part_of_type(type, offset, depth, types_left);
    if (member_is_named(member))
        part.path = joined(allocate_text(".%s", dwarf_diename(member)), "", part.path);
    return part;
}

/* Of several members at the same place, as in a union, the one that leads to a lock. */
static struct part part_of_aggregate(Dwarf_Die *type, uint64_t offset, unsigned depth, unsigned *types_left)
{
    struct part best = part_inside(offset, FIT_INSIDE);
    bool found = false;
    Dwarf_Die member, member_type;
    if (dwarf_child(type, &member) != 0)
        return best;
    do {
        uint64_t start;
        int tag = dwarf_tag(&member);
        if ((tag != DW_TAG_member && tag != DW_TAG_inheritance) || !member_offset(&member, &start) || start > offset ||
            !dwarf_names_type(&member, &member_type) || offset - start >= type_size(&member_type, 0))
            continue;
        struct part part = part_of_member(&member, member_type, offset - start, depth + 1, types_left);
        if (!found || part.fit > best.fit) {
            struct part worse = best;
            best = part;
            part = worse;
            found = true;
        }
        free(part.path);
    } while (best.fit != FIT_LOCK && dwarf_siblingof(&member, &member) == 0);
    return best;
}

/* "[1][1]" for element 5 of 2 by 4: the last dimension varies fastest. */
static char *element_path(Dwarf_Die *first_dimension, uint64_t element)
{
    uint64_t sizes[MOST_DIMENSIONS];
    unsigned count = 0;
    Dwarf_Die dimension = *first_dimension;
    do {
        if (dwarf_tag(&dimension) == DW_TAG_subrange_type)
            sizes[count++] = dimension_size(&dimension);
    } while (count < MOST_DIMENSIONS && dwarf_siblingof(&dimension, &dimension) == 0);
    char *path = allocate_copy("");
    while (count-- > 0) {
        bool is_counted = count > 0 && sizes[count] != 0; /* the first may be without a size, as in `extern int a[];` */
        path = joined(allocate_text("[%" PRIu64 "]", is_counted ? element % sizes[count] : element), "", path);
        element = is_counted ? element / sizes[count] : 0;
    }
    return path;
}

static struct part part_of_array(Dwarf_Die *type, uint64_t offset, unsigned depth, unsigned *types_left)
{
    Dwarf_Die element_type, dimension;
    uint64_t size = dwarf_names_type(type, &element_type) ? type_size(&element_type, 0) : 0;
    if (size == 0 || dwarf_child(type, &dimension) != 0 || dwarf_tag(&dimension) != DW_TAG_subrange_type)
        return part_inside(offset, FIT_INSIDE);
    struct part part = part_of_type(element_type, offset % size, depth + 1, types_left);
    part.path = joined(element_path(&dimension, offset / size), "", part.path);
    return part;
}

/* By value: the caller's entry must stay what it is. */
static struct part part_of_type(Dwarf_Die type, uint64_t offset, unsigned depth, unsigned *types_left)
{
    for (; *types_left > 0 && depth < DEEPEST_TYPE; (*types_left)--) {
        Dwarf_Die underlying;
        if (offset == 0 && is_lock_type(&type))
            return part_inside(0, FIT_LOCK);
        if (!underlying_type(&type, &underlying))
            break;
        type = underlying;
    }
    if (*types_left == 0 || depth >= DEEPEST_TYPE)
        return part_inside(offset, FIT_INSIDE);
    (*types_left)--;
    int tag = dwarf_tag(&type);
    if (is_aggregate(tag))
        return part_of_aggregate(&type, offset, depth, types_left);
    if (tag == DW_TAG_array_type)
        return part_of_array(&type, offset, depth, types_left);
    return part_inside(offset, offset == 0 ? FIT_MEMBER : FIT_INSIDE);
}

static char *member_path(const Dwarf_Die *type, uint64_t offset)
{
    unsigned types_left = MOST_TYPES_TRIED;
    return part_of_type(*type, offset, 0, &types_left).path;
}

char *variable_names_find(struct variable_names *names, uint64_t address)
{
    const struct range *range = find_variable(names, address);
    struct elf_symbol symbol;
    if (range != NULL) {
        Dwarf_Die *variable = &names->variables[range->number];
        char *name = variable_full_name(names, variable, range->start);
        Dwarf_Die type;
        uint64_t offset = address - range->start;
        return dwarf_names_type(variable, &type) ? joined(name, "", member_path(&type, offset)) : with_offset(name, offset);
    }
    if (module_file_object(names->file, address, &symbol))
        return with_offset(object_name(&symbol), address - symbol.address);
    return NULL;
}
