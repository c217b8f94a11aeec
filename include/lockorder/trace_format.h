/* The trace file: the one contract between the recorder (preload/) and the analyzer (analyzer/).
 *
 * One file holds what one process (one program image: exec starts a new file) let the recorder see. It is written through a
 * shared mapping while the program runs, so it survives any death of the process; it may be read at any time.
 *
 *     +--------------------+ 0
 *     | trace_header       |   fixed size, some fields change while the program runs
 *     +--------------------+ header_size
 *     | record             |   each record: 8-byte aligned, starts with a trace_record_header that holds its length
 *     | record             |
 *     | ...                |
 *     +--------------------+ committed     everything below this offset is complete; what follows is to be ignored
 *     | unused             |   zero bytes; cut off when the process exits normally
 *     +--------------------+
 *
 * Reading rules. Read `committed` first (with acquire order if the writer lives), then the records below it. A file shorter than
 * `committed` was truncated: the records that are whole are valid. Records of an unknown type are skipped by their size.
 * An id is valid only after the record that defines it; references point backward only. Id 0 means "none" everywhere.
 * Within a record, fields marked *in place* may still change while the process lives; each is updated by one atomic store.
 *
 * Versions. LOCKORDER_TRACE_VERSION is raised when a reader of the former version would misread the file: a field changed its
 * meaning, place or unit. It is not raised for a new record type, a new flag, a new limit counter or a new value of an
 * enumeration that readers can show as "unknown". A reader accepts exactly its own version.
 *     1  first version
 *
 * All integers are little-endian. Addresses are those of the observed process. Strings are bytes of the observed program:
 * any value, possibly not UTF-8, and not to be trusted. */
#ifndef LOCKORDER_TRACE_FORMAT_H
#define LOCKORDER_TRACE_FORMAT_H

#include <assert.h>
#include <stdint.h>

#define LOCKORDER_TRACE_MAGIC "LOCKORD\n"
#define LOCKORDER_TRACE_MAGIC_SIZE 8
#define LOCKORDER_TRACE_VERSION 1
#define LOCKORDER_TRACE_SUFFIX ".lockorder"

/* Limits of the format. A reader treats a larger value as corruption. */
#define LOCKORDER_TRACE_MAX_FRAMES 64     /* frames of one context */
#define LOCKORDER_TRACE_MAX_HELD 4096     /* locks held in one dependency */
#define LOCKORDER_TRACE_MAX_RECORD 262144 /* bytes of one record */

/* What has been left out, counted in trace_header.limits[]. */
enum trace_limit {
    TRACE_LIMIT_DEPENDENCIES = 0, /* dependencies not recorded: a table or the file was full */
    TRACE_LIMIT_WITNESSES = 1,    /* (thread, segment) pairs of a known dependency that replaced an older pair */
    TRACE_LIMIT_CONTEXTS = 2,     /* stacks not recorded */
    TRACE_LIMIT_FRAMES = 3,       /* stacks that were deeper than LOCKORDER_TRACE_MAX_FRAMES and were cut */
    TRACE_LIMIT_THREADS = 4,      /* threads not recorded */
    TRACE_LIMIT_HELD = 5,         /* acquisitions not tracked: too many locks held at once */
    TRACE_LIMIT_REENTERED = 6,    /* lock calls from a signal handler that interrupted the recorder */
    TRACE_LIMIT_LOCKS = 7,        /* locks not recorded */
    TRACE_LIMIT_INITIALIZED = 8,  /* initialised locks whose place of initialisation was not kept */
    TRACE_LIMIT_LATE = 9,         /* lock calls after the recorder had ended */
    TRACE_LIMIT_COUNT = 16        /* size of the array; unused entries are 0 */
};

enum trace_state {
    TRACE_STATE_RECORDING = 0, /* the process lives, or was killed */
    TRACE_STATE_CLOSED = 1,    /* the process exited; nothing will follow */
    TRACE_STATE_STOPPED = 2    /* recording ended early: no space, or the file reached its largest size */
};

enum trace_process_flag {
    TRACE_PROCESS_FORKED = 1, /* a child after fork: it has run no program image of its own */
};

struct trace_header {
    char magic[LOCKORDER_TRACE_MAGIC_SIZE];
    uint32_t version;
    uint32_t header_size;  /* bytes; the first record starts here */
    uint64_t committed;    /* in place, release order: bytes from the start of the file that are complete */
    uint32_t process;      /* pid */
    uint32_t parent;       /* pid of the parent at start */
    uint64_t started_at;   /* CLOCK_REALTIME, nanoseconds */
    uint32_t state;        /* in place: enum trace_state */
    uint32_t flags;        /* enum trace_process_flag */
    uint32_t hooks_ran;    /* in place: 1 once any lock call of the program reached the recorder */
    uint32_t reserved;     /* 0 */
    uint64_t acquisitions; /* in place: lock acquisitions; a lower bound until the process has ended */
    uint64_t limits[TRACE_LIMIT_COUNT]; /* in place: enum trace_limit */
    uint64_t reserved_words[8];         /* 0 */
};
static_assert(sizeof(struct trace_header) == 256, "the header's layout is part of the format");

