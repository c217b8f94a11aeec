#include "trace_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "message.h"
#include "options.h"
#include "raw_system_call.h"
#include "recorder.h"

#define RESERVE_AT_LEAST ((uint64_t)16 << 10)
#define RESERVE_AT_MOST ((uint64_t)1 << 20)
#define KEPT_AT_LEAST ((uint64_t)64 << 10)
#define PART_OF_ADDRESSES 16
#define FIRST_FILE_SIZE ((uint64_t)4 << 20)
#define ALIGN_RECORD(size) (((size) + 7) & ~(size_t)7)

static char path[4096 + 512];
static char new_path[sizeof path]; /* until it has a header */
static char *map;                  /* the whole file; NULL when there is none */
static uint64_t map_size;          /* as long as the file may become */
static uint64_t file_size;         /* as long as it is: sparse */
static uint64_t reserved;          /* bytes whose space is assured */
static uint64_t handed_over;       /* bytes that have left this process's memory */
static uint64_t committed;         /* the header's value */
static uint64_t appended;          /* end of the record being written */
static dev_t device;               /* the file's, to know it again by its path */
static ino_t inode;
static struct trace_header no_header; /* counts limits while there is no file */

struct trace_header *trace_header(void)
{
    return map ? (struct trace_header *)map : &no_header;
}

const char *trace_path(void)
{
    return path;
}

/* What comes after the end, while a deadlock ends the process, is none of this trace. */
void trace_limit_count(enum trace_limit limit)
{
    if (__atomic_load_n(&trace_header()->state, __ATOMIC_RELAXED) == TRACE_STATE_CLOSED)
        return;
    __atomic_fetch_add(&trace_header()->limits[limit], 1, __ATOMIC_RELAXED);
}

uint64_t trace_offset(const void *record)
{
    return (uint64_t)((const char *)record - map);
}

void *trace_at(uint64_t offset)
{
    return map + offset;
}

/* The folder when none was given: one of the user's own. Its owner is checked, since its name can be guessed. */
static bool choose_folder(char folder[4096])
{
    const char *temporary = getenv("TMPDIR");
    if (!temporary || !*temporary || strlen(temporary) > 3000)
        temporary = "/tmp";
    char digits[21];
    strcpy(folder, temporary);
    strcat(folder, "/lockorder-");
    strcat(folder, message_number(digits, geteuid()));
    struct stat status;
    if (mkdir(folder, 0700) != 0 && errno != EEXIST) {
        message_write("cannot make the folder ", folder, " for traces; the program runs unobserved", NULL);
        return false;
    }
    if (lstat(folder, &status) != 0 || !S_ISDIR(status.st_mode) || status.st_uid != geteuid() || (status.st_mode & 022)) {
        message_write("the folder ", folder, " is not safe for traces: it must be a folder of this user's that no one else "
                                             "can write to; the program runs unobserved", NULL);
        return false;
    }
    return true;
}

/* The program may change its directory later. */
static bool absolute_folder(char folder[4096])
{
    folder[0] = '\0';
    if (options.trace_dir[0] != '/' && (!getcwd(folder, 4000) || strlen(folder) + strlen(options.trace_dir) > 4000)) {
        message_write("the path of the folder ", options.trace_dir, " for traces is too long; the program runs unobserved", NULL);
        return false;
    }
    if (folder[0])
        strcat(folder, "/");
    strcat(folder, options.trace_dir);
    return true;
}

/* `base` is the program's file name; what would look odd in a file name is replaced. */
static void build_path(char path_built[sizeof path], const char *folder, unsigned attempt, const char *suffix)
{
    char executable[4096], digits[21];
    ssize_t length = readlink("/proc/self/exe", executable, sizeof executable - 1);
    executable[length > 0 ? length : 0] = '\0';
    const char *base = strrchr(executable, '/') ? strrchr(executable, '/') + 1 : "program";
    strcpy(path_built, folder);
    char *end = path_built + strlen(path_built);
    *end++ = '/';
    for (size_t i = 0; base[i] && i < 64; i++) {
        char byte = base[i];
        bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
                     (byte && strchr("._+-", byte));
        *end++ = plain ? byte : '_';
    }
    *end++ = '.';
    strcpy(end, message_number(digits, (unsigned long)getpid()));
    if (attempt) {
        strcat(end, ".");
        strcat(end, message_number(digits, attempt));
    }
    strcat(end, suffix);
}

/* exec keeps the pid, and pids come back: the name may be taken. */
#define NAMES_AT_MOST 10000

