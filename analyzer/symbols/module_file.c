#include "module_file.h"

#include <elfutils/libdwelf.h>
#include <fcntl.h>
#include <gelf.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "allocate.h"
#include "lockorder/trace_format.h"
#include "range_index.h"

struct elf_file {
    int descriptor;
    Elf *elf; /* NULL: not open */
};

struct symbol_table {
    struct elf_symbol *symbols;
    size_t count;
    struct range_index functions, objects; /* numbers are indexes into symbols */
};

struct module_file {
    enum symbol_quality quality;
    struct elf_file program; /* the file that ran */
    struct elf_file debug;   /* its separate debug file */
    Dwarf *dwarf;            /* of one of them */
    struct symbol_table table;
};

struct build_id {
    const uint8_t *bytes;
    size_t size;
};

static void elf_file_close(struct elf_file *file)
{
    if (file->elf == NULL)
        return;
    elf_end(file->elf);
    close(file->descriptor);
    file->elf = NULL;
}

/* Only regular files: the path comes from a trace, and a FIFO or a terminal would block or have effects. */
static bool elf_file_open(struct elf_file *file, const char *path)
{
    file->descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (file->descriptor < 0)
        return false;
    struct stat status;
    if (fstat(file->descriptor, &status) == 0 && S_ISREG(status.st_mode))
        file->elf = elf_begin(file->descriptor, ELF_C_READ_MMAP, NULL);
    if (file->elf == NULL)
        close(file->descriptor);
    return file->elf != NULL;
}

static struct build_id elf_file_build_id(const struct elf_file *file)
{
    const void *bytes = NULL;
    ssize_t size = dwelf_elf_gnu_build_id(file->elf, &bytes);
    return size > 0 ? (struct build_id){bytes, (size_t)size} : (struct build_id){NULL, 0};
}

static bool has_build_id(const struct elf_file *file, struct build_id wanted)
{
    struct build_id found = elf_file_build_id(file);
    return found.size == wanted.size && (wanted.size == 0 || memcmp(found.bytes, wanted.bytes, wanted.size) == 0);
}

static enum symbol_quality open_program(struct elf_file *file, const char *path, struct build_id build_id)
{
    if (!elf_file_open(file, path))
        return SYMBOLS_FILE_MISSING;
    if (elf_kind(file->elf) == ELF_K_ELF && has_build_id(file, build_id))
        return SYMBOLS_NONE;
    elf_file_close(file);
    return SYMBOLS_OTHER_BUILD;
}

static void open_debug_by_build_id(struct elf_file *file, const char *directory, struct build_id build_id)
{
    char name[2 * LOCKORDER_TRACE_BUILD_ID_SIZE + 1];
    char path[PATH_MAX];
    if (build_id.size < 2 || build_id.size > LOCKORDER_TRACE_BUILD_ID_SIZE)
        return;
    for (size_t i = 0; i < build_id.size; i++)
        snprintf(name + 2 * i, 3, "%02x", build_id.bytes[i]);
    int length = snprintf(path, sizeof path, "%s/.build-id/%.2s/%s.debug", directory, name, name + 2);
    if (length < 0 || (size_t)length >= sizeof path || !elf_file_open(file, path))
        return;
    if (!has_build_id(file, build_id))
        elf_file_close(file);
}

/* CRC-32 as in IEEE 802.3, bits reflected: what binutils' .gnu_debuglink holds. */
static uint32_t checksum_of_file(int descriptor)
{
    uint8_t block[65536];
    uint32_t checksum = UINT32_MAX;
    off_t offset = 0;
    ssize_t size;
    while ((size = pread(descriptor, block, sizeof block, offset)) > 0) {
        offset += size;
        for (ssize_t i = 0; i < size; i++) {
            checksum ^= block[i];
            for (int bit = 0; bit < 8; bit++)
                checksum = (checksum >> 1) ^ (0xedb88320U & (0U - (checksum & 1)));
        }
    }
    return ~checksum;
}

