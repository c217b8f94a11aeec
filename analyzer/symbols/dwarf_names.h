/* What several readers of debug information ask of one entry of it (a DIE). */
#ifndef LOCKORDER_ANALYZER_SYMBOLS_DWARF_NAMES_H
#define LOCKORDER_ANALYZER_SYMBOLS_DWARF_NAMES_H

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <stdbool.h>

/* The name for the linker, by way of what the entry is an instance of; NULL when it has none, as in C. */
static inline const char *dwarf_names_linkage(Dwarf_Die *entry)
{
    Dwarf_Attribute attribute;
    if (dwarf_attr_integrate(entry, DW_AT_linkage_name, &attribute) == NULL &&
        dwarf_attr_integrate(entry, DW_AT_MIPS_linkage_name, &attribute) == NULL)
        return NULL;
    return dwarf_formstring(&attribute);
}

/* The entry that the attribute refers to. */
static inline bool dwarf_names_reference(Dwarf_Die *entry, unsigned attribute_name, Dwarf_Die *target)
{
    Dwarf_Attribute attribute;
    return dwarf_attr(entry, attribute_name, &attribute) != NULL && dwarf_formref_die(&attribute, target) != NULL;
}

/* The same, by way of what the entry is an instance of. */
static inline bool dwarf_names_type(Dwarf_Die *entry, Dwarf_Die *type)
{
    Dwarf_Attribute attribute;
    return dwarf_attr_integrate(entry, DW_AT_type, &attribute) != NULL && dwarf_formref_die(&attribute, type) != NULL;
}

/* Where the entries of a unit are: with -gsplit-dwarf the unit in the program is a skeleton, and they are in a .dwo file. */
static inline Dwarf_Die dwarf_names_unit_entries(Dwarf_Die *unit)
{
    Dwarf_Die split = {0};
    uint8_t unit_type = 0;
    if (dwarf_cu_info(unit->cu, NULL, &unit_type, NULL, &split, NULL, NULL, NULL) == 0 && unit_type == DW_UT_skeleton &&
        split.addr != NULL)
        return split;
    return *unit;
}

#endif