static int create_file(const char *folder)
{
    for (unsigned attempt = 0; attempt < NAMES_AT_MOST; attempt++) {
        build_path(new_path, folder, attempt, LOCKORDER_TRACE_NEW_SUFFIX);
        long file =
            raw_system_call(SYS_openat, AT_FDCWD, (long)new_path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600, 0, 0);
        if (file >= 0)
            return (int)file;
        if (file != -EEXIST)
            break;
    }
    return -1;
}

/* Not every file system can rename without replacing (NFS), and not every one has hard links (FAT). */
static long rename_to_path(void)
{
    long result = raw_system_call(SYS_renameat2, AT_FDCWD, (long)new_path, AT_FDCWD, (long)path, RENAME_NOREPLACE, 0);
    if (result != -EINVAL && result != -ENOSYS)
        return result;
    result = raw_system_call(SYS_link, (long)new_path, (long)path, 0, 0, 0, 0);
    if (result == 0)
        unlink(new_path);
    return result;
}

/* The file has its name from when it has a header: what is called a trace is one, whenever the process is killed. */
static bool publish(const char *folder)
{
    long result = -EEXIST;
    for (unsigned attempt = 0; attempt < NAMES_AT_MOST && result == -EEXIST; attempt++) {
        build_path(path, folder, attempt, LOCKORDER_TRACE_SUFFIX);
        result = rename_to_path();
    }
    return result == 0;
}

static uint64_t limit_of_process(int resource)
{
    struct rlimit limit;
    return raw_system_call(SYS_prlimit64, 0, resource, 0, (long)&limit, 0, 0) == 0 ? limit.rlim_cur : RLIM_INFINITY;
}

/* In whole pages. */
static uint64_t smaller(uint64_t size, uint64_t limit)
{
    return limit < size ? limit & ~(uint64_t)4095 : size;
}

/* No longer than the process may make a file: beyond that, the program would get SIGXFSZ. */
static uint64_t within_file_limit(uint64_t size)
{
    return smaller(size, limit_of_process(RLIMIT_FSIZE));
}

/* Addresses may be scarce too, and belong to the program. */
static uint64_t within_address_limit(uint64_t size)
{
    return smaller(size, limit_of_process(RLIMIT_AS) / PART_OF_ADDRESSES);
}

/* The largest mapping that the options and the process's limits allow. */
static bool map_file(int file)
{
    uint64_t size = within_address_limit(within_file_limit(options.max_trace_size));
    for (; size >= RESERVE_AT_LEAST; size = size / 2 & ~(uint64_t)4095) {
        long address = raw_system_call(SYS_mmap, 0, (long)size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, file, 0);
        if (address < 0 && address > -4096)
            continue;
        map = (char *)address;
        map_size = size;
        file_size = size < FIRST_FILE_SIZE ? size : FIRST_FILE_SIZE;
        raw_system_call(SYS_madvise, address, (long)size, MADV_RANDOM, 0, 0, 0); /* else pages are read ahead that nobody wrote */
        return raw_system_call(SYS_ftruncate, file, (long)file_size, 0, 0, 0, 0) == 0;
    }
    return false;
}

/* By its path, since the descriptor is closed; unless another file stands there now, or none (after chroot). */
static bool set_file_size(uint64_t size)
{
    struct stat status;
    return !recorder_in_sandbox && lstat(path, &status) == 0 && status.st_dev == device && status.st_ino == inode &&
           raw_system_call(SYS_truncate, (long)path, (long)size, 0, 0, 0, 0) == 0;
}

/* Makes the file longer where that is needed. Far from the end, that is rare. */
static bool extend(uint64_t end)
{
    if (end <= file_size)
        return true;
    uint64_t size = within_file_limit(file_size * 4 < map_size ? file_size * 4 : map_size);
    if (end > size || !set_file_size(size))
        return false;
    file_size = size;
    return true;
}

/* What has been written is the file's, and need not stay in the program's memory. Where it is changed or read once more, it comes
 * back. The header stays. */
static void hand_over(void)
{
    uint64_t end = committed > KEPT_AT_LEAST ? (committed - KEPT_AT_LEAST) & ~(uint64_t)4095 : 0;
    if (end <= handed_over || recorder_in_sandbox)
        return;
    raw_system_call(SYS_madvise, (long)(map + handed_over), (long)(end - handed_over), MADV_DONTNEED, 0, 0, 0);
    handed_over = end;
}