static bool belongs_to(const struct elf_file *debug, struct build_id build_id, uint32_t checksum)
{
    struct build_id own = elf_file_build_id(debug);
    if (own.size != 0 && build_id.size != 0)
        return has_build_id(debug, build_id);
    return checksum_of_file(debug->descriptor) == checksum;
}

/* The places where gdb looks, in its order. */
static void open_debug_by_link(struct elf_file *debug, const struct elf_file *program, const char *path, const char *directory)
{
    static const char *const places[] = {"", "/.debug"};
    GElf_Word checksum = 0;
    const char *link = dwelf_elf_gnu_debuglink(program->elf, &checksum);
    char *folder = link == NULL ? NULL : realpath(path, NULL);
    if (folder == NULL)
        return;
    *strrchr(folder, '/') = '\0';
    for (size_t i = 0; i < 3 && debug->elf == NULL; i++) {
        char candidate[PATH_MAX];
        int length = i < 2 ? snprintf(candidate, sizeof candidate, "%s%s/%s", folder, places[i], link)
                           : snprintf(candidate, sizeof candidate, "%s%s/%s", directory, folder, link);
        if (length < 0 || (size_t)length >= sizeof candidate || !elf_file_open(debug, candidate))
            continue;
        if (!belongs_to(debug, elf_file_build_id(program), checksum))
            elf_file_close(debug);
    }
    free(folder);
}

static Dwarf *dwarf_of(const struct elf_file *file)
{
    Dwarf *dwarf = file->elf == NULL ? NULL : dwarf_begin_elf(file->elf, DWARF_C_READ, NULL);
    Dwarf_CU *unit;
    /* A stripped file may keep .debug_frame, or the like, which is no use here. */
    if (dwarf != NULL && dwarf_get_units(dwarf, NULL, &unit, NULL, NULL, NULL, NULL) != 0) {
        dwarf_end(dwarf);
        return NULL;
    }
    return dwarf;
}

static unsigned symbol_preference(const GElf_Sym *symbol, const char *name)
{
    unsigned binding = GELF_ST_BIND(symbol->st_info) == STB_LOCAL ? 0 : GELF_ST_BIND(symbol->st_info) == STB_WEAK ? 1 : 2;
    size_t underscores = strspn(name, "_");
    /* pthread_mutex_lock rather than its alias ___pthread_mutex_lock. */
    return 16 * binding + 15 - (unsigned)(underscores > 15 ? 15 : underscores);
}

static void add_symbol(struct symbol_table *table, const GElf_Sym *symbol, const char *name, const GElf_Shdr *section)
{
    unsigned type = GELF_ST_TYPE(symbol->st_info);
    bool is_function = type == STT_FUNC || type == STT_GNU_IFUNC;
    if ((!is_function && type != STT_OBJECT && type != STT_COMMON) || name[0] == '\0')
        return;
    uint64_t end = symbol->st_size != 0 ? symbol->st_value + symbol->st_size : section->sh_addr + section->sh_size;
    table->symbols = allocate_grown(table->symbols, table->count, sizeof *table->symbols);
    table->symbols[table->count] = (struct elf_symbol){name, symbol->st_value, symbol->st_size};
    range_index_add(is_function ? &table->functions : &table->objects,
                    (struct range){symbol->st_value, end, 0, table->count, symbol_preference(symbol, name)});
    table->count++;
}

static void read_symbol_section(struct symbol_table *table, Elf *elf, Elf_Scn *section, const GElf_Shdr *header)
{
    Elf_Data *data = elf_getdata(section, NULL);
    if (data == NULL || header->sh_entsize == 0)
        return;
    size_t count = data->d_size / header->sh_entsize;
    for (size_t i = 0; i < count && i < INT_MAX; i++) {
        GElf_Sym symbol;
        GElf_Shdr home;
        if (gelf_getsym(data, (int)i, &symbol) == NULL || symbol.st_shndx == SHN_UNDEF)
            continue;
        const char *name = elf_strptr(elf, header->sh_link, symbol.st_name);
        if (name != NULL && gelf_getshdr(elf_getscn(elf, symbol.st_shndx), &home) != NULL)
            add_symbol(table, &symbol, name, &home);
    }
}

