/* The mapped files of code: their ids in the trace. Looked up with _dl_find_object, so that no lock of the loader's is taken,
 * not even while another thread is inside dlopen. Call with the recorder lock held, except for module_is_recorder. */
#ifndef LOCKORDER_PRELOAD_MODULE_H
#define LOCKORDER_PRELOAD_MODULE_H

#include <stdbool.h>
#include <stdint.h>

/* The id of the module that contains `address`, and the address in its ELF file. Its record is written when it is first asked
 * for. 0 when there is none (code made at run time; the heap). */
uint32_t module_find(uintptr_t address, uint64_t *file_address);

/* The process's address of a TRACE_FRAME, while its module is loaded. */
uintptr_t module_address(uint64_t frame);

/* Whether `address` is code of this library. */
bool module_is_recorder(uintptr_t address);

/* After a dlclose: forgets what has been unmapped. True when anything was. */
bool module_forget_unloaded(void);

/* In a child after fork: ids start again. */
void module_forget_all(void);

#endif
