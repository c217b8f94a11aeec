#include "program_file.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "allocate.h"
#include "command.h"
#include "needed_library.h"
#include "report/stack.h"

enum {
    MOST_INTERPRETERS = 5, /* the kernel follows no more (fs/exec.c) */
    START_SIZE = 256,      /* of a script the kernel reads no more (BINPRM_BUF_SIZE) */
};

/* --- Finding --- */

static int check_executable(const char *path, struct error *error)
{
    struct stat status;
    if (stat(path, &status) != 0) {
        error_set(error, "%s: %s", path, strerror(errno));
        return errno == ENOENT || errno == ENOTDIR ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE;
    }
    if (S_ISDIR(status.st_mode))
        error_set(error, "%s: a folder; expected a program", path);
    else if (!S_ISREG(status.st_mode))
        error_set(error, "%s: not a regular file; expected a program", path);
    else if (faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) != 0)
        error_set(error, "%s: not executable: %s", path, strerror(errno));
    else
        return 0;
    return EXIT_NOT_EXECUTABLE;
}

static char *default_path(void)
{
    size_t size = confstr(_CS_PATH, NULL, 0);
    char *path = allocate_zeroed(size + 1, 1);
    confstr(_CS_PATH, path, size);
    return path;
}

/* An empty element of PATH is the working directory. */
static int search(const char *folders, const char *name, char **path, struct error *error)
{
    int result = EXIT_NOT_FOUND;
    error_set(error, "%s: no such program in PATH", name);
    for (;; folders++) {
        size_t length = strcspn(folders, ":");
        *path = allocate_text("%.*s%s%s", (int)length, folders, length == 0 ? "./" : "/", name);
        struct error found;
        int status = check_executable(*path, &found);
        if (status == 0)
            return 0;
        if (status == EXIT_NOT_EXECUTABLE && result == EXIT_NOT_FOUND) {
            *error = found;
            result = status;
        }
        free(*path);
        *path = NULL;
        folders += length;
        if (*folders == '\0')
            return result;
    }
}

int program_file_find(const char *name, char **path, struct error *error)
{
    *path = NULL;
    if (name[0] == '\0') {
        error_set(error, "the program's name is empty");
        return EXIT_NOT_FOUND;
    }
    if (strchr(name, '/') != NULL) {
        int result = check_executable(name, error);
        *path = result == 0 ? allocate_copy(name) : NULL;
        return result;
    }
    const char *folders = getenv("PATH");
    char *fallback = folders == NULL ? default_path() : NULL;
    int result = search(folders == NULL ? fallback : folders, name, path, error);
    free(fallback);
    return result;
}

/* --- Checking --- */

/* What of a file decides whether it can be observed. */
struct start {
    int descriptor;
    size_t size;
    union {
        char text[START_SIZE];
        unsigned char identity[EI_NIDENT];
        Elf64_Ehdr elf; /* machine and type are at the same place in a 32-bit header */
    };
};

static int refuse(struct error *error, const char *path, const char *what)
{
    error_set(error, "%s: %s", path, what);
    return EXIT_REFUSED;
}

/* Reads up to `size` bytes; what is past the end of the file is zero. */
static size_t read_at(int descriptor, void *bytes, size_t size, off_t offset)
{
    memset(bytes, 0, size);
    ssize_t count = pread(descriptor, bytes, size, offset);
    return count < 0 ? 0 : (size_t)count;
}

static bool open_start(struct start *start, const char *path)
{
    start->descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (start->descriptor < 0)
        return false;
    start->size = read_at(start->descriptor, start->text, sizeof start->text, 0);
    return true;
}

static bool is_elf(const struct start *start)
{
    return start->size >= offsetof(Elf64_Ehdr, e_version) && memcmp(start->identity, ELFMAG, SELFMAG) == 0;
}

/* Whether the kernel would start the program with AT_SECURE, in which LD_PRELOAD is ignored. The rule is that of
 * cap_bprm_creds_from_file (security/commoncap.c): the effective ids become others than the real ones, or somebody who is not
 * root gains capabilities. */
static bool gains_rights(const char *path)
{
    struct stat status;
    struct statvfs system;
    if (stat(path, &status) != 0)
        return false;
    bool may_gain = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1 && !(statvfs(path, &system) == 0 && (system.f_flag & ST_NOSUID));
    uid_t user = may_gain && (status.st_mode & S_ISUID) ? status.st_uid : geteuid();
    /* Without permission to execute for the group, this bit once meant mandatory locking. */
    bool sets_group = (status.st_mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP);
    gid_t group = may_gain && sets_group ? status.st_gid : getegid();
    bool has_capabilities = getxattr(path, "security.capability", NULL, 0) > 0;
    return user != getuid() || group != getgid() || (may_gain && has_capabilities && getuid() != 0);
}

static int check_rights(const char *path, struct error *error)
{
    if (gains_rights(path))
        return refuse(error, path, "setuid, setgid or with file capabilities; the loader ignores LD_PRELOAD for it");
    return 0;
}