/* Reads the sections of that type; true when there was a symbol in it. */
static bool read_symbols(struct symbol_table *table, const struct elf_file *file, uint32_t section_type)
{
    Elf_Scn *section = NULL;
    GElf_Shdr header;
    while (file->elf != NULL && (section = elf_nextscn(file->elf, section)) != NULL) {
        if (gelf_getshdr(section, &header) != NULL && header.sh_type == section_type)
            read_symbol_section(table, file->elf, section, &header);
    }
    return table->count != 0;
}

/* A symbol without a size, as in hand-written assembly, is taken to reach to the next one. */
static void finish_symbols(struct range_index *index, const struct symbol_table *table)
{
    range_index_finish(index);
    for (size_t i = index->count; i-- > 1;) {
        struct range *range = &index->ranges[i - 1];
        uint64_t next = index->ranges[i].start;
        if (table->symbols[range->number].size == 0 && range->start < next && next < range->end)
            range->end = next;
    }
    range_index_finish(index);
}

static void read_symbol_table(struct module_file *file)
{
    bool found = read_symbols(&file->table, &file->program, SHT_SYMTAB) || read_symbols(&file->table, &file->debug, SHT_SYMTAB) ||
                 read_symbols(&file->table, &file->program, SHT_DYNSYM);
    if (found && file->quality != SYMBOLS_DEBUG_INFORMATION)
        file->quality = SYMBOLS_TABLE_ONLY;
    finish_symbols(&file->table.functions, &file->table);
    finish_symbols(&file->table.objects, &file->table);
}

struct module_file *module_file_open(const char *path, const uint8_t *build_id_bytes, size_t build_id_size,
                                     const char *debug_directory)
{
    struct module_file *file = allocate_zeroed(1, sizeof *file);
    struct build_id build_id = {build_id_bytes, build_id_size};
    elf_version(EV_CURRENT);
    file->quality = open_program(&file->program, path, build_id);
    file->dwarf = dwarf_of(&file->program);
    if (file->dwarf == NULL) {
        open_debug_by_build_id(&file->debug, debug_directory, build_id);
        if (file->debug.elf == NULL && file->program.elf != NULL)
            open_debug_by_link(&file->debug, &file->program, path, debug_directory);
        file->dwarf = dwarf_of(&file->debug);
    }
    if (file->dwarf != NULL)
        file->quality = SYMBOLS_DEBUG_INFORMATION;
    read_symbol_table(file);
    return file;
}

void module_file_close(struct module_file *file)
{
    if (file == NULL)
        return;
    range_index_clear(&file->table.functions);
    range_index_clear(&file->table.objects);
    free(file->table.symbols);
    dwarf_end(file->dwarf);
    elf_file_close(&file->debug);
    elf_file_close(&file->program);
    free(file);
}

enum symbol_quality module_file_quality(const struct module_file *file)
{
    return file->quality;
}

Dwarf *module_file_dwarf(const struct module_file *file)
{
    return file->dwarf;
}

static bool find_symbol(const struct symbol_table *table, const struct range_index *index, uint64_t address,
                        struct elf_symbol *symbol)
{
    const struct range *range = range_index_find(index, address);
    if (range != NULL)
        *symbol = table->symbols[range->number];
    return range != NULL;
}

bool module_file_function(const struct module_file *file, uint64_t address, struct elf_symbol *symbol)
{
    return find_symbol(&file->table, &file->table.functions, address, symbol);
}

bool module_file_object(const struct module_file *file, uint64_t address, struct elf_symbol *symbol)
{
    return find_symbol(&file->table, &file->table.objects, address, symbol);
}
