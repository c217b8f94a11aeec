/* Functions of libraries that the program loaded with dlopen. */
#ifndef LOCKORDER_PRELOAD_LATE_SYMBOL_H
#define LOCKORDER_PRELOAD_LATE_SYMBOL_H

/* Stores the address of the first definition of `name` in a loaded object after this library, if there is one: unlike dlsym, also
 * among objects whose symbols are not global, and without the loader's lock. Any thread. */
void late_symbol(const char *name, void **function);

#endif
