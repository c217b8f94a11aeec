/* The unwinder alone, in a library of its own, as in the recorder: it leaves out the frames of the library that it is in. */
#include <dlfcn.h>

#include "module.h"
#include "thread_state.h"
#include "unwind.h"

bool module_is_recorder(uintptr_t address)
{
    struct dl_find_object fixture;
    return _dl_find_object((void *)(uintptr_t)&module_is_recorder, &fixture) == 0 &&
           address >= (uintptr_t)fixture.dlfo_map_start && address < (uintptr_t)fixture.dlfo_map_end;
}

/* Here, a thread begins where the fixture is called. */
bool thread_begins_in(uintptr_t return_address)
{
    return module_is_recorder(return_address);
}

__attribute__((noinline, visibility("default"))) void unwind_fixture(struct thread_state *state, struct stack *stack)
{
    unwind(state, (uintptr_t)__builtin_dwarf_cfa(), (uintptr_t)__builtin_return_address(0), stack);
}