/* Assures space up to `end`. A system without MADV_POPULATE_WRITE (before Linux 5.14) cannot assure it. */
static bool reserve(uint64_t end)
{
    if (end <= reserved)
        return true;
    uint64_t step = committed / 2 < RESERVE_AT_LEAST ? RESERVE_AT_LEAST : committed / 2;
    if (step > RESERVE_AT_MOST)
        step = RESERVE_AT_MOST;
    if (reserved + step > end)
        end = reserved + step;
    end = (end + 4095) & ~(uint64_t)4095;
    if (end > map_size)
        end = map_size;
    if (!extend(end))
        return false;
    long result;
    do {
        result = raw_system_call(SYS_madvise, (long)(map + reserved), (long)(end - reserved), MADV_POPULATE_WRITE, 0, 0, 0);
    } while (result == -EINTR || result == -EAGAIN);
    if (result != 0)
        return false;
    reserved = end;
    hand_over();
    return true;
}

void trace_reserve_ahead(void)
{
    if (map)
        reserve(committed + RESERVE_AT_MOST < map_size ? committed + RESERVE_AT_MOST : map_size);
}

static void fill_header(uint32_t process_flags)
{
    struct trace_header *header = trace_header();
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0)
        now = (struct timespec){0, 0}; /* without a clock, it is not known when */
    memcpy(header->magic, LOCKORDER_TRACE_MAGIC, LOCKORDER_TRACE_MAGIC_SIZE);
    header->version = LOCKORDER_TRACE_VERSION;
    header->header_size = sizeof *header;
    header->process = (uint32_t)getpid();
    header->parent = (uint32_t)getppid();
    header->started_at = (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
    header->flags = process_flags;
    committed = appended = sizeof *header;
    __atomic_store_n(&header->committed, committed, __ATOMIC_RELEASE);
}

static bool give_up(const char *problem, const char *place)
{
    message_write(problem, place, "; the program runs unobserved", NULL);
    trace_forget();
    unlink(new_path);
    return false;
}

bool trace_create(uint32_t process_flags)
{
    char folder[4096];
    if (!(*options.trace_dir ? absolute_folder(folder) : choose_folder(folder)))
        return false;
    int file = create_file(folder);
    if (file < 0) {
        message_write("cannot create a trace in ", folder, "; the program runs unobserved", NULL);
        return false;
    }
    struct stat status;
    if (fstat(file, &status) == 0) {
        device = status.st_dev;
        inode = status.st_ino;
    }
    reserved = 0;
    handed_over = (sizeof(struct trace_header) + 4095) & ~(uint64_t)4095;
    bool mapped = map_file(file);
    raw_system_call(SYS_close, file, 0, 0, 0, 0, 0);
    if (!mapped || !reserve(RESERVE_AT_LEAST))
        return give_up("no space for the trace ", new_path);
    fill_header(process_flags);
    return publish(folder) || give_up("cannot name a trace in ", folder);
}

void trace_forget(void)
{
    char *forgotten = map;
    map = NULL;
    if (forgotten)
        raw_system_call(SYS_munmap, (long)forgotten, (long)map_size, 0, 0, 0, 0);
}

void trace_detach(void)
{
    if (map)
        raw_system_call(SYS_mmap, (long)map, (long)map_size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0);
}

static void stop_for_lack_of_space(void)
{
    __atomic_store_n(&trace_header()->state, TRACE_STATE_STOPPED, __ATOMIC_RELAXED);
    message_write("no more space for the trace ", path, "; recording ends here, the program runs on", NULL);
}

void *trace_append(enum trace_record_type type, size_t size)
{
    size = ALIGN_RECORD(size);
    if (!map || __atomic_load_n(&trace_header()->state, __ATOMIC_RELAXED) != TRACE_STATE_RECORDING)
        return NULL;
    if (committed + size > map_size || !reserve(committed + size)) {
        stop_for_lack_of_space();
        return NULL;
    }
    struct trace_record_header *record = (struct trace_record_header *)(map + committed);
    record->size = (uint32_t)size;
    record->type = (uint16_t)type;
    appended = committed + size;
    return record;
}

bool trace_can_spare(size_t size)
{
    return map && committed + size <= map_size / 2;
}

void trace_commit(void)
{
    committed = appended;
    __atomic_store_n(&trace_header()->committed, committed, __ATOMIC_RELEASE);
}

void trace_close(void)
{
    if (!map)
        return;
    uint32_t recording = TRACE_STATE_RECORDING;
    __atomic_compare_exchange_n(&trace_header()->state, &recording, TRACE_STATE_CLOSED, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
    set_file_size((committed + 4095) & ~(uint64_t)4095);
}
