/* Where a source lies as others want to have it told: relative to the current folder where it is below it (a code host knows only
 * what is in the repository, which is where a build is mostly started), else absolute. */
#ifndef LOCKORDER_ANALYZER_REPORT_SOURCE_PATH_H
#define LOCKORDER_ANALYZER_REPORT_SOURCE_PATH_H

#include <stdbool.h>

/* The part of `path` below the current folder; NULL when it is not below. A relative path, as some compilers give it, is below.
 */
const char *source_path_relative(const char *path);

/* source_path_relative, or the path itself. */
const char *source_path_shown(const char *path);

/* The path as the part of a URI (RFC 3986): all bytes but letters, digits and -._~/ come out as %XX. The caller frees. */
char *source_path_encode(const char *path);

/* "file:///home/user/bank/" of the current folder, or NULL when there is none. The caller frees. */
char *source_path_base(void);

#endif
