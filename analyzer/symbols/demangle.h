/* Names as the source has them, from names as the linker has them. */
#ifndef LOCKORDER_ANALYZER_SYMBOLS_DEMANGLE_H
#define LOCKORDER_ANALYZER_SYMBOLS_DEMANGLE_H

/* A C++ name in full ("Registry::add(int)"), any other name unchanged. What the compiler and the linker append is left out:
 * symbol versions ("@@GLIBC_2.2.5") and the marks of copies ("lock.0", "transfer.constprop.0", "transfer.cold").
 * Never NULL; the caller frees it. */
char *demangle(const char *linker_name);

#endif