/* Copies the path of the program's loader; false when it has none: it is linked statically. */
static bool find_loader(const struct start *start, char *loader, size_t size)
{
    for (unsigned i = 0; i < start->elf.e_phnum; i++) {
        Elf64_Phdr segment;
        off_t offset = (off_t)(start->elf.e_phoff + (uint64_t)i * start->elf.e_phentsize);
        if (read_at(start->descriptor, &segment, sizeof segment, offset) == sizeof segment && segment.p_type == PT_INTERP) {
            read_at(start->descriptor, loader, size - 1, (off_t)segment.p_offset);
            loader[segment.p_filesz < size ? segment.p_filesz : size - 1] = '\0';
            return true;
        }
    }
    return false;
}

/* The recorder is of the same class and machine as this very program. */
static bool is_of_this_machine(const struct start *start)
{
    struct start own;
    if (!open_start(&own, "/proc/self/exe"))
        return true;
    close(own.descriptor);
    return start->identity[EI_CLASS] == own.identity[EI_CLASS] && start->identity[EI_DATA] == own.identity[EI_DATA] &&
           start->elf.e_machine == own.elf.e_machine;
}

static int check_elf(const struct start *start, const char *path, struct error *error)
{
    char loader[4096];
    if (start->identity[EI_CLASS] == ELFCLASS32)
        return refuse(error, path, "a 32-bit program; only 64-bit programs can be observed");
    if (!is_of_this_machine(start))
        return refuse(error, path, "a program for another kind of machine; it cannot be observed here");
    if (start->elf.e_type != ET_EXEC && start->elf.e_type != ET_DYN) {
        error_set(error, "%s: an ELF file of type %u; expected a program", path, start->elf.e_type);
        return EXIT_NOT_EXECUTABLE;
    }
    if (!find_loader(start, loader, sizeof loader))
        return refuse(error, path, "linked statically; only dynamically linked programs can be observed");
    if (strstr(stack_base_name(loader), "musl") != NULL)
        return refuse(error, path, "linked against musl; only programs of glibc can be observed");
    if (program_needs_library(start->descriptor, "liblsan.so"))
        return refuse(error, path,
                      "built with gcc's -fsanitize=leak, whose library accepts no other before it; build it with "
                      "-fsanitize=address");
    return check_rights(path, error);
}

static int check(const char *path, int depth, struct error *error);

/* Takes the next word off the text, which it changes; NULL when there is none. */
static char *next_word(char **text)
{
    *text += strspn(*text, " \t");
    if (**text == '\0')
        return NULL;
    char *word = *text;
    *text += strcspn(*text, " \t");
    if (**text != '\0')
        *(*text)++ = '\0';
    return word;
}

/* "env NAME", "env -S VARIABLE=value NAME -x": the program is the first word that is neither an option nor an assignment. When it
 * is not found, env itself will say so. */
static int check_program_of_env(char *words, int depth, struct error *error)
{
    char *path = NULL, *word = next_word(&words);
    while (word != NULL && (word[0] == '-' || strchr(word, '=') != NULL))
        word = next_word(&words);
    if (word == NULL || program_file_find(word, &path, error) != 0)
        return 0;
    int result = check(path, depth + 1, error);
    free(path);
    return result;
}

static int check_script(struct start *start, const char *path, int depth, struct error *error)
{
    start->text[sizeof start->text - 1] = '\0';
    start->text[strcspn(start->text, "\n")] = '\0';
    char *words = start->text + 2, *interpreter = next_word(&words);
    if (interpreter == NULL) {
        error_set(error, "%s: no interpreter after #!", path);
        return EXIT_NOT_EXECUTABLE;
    }
    struct error cause;
    int result = check_executable(interpreter, &cause);
    if (result != 0) {
        error_set(error, "%s: its interpreter cannot be started: %s", path, cause.text);
        return result;
    }
    result = check(interpreter, depth + 1, error);
    if (result == 0 && strcmp(stack_base_name(interpreter), "env") == 0)
        result = check_program_of_env(words, depth, error);
    return result;
}

/* Neither a program nor a script. Like a shell, execvp takes it for a script of /bin/sh; unlike execvp, not when it is binary. */
static int check_other(const struct start *start, const char *path, struct error *error)
{
    size_t line = strnlen(start->text, start->size);
    if (line == start->size)
        return 0;
    error_set(error, "%s: neither a program nor a script", path);
    return EXIT_NOT_EXECUTABLE;
}

static int check(const char *path, int depth, struct error *error)
{
    struct start start;
    if (depth > MOST_INTERPRETERS) {
        error_set(error, "%s: more than %d interpreters of interpreters", path, MOST_INTERPRETERS);
        return EXIT_NOT_EXECUTABLE;
    }
    /* It may be executed but not read. */
    if (!open_start(&start, path))
        return check_rights(path, error);
    int result;
    if (is_elf(&start))
        result = check_elf(&start, path, error);
    else if (start.size >= 2 && memcmp(start.text, "#!", 2) == 0)
        result = check_script(&start, path, depth, error);
    else
        result = check_other(&start, path, error);
    close(start.descriptor);
    return result;
}

int program_file_check(const char *path, struct error *error)
{
    return check(path, 0, error);
}
