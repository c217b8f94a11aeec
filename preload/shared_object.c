/* The kernel tells in /proc/self/maps, one line for each mapping:
 *     7f0c0e000000-7f0c0e001000 rw-s 00001000 00:01 1041   /memfd:locks (deleted)
 * Anonymous memory that is shared has an inode, too. */
#include "shared_object.h"

#include <fcntl.h>
#include <stdbool.h>

#include "lockorder/trace_format.h"
#include "raw_system_call.h"
#include "trace_writer.h"

/* Numbers of a line, in its order; of the inode, the digits are decimal. */
enum field { FIELD_START, FIELD_END, FIELD_MODES, FIELD_OFFSET, FIELD_MAJOR, FIELD_MINOR, FIELD_INODE, FIELD_PATH };

struct line {
    uint64_t numbers[FIELD_PATH];
    enum field field;
    bool is_shared;
};

/* `field` ends with `end`. */
static bool ends_field(enum field field, char character)
{
    static const char ends[] = {[FIELD_START] = '-', [FIELD_END] = ' ',   [FIELD_MODES] = ' ', [FIELD_OFFSET] = ' ',
                                [FIELD_MAJOR] = ':', [FIELD_MINOR] = ' ', [FIELD_INODE] = ' '};
    return character == ends[field];
}

static void add_character(struct line *line, char character)
{
    if (line->field == FIELD_PATH)
        return;
    if (ends_field(line->field, character)) {
        line->field++;
        return;
    }
    if (line->field == FIELD_MODES) {
        line->is_shared |= character == 's';
        return;
    }
    uint64_t *number = &line->numbers[line->field];
    uint64_t digit = (uint64_t)(character <= '9' ? character - '0' : character - 'a' + 10);
    *number = *number * (line->field == FIELD_INODE ? 10 : 16) + digit;
}

static bool covers(const struct line *line, uintptr_t address)
{
    return line->field >= FIELD_INODE && address >= line->numbers[FIELD_START] && address < line->numbers[FIELD_END];
}

/* The line of the mapping around the address. */
static bool find_mapping(long maps, uintptr_t address, struct line *line)
{
    static char buffer[4096]; /* under the recorder lock; too large for a small stack */
    long length;
    *line = (struct line){.field = FIELD_START};
    while ((length = raw_system_call(SYS_read, maps, (long)buffer, sizeof buffer, 0, 0, 0)) > 0) {
        for (long i = 0; i < length; i++) {
            if (buffer[i] != '\n') {
                add_character(line, buffer[i]);
                continue;
            }
            if (covers(line, address))
                return true;
            *line = (struct line){.field = FIELD_START};
        }
    }
    return false;
}

void shared_object_write(uint32_t lock, uintptr_t address)
{
    struct line line;
    long maps = raw_system_call(SYS_openat, AT_FDCWD, (long)"/proc/self/maps", O_RDONLY | O_CLOEXEC, 0, 0, 0);
    if (maps < 0)
        return;
    bool found = find_mapping(maps, address, &line);
    raw_system_call(SYS_close, maps, 0, 0, 0, 0, 0);
    if (!found || !line.is_shared)
        return;
    struct trace_shared_object *record = trace_append(TRACE_RECORD_SHARED_OBJECT, sizeof *record);
    if (!record)
        return;
    record->lock = lock;
    record->device = line.numbers[FIELD_MAJOR] << 32 | line.numbers[FIELD_MINOR];
    record->inode = line.numbers[FIELD_INODE];
    record->offset = line.numbers[FIELD_OFFSET] + (address - line.numbers[FIELD_START]);
    trace_commit();
}