enum trace_record_type {
    TRACE_RECORD_PROCESS = 1,
    TRACE_RECORD_MODULE = 2,
    TRACE_RECORD_THREAD = 3,
    TRACE_RECORD_SEGMENT = 4,
    TRACE_RECORD_CONTEXT = 5,
    TRACE_RECORD_LOCK = 6,
    TRACE_RECORD_LOCK_END = 7,
    TRACE_RECORD_DEPENDENCY = 8,
    TRACE_RECORD_WITNESS = 9,
    TRACE_RECORD_THREAD_END = 10,
};

struct trace_record_header {
    uint32_t size;     /* bytes of the whole record, this header included; a multiple of 8 */
    uint16_t type;     /* enum trace_record_type */
    uint16_t reserved; /* 0 */
};
static_assert(sizeof(struct trace_record_header) == 8, "part of the format");

/* The program: its executable and its command line. First record of every file. */
struct trace_process {
    struct trace_record_header header;
    uint32_t argument_count;
    uint32_t executable_length; /* bytes of the path that starts `strings`, its final NUL included */
    uint32_t arguments_length;  /* bytes of the arguments that follow it, each ended by NUL */
    uint32_t reserved;
    /* char strings[executable_length + arguments_length], then zeros up to a multiple of 8 */
};
static_assert(sizeof(struct trace_process) == 24, "part of the format");

#define LOCKORDER_TRACE_BUILD_ID_SIZE 32

/* A file mapped as code (executable, library, vdso) that a frame or a lock referred to. */
struct trace_module {
    struct trace_record_header header;
    uint32_t module;        /* id, 1, 2, ...; a library unloaded and loaded again gets a new one */
    uint32_t build_id_size; /* bytes; 0 when the file has none */
    uint64_t load_bias;     /* address = load_bias + address in the ELF file */
    uint64_t start;         /* first mapped address */
    uint64_t end;           /* address after the last one */
    uint8_t build_id[LOCKORDER_TRACE_BUILD_ID_SIZE];
    uint32_t path_length; /* bytes, final NUL included */
    uint32_t reserved;
    /* char path[path_length], then zeros up to a multiple of 8 */
};
static_assert(sizeof(struct trace_module) == 80, "part of the format");

#define LOCKORDER_TRACE_NAME_SIZE 16

enum trace_thread_flag {
    TRACE_THREAD_MAIN = 1,    /* the thread that entered main, or that called fork */
    TRACE_THREAD_UNKNOWN = 2, /* met at its first lock call: nobody saw it being created */
};

struct trace_thread {
    struct trace_record_header header;
    uint32_t thread;                      /* id, 1, 2, ... */
    uint32_t kernel_id;                   /* tid */
    uint32_t parent;                      /* thread id of the creator; 0 when unknown */
    uint32_t created_at;                  /* context id of the call that created it; 0 when unknown */
    uint32_t flags;                       /* enum trace_thread_flag */
    uint32_t reserved;
    char name[LOCKORDER_TRACE_NAME_SIZE]; /* in place: the thread's name, NUL-padded */
    uint64_t acquisitions;                /* in place: lock acquisitions; a lower bound until it, or the process, has ended */
};
static_assert(sizeof(struct trace_thread) == 56, "part of the format");

struct trace_thread_end {
    struct trace_record_header header;
    uint32_t thread;
    uint32_t last_segment;
};
static_assert(sizeof(struct trace_thread_end) == 16, "part of the format");

enum trace_segment_start {
    TRACE_SEGMENT_THREAD = 1, /* the thread began; `other` is the segment of its creator that ended with the create */
    TRACE_SEGMENT_CREATE = 2, /* after this thread created another one; `other` is 0 */
    TRACE_SEGMENT_JOIN = 3,   /* after this thread joined another one; `other` is the last segment of that thread */
};

/* A stretch of one thread. It begins after `previous` (same thread) and after `other` have ended. */
struct trace_segment {
    struct trace_record_header header;
    uint32_t segment; /* id, 1, 2, ... over all threads */
    uint32_t thread;
    uint32_t previous; /* segment id; 0 for a thread's first */
    uint32_t other;    /* segment id; 0 for none, or unknown */
    uint32_t start;    /* enum trace_segment_start */
    uint32_t reserved;
};
static_assert(sizeof(struct trace_segment) == 32, "part of the format");

enum trace_context_flag {
    TRACE_CONTEXT_CUT = 1, /* more frames than LOCKORDER_TRACE_MAX_FRAMES, or unwinding stopped early */
};

/* A frame is a return address: its instruction is the one before. Packed as module id (16 bits) and address in the module's ELF
 * file (48 bits); with module 0, the address is the process's own. */
