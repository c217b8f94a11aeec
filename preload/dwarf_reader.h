/* A cursor over DWARF data, which never moves past its end: after a failed read every further one gives 0. */
#ifndef LOCKORDER_PRELOAD_DWARF_READER_H
#define LOCKORDER_PRELOAD_DWARF_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct dwarf_reader {
    const uint8_t *next;
    const uint8_t *end;
    bool failed;
};

static inline const uint8_t *dwarf_take(struct dwarf_reader *reader, size_t size)
{
    if (reader->failed || (size_t)(reader->end - reader->next) < size) {
        reader->failed = true;
        return NULL;
    }
    const uint8_t *taken = reader->next;
    reader->next += size;
    return taken;
}

/* Little-endian, 1 to 8 bytes. */
static inline uint64_t dwarf_fixed(struct dwarf_reader *reader, size_t size)
{
    uint64_t value = 0;
    const uint8_t *bytes = dwarf_take(reader, size);
    if (bytes)
        memcpy(&value, bytes, size);
    return value;
}

static inline int64_t dwarf_fixed_signed(struct dwarf_reader *reader, size_t size)
{
    unsigned shift = (unsigned)(64 - 8 * size);
    return (int64_t)(dwarf_fixed(reader, size) << shift) >> shift;
}

static inline uint64_t dwarf_leb(struct dwarf_reader *reader, bool is_signed)
{
    uint64_t value = 0;
    unsigned shift = 0;
    const uint8_t *byte;
    do {
        byte = dwarf_take(reader, 1);
        if (!byte)
            return 0;
        if (shift < 64)
            value |= (uint64_t)(*byte & 0x7f) << shift;
        shift += 7;
    } while (*byte & 0x80);
    if (is_signed && shift < 64 && (*byte & 0x40))
        value |= ~(uint64_t)0 << shift;
    return value;
}

static inline uint64_t dwarf_unsigned_leb(struct dwarf_reader *reader)
{
    return dwarf_leb(reader, false);
}

static inline int64_t dwarf_signed_leb(struct dwarf_reader *reader)
{
    return (int64_t)dwarf_leb(reader, true);
}

/* A block with its length before it. */
static inline const uint8_t *dwarf_block(struct dwarf_reader *reader, size_t *size)
{
    *size = (size_t)dwarf_unsigned_leb(reader);
    return dwarf_take(reader, *size);
}

#endif
