#include "module.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "raw_system_call.h"
#include "recorder.h"
#include "segment.h"
#include "trace_writer.h"

#define MODULES_AT_MOST 65535 /* a frame has 16 bits for the id */

struct module {
    uintptr_t start, end;
    uintptr_t load_bias;
    uint32_t id;
};

static struct module *modules; /* sorted by start */
static uint32_t module_count, module_room, last_id;

extern const char recorder_start[] __asm__("__ehdr_start") __attribute__((visibility("hidden")));
extern const char recorder_end[] __asm__("_end") __attribute__((visibility("hidden")));

bool module_is_recorder(uintptr_t address)
{
    return address >= (uintptr_t)recorder_start && address < (uintptr_t)recorder_end;
}

static bool is_in(uint32_t position, uintptr_t address)
{
    return position < module_count && modules[position].start <= address && address < modules[position].end;
}

/* The first module that ends after `address`: most often the one that was asked for last. */
static uint32_t position_of(uintptr_t address)
{
    static uint32_t last;
    if (is_in(last, address))
        return last;
    uint32_t low = 0, high = module_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (modules[middle].end <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return last = low;
}

static uint32_t copy_build_id(const struct dl_find_object *object, uint8_t build_id[LOCKORDER_TRACE_BUILD_ID_SIZE])
{
    unsigned count;
    const ElfW(Phdr) *segments = module_program_headers(object, &count);
    for (unsigned i = 0; segments && i < count; i++) {
        if (segments[i].p_type != PT_NOTE)
            continue;
        const char *note = (const char *)object->dlfo_link_map->l_addr + segments[i].p_vaddr;
        const char *end = note + segments[i].p_memsz;
        struct segment segment = segment_around(object, (uintptr_t)note);
        if (!segment_has(segment, (uintptr_t)note) || segments[i].p_memsz > segment.end - (uintptr_t)note)
            continue;
        while ((size_t)(end - note) >= sizeof(ElfW(Nhdr))) {
            const ElfW(Nhdr) *head = (const void *)note;
            const char *name = note + sizeof *head;
            const char *content = name + ((head->n_namesz + 3U) & ~3U);
            if (head->n_type == NT_GNU_BUILD_ID && head->n_namesz == 4 && memcmp(name, "GNU", 4) == 0 &&
                head->n_descsz <= LOCKORDER_TRACE_BUILD_ID_SIZE && content + head->n_descsz <= end) {
                memcpy(build_id, content, head->n_descsz);
                return head->n_descsz;
            }
            note = content + ((head->n_descsz + 3U) & ~3U);
            if (note > end)
                break;
        }
    }
    return 0;
}

static bool write_record(const struct module *module, const struct dl_find_object *object)
{
    char executable[4096];
    const char *path = object->dlfo_link_map->l_name;
    if (!path || !*path) { /* the program itself */
        long length = raw_system_call(SYS_readlink, (long)"/proc/self/exe", (long)executable, sizeof executable - 1, 0, 0, 0);
        executable[length > 0 ? length : 0] = '\0';
        path = executable;
    }
    size_t path_length = strnlen(path, 4095) + 1;
    struct trace_module *record = trace_append(TRACE_RECORD_MODULE, sizeof *record + path_length);
    if (!record)
        return false;
    record->module = module->id;
    record->load_bias = module->load_bias;
    record->start = module->start;
    record->end = module->end;
    record->build_id_size = copy_build_id(object, record->build_id);
    record->path_length = (uint32_t)path_length;
    memcpy(record + 1, path, path_length - 1);
    trace_commit();
    return true;
}

static bool make_room(void)
{
    if (module_count < module_room)
        return true;
    uint32_t room = module_room ? module_room * 2 : 64;
    struct module *larger = arena_allocate(room * sizeof *larger);
    if (!larger)
        return false;
    if (module_count)
        memcpy(larger, modules, module_count * sizeof *larger);
    modules = larger;
    module_room = room;
    return true;
}

static const struct module *add(uint32_t position, const struct dl_find_object *object)
{
    struct module module = {.start = (uintptr_t)object->dlfo_map_start,
                            .end = (uintptr_t)object->dlfo_map_end,
                            .load_bias = object->dlfo_link_map->l_addr,
                            .id = last_id + 1};
    if (last_id == MODULES_AT_MOST || !make_room() || !write_record(&module, object))
        return NULL;
    last_id++;
    memmove(modules + position + 1, modules + position, (module_count - position) * sizeof *modules);
    modules[position] = module;
    module_count++;
    return &modules[position];
}

uint32_t module_find(uintptr_t address, uint64_t *file_address)
{
    uint32_t position = position_of(address);
    const struct module *module = NULL;
    struct dl_find_object object;
    if (is_in(position, address))
        module = &modules[position];
    else if (_dl_find_object((void *)address, &object) == 0)
        module = add(position, &object);
    *file_address = module ? address - module->load_bias : address;
    return module ? module->id : 0;
}

uintptr_t module_address(uint64_t frame)
{
    for (uint32_t i = 0; i < module_count; i++)
        if (modules[i].id == TRACE_FRAME_MODULE(frame))
            return modules[i].load_bias + TRACE_FRAME_ADDRESS(frame);
    return TRACE_FRAME_ADDRESS(frame);
}

bool module_forget_unloaded(void)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < module_count; i++) {
        struct dl_find_object object;
        if (_dl_find_object((void *)modules[i].start, &object) == 0 && (uintptr_t)object.dlfo_map_end == modules[i].end &&
            object.dlfo_link_map->l_addr == modules[i].load_bias)
            modules[kept++] = modules[i];
    }
    bool any = kept < module_count;
    module_count = kept;
    return any;
}

void module_forget_all(void)
{
    modules = NULL;
    module_count = module_room = last_id = 0;
}