#define TRACE_FRAME(module, address) (((uint64_t)(module) << 48) | ((uint64_t)(address) & 0xffffffffffffULL))
#define TRACE_FRAME_MODULE(frame) ((uint32_t)((frame) >> 48))
#define TRACE_FRAME_ADDRESS(frame) ((uint64_t)((frame) & 0xffffffffffffULL))

/* An interned call stack. frames[0] is the innermost: the code that called the interposed function. */
struct trace_context {
    struct trace_record_header header;
    uint32_t context;     /* id, 1, 2, ... */
    uint16_t frame_count; /* 0 to LOCKORDER_TRACE_MAX_FRAMES */
    uint16_t flags;       /* enum trace_context_flag */
    /* uint64_t frames[frame_count] */
};
static_assert(sizeof(struct trace_context) == 16, "part of the format");

enum trace_lock_kind {
    TRACE_LOCK_MUTEX = 1, /* pthread_mutex_t of the default type */
    TRACE_LOCK_MUTEX_RECURSIVE = 2,
    TRACE_LOCK_MUTEX_ERRORCHECK = 3,
    TRACE_LOCK_MUTEX_ADAPTIVE = 4,
};

enum trace_lock_flag {
    TRACE_LOCK_STATIC = 1,         /* lies in a module: `module` and `offset` say where */
    TRACE_LOCK_STACK = 2,          /* lies on the stack of the thread that used it first */
    TRACE_LOCK_ROBUST = 4,
    TRACE_LOCK_PROCESS_SHARED = 8,
    TRACE_LOCK_PRIORITY = 16,      /* priority inheritance or ceiling */
};

/* One lock during one life. Written when the lock first takes part in a dependency: a lock that is never nested has no record. */
struct trace_lock {
    struct trace_record_header header;
    uint32_t lock; /* id, 1, 2, ... */
    uint32_t kind; /* enum trace_lock_kind */
    uint32_t flags;
    uint32_t module;         /* module id; 0 unless TRACE_LOCK_STATIC */
    uint64_t address;        /* in the process */
    uint64_t offset;         /* address in the module's ELF file; 0 unless TRACE_LOCK_STATIC */
    uint32_t initialized_at; /* context id of its initialisation call; 0 when none was seen */
    uint32_t first_used_at;  /* context id of an acquisition of it */
    uint32_t thread;         /* thread id that used it when the record was written */
    uint32_t reserved;
};
static_assert(sizeof(struct trace_lock) == 56, "part of the format");

enum trace_lock_end_reason {
    TRACE_LOCK_DESTROYED = 1,     /* its destroy function was called */
    TRACE_LOCK_REINITIALIZED = 2, /* initialised again at the same address */
    TRACE_LOCK_FREED = 3,         /* its memory was freed */
};

/* The life of a lock has ended: the same address is another lock from here on. */
struct trace_lock_end {
    struct trace_record_header header;
    uint32_t lock;
    uint32_t reason; /* enum trace_lock_end_reason */
};
static_assert(sizeof(struct trace_lock_end) == 16, "part of the format");

enum trace_mode {
    TRACE_MODE_EXCLUSIVE = 1,
};

enum trace_dependency_flag {
    TRACE_DEPENDENCY_TIMED = 1,     /* the wait has a time-out */
    TRACE_DEPENDENCY_CONDITION = 2, /* the wait is the re-acquisition at the end of a condition wait */
};

struct trace_held {
    uint32_t lock;
    uint32_t context; /* where it was acquired */
    uint32_t mode;    /* enum trace_mode */
    uint32_t flags;   /* 0 */
};
static_assert(sizeof(struct trace_held) == 16, "part of the format");

/* "A thread that holds `held` waits for `lock`." Who did so, and when, is in the witnesses. Each dependency is written once:
 * all fields and all held locks together are its identity. The wanted lock itself is among the held ones when a thread
 * waits for a non-recursive lock that it holds. */
struct trace_dependency {
    struct trace_record_header header;
    uint32_t dependency; /* id, 1, 2, ... */
    uint32_t lock;       /* the wanted lock */
    uint32_t context;    /* where it is wanted */
    uint32_t mode;       /* enum trace_mode */
    uint32_t flags;      /* enum trace_dependency_flag */
    uint32_t held_count; /* 1 to LOCKORDER_TRACE_MAX_HELD */
    /* struct trace_held held[held_count], in order of acquisition */
};
static_assert(sizeof(struct trace_dependency) == 32, "part of the format");

/* One segment (and so one thread) in which a dependency was seen. Of many, the first and the most recent are kept: a recent one
 * is replaced in place, which changes `segment`. */
struct trace_witness {
    struct trace_record_header header;
    uint32_t dependency;
    uint32_t segment; /* in place */
    uint64_t count;   /* in place: how often; a lower bound until the thread or the process has ended */
};
static_assert(sizeof(struct trace_witness) == 24, "part of the format");

#endif
