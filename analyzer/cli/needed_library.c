#include "needed_library.h"

#include <gelf.h>
#include <string.h>

static bool names_library(Elf *elf, const GElf_Shdr *header, const GElf_Dyn *entry, const char *name)
{
    const char *needed = entry->d_tag == DT_NEEDED ? elf_strptr(elf, header->sh_link, entry->d_un.d_val) : NULL;
    return needed != NULL && strncmp(needed, name, strlen(name)) == 0;
}

static bool section_names_library(Elf *elf, Elf_Scn *section, const char *name)
{
    GElf_Shdr header;
    GElf_Dyn entry;
    Elf_Data *data = elf_getdata(section, NULL);
    if (data == NULL || gelf_getshdr(section, &header) == NULL || header.sh_type != SHT_DYNAMIC)
        return false;
    for (int i = 0; gelf_getdyn(data, i, &entry) != NULL && entry.d_tag != DT_NULL; i++)
        if (names_library(elf, &header, &entry, name))
            return true;
    return false;
}

bool program_needs_library(int descriptor, const char *name)
{
    elf_version(EV_CURRENT);
    Elf *elf = elf_begin(descriptor, ELF_C_READ, NULL);
    bool needs = false;
    for (Elf_Scn *section = NULL; elf != NULL && !needs && (section = elf_nextscn(elf, section)) != NULL;)
        needs = section_names_library(elf, section, name);
    elf_end(elf);
    return needs;
}
