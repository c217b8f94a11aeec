#include "program_text.h"

#include <stdbool.h>
#include <stdint.h>

#include "allocate.h"
#include "memory_stream.h"

/* RFC 3629, section 4: which second bytes may follow which first byte. All later bytes are 80 to BF. */
static const struct sequence {
    unsigned char first, last, second_first, second_last;
    size_t size;
} sequences[] = {
    {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3},
    {0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
};

static bool is_complete(const unsigned char *text, const struct sequence *sequence)
{
    if (text[1] < sequence->second_first || text[1] > sequence->second_last)
        return false;
    for (size_t i = 2; i < sequence->size; i++) {
        if ((text[i] & 0xc0) != 0x80)
            return false;
    }
    return true;
}

size_t program_text_character(const unsigned char *text)
{
    if (text[0] < 0x80)
        return 1;
    for (size_t i = 0; i < sizeof sequences / sizeof sequences[0]; i++) {
        if (text[0] >= sequences[i].first && text[0] <= sequences[i].last)
            return is_complete(text, &sequences[i]) ? sequences[i].size : 0;
    }
    return 0;
}

static uint32_t code_point(const unsigned char *text, size_t size)
{
    if (size == 1)
        return text[0];
    uint32_t value = text[0] & (0x7fu >> size);
    for (size_t i = 1; i < size; i++)
        value = value << 6 | (text[i] & 0x3fu);
    return value;
}

/* C0 and C1 controls, what XML cannot hold, and what breaks lines or changes the direction of writing (with which a name can pose
 * as another one). */
static bool is_harmless(uint32_t point)
{
    if (point < 0x20 || (point >= 0x7f && point < 0xa0))
        return false;
    return !(point >= 0x200b && point <= 0x200f) && !(point >= 0x2028 && point <= 0x202e) &&
           !(point >= 0x2060 && point <= 0x206f) && point != 0x061c && point != 0xfeff && point != 0xfffe && point != 0xffff;
}

static void print_escaped(FILE *stream, const unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] == '\n')
            fputs("\\n", stream);
        else if (bytes[i] == '\t')
            fputs("\\t", stream);
        else
            fprintf(stream, "\\x%02x", bytes[i]);
    }
}

/* Nearly all text: printable ASCII, written at once. */
static size_t plain_length(const unsigned char *text)
{
    size_t length = 0;
    while (text[length] >= 0x20 && text[length] < 0x7f)
        length++;
    return length;
}

void program_text_print(FILE *stream, const char *text)
{
    const unsigned char *bytes = (const unsigned char *)text;
    for (;;) {
        size_t plain = plain_length(bytes);
        fwrite(bytes, 1, plain, stream);
        bytes += plain;
        if (*bytes == '\0')
            return;
        size_t size = program_text_character(bytes);
        if (size != 0 && is_harmless(code_point(bytes, size)))
            fwrite(bytes, 1, size, stream);
        else
            print_escaped(stream, bytes, size == 0 ? 1 : size);
        bytes += size == 0 ? 1 : size;
    }
}

char *program_text_printable(const char *text)
{
    struct memory_stream result;
    memory_stream_open(&result);
    program_text_print(result.stream, text);
    return memory_stream_close(&result);
}

static bool is_utf8(const char *text)
{
    const unsigned char *bytes = (const unsigned char *)text;
    for (size_t size; *bytes != '\0'; bytes += size) {
        size = program_text_character(bytes);
        if (size == 0)
            return false;
    }
    return true;
}

char *program_text_to_utf8(const char *text)
{
    if (is_utf8(text))
        return allocate_copy(text);
    struct memory_stream result;
    memory_stream_open(&result);
    const unsigned char *bytes = (const unsigned char *)text;
    while (*bytes != '\0') {
        size_t size = program_text_character(bytes);
        if (size != 0)
            fwrite(bytes, 1, size, result.stream);
        else
            print_escaped(result.stream, bytes, 1);
        bytes += size == 0 ? 1 : size;
    }
    return memory_stream_close(&result);
}
