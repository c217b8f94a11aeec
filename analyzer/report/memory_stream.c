#include "memory_stream.h"

#include "allocate.h"

void memory_stream_open(struct memory_stream *memory)
{
    memory->stream = allocate_checked(open_memstream(&memory->bytes, &memory->size));
}

char *memory_stream_close(struct memory_stream *memory)
{
    if (fclose(memory->stream) != 0)
        allocate_failed();
    return memory->bytes;
}
