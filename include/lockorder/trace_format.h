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
 * A merged trace holds several processes, one after the other: each starts with a trace_image, which says what the header of its
 * own file said, and all ids begin anew there.
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
#define LOCKORDER_TRACE_NEW_SUFFIX ".lockorder.new" /* while it has no header; left by a process that is killed meanwhile */

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
    TRACE_LIMIT_HISTORY = 10,     /* threads whose calls were kept in order up to some moment only */
    TRACE_LIMIT_CONTENTION = 11,  /* waits for locks that no trace_contention counts */
    TRACE_LIMIT_COUNT = 16        /* size of the array; unused entries are 0 */
};

enum trace_state {
    TRACE_STATE_RECORDING = 0, /* the process lives, or was killed */
    TRACE_STATE_CLOSED = 1,    /* the process exited; nothing will follow */
    TRACE_STATE_STOPPED = 2    /* recording ended early: no space, or the file reached its largest size */
};

enum trace_process_flag {
    TRACE_PROCESS_FORKED = 1,    /* a child after fork: it has run no program image of its own */
    TRACE_PROCESS_TRUNCATED = 2, /* in trace_image: its file ended before what its header promised */
};

/* Of the file, in trace_header.flags, beside those of its process. */
enum trace_file_flag {
    TRACE_FILE_MERGED = 0x10000,        /* it holds processes of other files; of the header, only sums are of use */
    TRACE_FILE_ACROSS_BUILDS = 0x20000, /* whoever merged them says: builds of one module are to be joined by names */
};

struct trace_header {
    char magic[LOCKORDER_TRACE_MAGIC_SIZE];
    uint32_t version;
    uint32_t header_size;               /* bytes; the first record starts here */
    uint64_t committed;                 /* in place, release order: bytes from the start of the file that are complete */
    uint32_t process;                   /* pid */
    uint32_t parent;                    /* pid of the parent at start */
    uint64_t started_at;                /* CLOCK_REALTIME, nanoseconds */
    uint32_t state;                     /* in place: enum trace_state */
    uint32_t flags;                     /* enum trace_process_flag */
    uint32_t hooks_ran;                 /* in place: 1 once any lock call of the program reached the recorder */
    uint32_t deadlocks;                 /* in place: events of the kind TRACE_EVENT_DEADLOCK */
    uint64_t acquisitions;              /* in place: lock acquisitions; a lower bound until the process has ended */
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
    TRACE_RECORD_LOCK_IS_SIGNAL = 11,
    TRACE_RECORD_TRY_FALLBACK = 12,
    TRACE_RECORD_EVENT = 13,
    TRACE_RECORD_WAIT = 14,
    TRACE_RECORD_LOCK_NAME = 15,
    TRACE_RECORD_DECLARED_ORDER = 16,
    TRACE_RECORD_SHARED_OBJECT = 17,
    TRACE_RECORD_IMAGE = 18,
    TRACE_RECORD_EPOCH = 19,
    TRACE_RECORD_HISTORY = 20,
    TRACE_RECORD_CONTENTION = 21,
};

struct trace_record_header {
    uint32_t size;     /* bytes of the whole record, this header included; a multiple of 8 */
    uint16_t type;     /* enum trace_record_type */
    uint16_t reserved; /* 0 */
};
static_assert(sizeof(struct trace_record_header) == 8, "part of the format");

/* In a merged trace, a process begins: what follows, up to the next one, is its file without the header. The fields are those of
 * trace_header. */
struct trace_image {
    struct trace_record_header header;
    uint32_t process;
    uint32_t parent;
    uint64_t started_at;
    uint32_t state;
    uint32_t flags; /* enum trace_process_flag */
    uint32_t hooks_ran;
    uint32_t deadlocks;
    uint64_t acquisitions;
    uint64_t limits[TRACE_LIMIT_COUNT];
};
static_assert(sizeof(struct trace_image) == 176, "part of the format");

/* The program: its executable and its command line. First record of every file, and of every image. */
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
    uint32_t thread;     /* id, 1, 2, ... */
    uint32_t kernel_id;  /* tid */
    uint32_t parent;     /* thread id of the creator; 0 when unknown */
    uint32_t created_at; /* context id of the call that created it; 0 when unknown */
    uint32_t flags;      /* enum trace_thread_flag */
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
    TRACE_SEGMENT_THREAD = 1,  /* the thread began; `other` is the segment of its creator that ended with the create */
    TRACE_SEGMENT_CREATE = 2,  /* after this thread created another one; `other` is 0 */
    TRACE_SEGMENT_JOIN = 3,    /* after this thread joined another one; `other` is the last segment of that thread */
    TRACE_SEGMENT_BARRIER = 4, /* after a barrier; `other` is the meeting of those who waited at it */
    TRACE_SEGMENT_MEETING = 5, /* no thread's (`thread` is 0): the arrival of one more thread at a barrier; `other` is the segment
                                * that ended with it, `previous` the meeting so far */
    TRACE_SEGMENT_EPOCH = 6, /* the thread goes on in a new epoch; `other` is 0 */
};

/* A stretch of one thread. It begins after `previous` (same thread, except at a meeting) and after `other` have ended. */
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

/* An epoch begins, as the program or the user says: segments that were written before have ended, as far as the verdict goes,
 * before those that follow begin. */
struct trace_epoch {
    struct trace_record_header header;
    uint32_t epoch; /* 1, 2, ...; what comes before the first is epoch 0 */
    uint32_t reserved;
};
static_assert(sizeof(struct trace_epoch) == 16, "part of the format");

enum trace_context_flag {
    TRACE_CONTEXT_CUT = 1, /* more frames than LOCKORDER_TRACE_MAX_FRAMES, or unwinding stopped early */
};

/* A frame is a return address: its instruction is the one before. Packed as module id (16 bits) and address in the module's ELF
 * file (48 bits); with module 0, the address is the process's own. */
#define TRACE_FRAME(module, address) (((uint64_t)(module) << 48) | ((uint64_t)(address)&0xffffffffffffULL))
#define TRACE_FRAME_MODULE(frame) ((uint32_t)((frame) >> 48))
#define TRACE_FRAME_ADDRESS(frame) ((uint64_t)((frame)&0xffffffffffffULL))

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
    TRACE_LOCK_RWLOCK = 5,
    TRACE_LOCK_SPIN = 6,
    TRACE_LOCK_SEMAPHORE = 7,  /* that only its waiters post; see trace_lock_is_signal */
    TRACE_LOCK_ONCE = 8,       /* pthread_once_t or once_flag, held while its function runs */
    TRACE_LOCK_GUARD = 9,      /* of a static local variable of C++, held while its initialiser runs */
    TRACE_LOCK_LOADER = 10,    /* the dynamic loader's, held while dlopen or dlclose runs; one for the whole process */
    TRACE_LOCK_FILE = 11,      /* a stream of stdio, by flockfile */
    TRACE_LOCK_ANNOTATED = 12, /* the program's own, told by include/lockorder/annotate.h */
};

enum trace_lock_flag {
    TRACE_LOCK_STATIC = 1, /* lies in a module: `module` and `offset` say where */
    TRACE_LOCK_STACK = 2,  /* lies on the stack of the thread that used it first */
    TRACE_LOCK_ROBUST = 4,
    TRACE_LOCK_PROCESS_SHARED = 8,
    TRACE_LOCK_PRIORITY = 16,       /* priority inheritance or ceiling */
    TRACE_LOCK_PREFERS_WRITER = 32, /* a rwlock at which a reader waits for writers that wait */
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
    TRACE_LOCK_UNMAPPED = 4,      /* its memory was unmapped */
};

/* The life of a lock has ended: the same address is another lock from here on. */
struct trace_lock_end {
    struct trace_record_header header;
    uint32_t lock;
    uint32_t reason; /* enum trace_lock_end_reason */
};
static_assert(sizeof(struct trace_lock_end) == 16, "part of the format");

/* A semaphore was posted by a thread that did not hold it, or its value exceeded 1: it is a signal and no lock. All its
 * dependencies, those before this record and those after it, wanted and held, are void. */
struct trace_lock_is_signal {
    struct trace_record_header header;
    uint32_t lock;
    uint32_t reserved;
};
static_assert(sizeof(struct trace_lock_is_signal) == 16, "part of the format");

/* What the program calls a lock, by annotation. The last record counts. */
struct trace_lock_name {
    struct trace_record_header header;
    uint32_t lock;
    uint32_t level;       /* nesting level within its class; 0 for none */
    uint32_t name_length; /* bytes, final NUL included; 1 for no name */
    uint32_t reserved;
    /* char name[name_length], then zeros up to a multiple of 8 */
};
static_assert(sizeof(struct trace_lock_name) == 24, "part of the format");

/* The program says that locks of one name are to be taken before those of another. */
struct trace_declared_order {
    struct trace_record_header header;
    uint32_t context;       /* of the declaration */
    uint32_t before_length; /* bytes of the name that starts `names`, its final NUL included */
    uint32_t after_length;  /* bytes of the name that follows, its final NUL included */
    uint32_t reserved;
    /* char names[before_length + after_length], then zeros up to a multiple of 8 */
};
static_assert(sizeof(struct trace_declared_order) == 24, "part of the format");

/* Where a process-shared lock lies: locks of several processes with equal device, inode and offset are one. */
struct trace_shared_object {
    struct trace_record_header header;
    uint32_t lock;
    uint32_t reserved;
    uint64_t device;
    uint64_t inode;
    uint64_t offset;
};
static_assert(sizeof(struct trace_shared_object) == 40, "part of the format");

enum trace_mode {
    TRACE_MODE_EXCLUSIVE = 1,
    TRACE_MODE_SHARED = 2, /* a reader's */
};

enum trace_dependency_flag {
    TRACE_DEPENDENCY_TIMED = 1,     /* the wait has a time-out */
    TRACE_DEPENDENCY_CONDITION = 2, /* the wait is the re-acquisition at the end of a condition wait */
    TRACE_DEPENDENCY_TRY = 4,       /* no wait but a try that succeeded; a wait nevertheless where trace_try_fallback says so */
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
    uint32_t held_count; /* at most LOCKORDER_TRACE_MAX_HELD; 0 only for who writes a lock that lets waiting writers go first */
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

/* A try-lock failed, and the same thread then went on to wait for the same lock. Tries from the code that made this one (from the
 * return address frames[0] of `tried_at`) stand for the wait that would have followed. */
struct trace_try_fallback {
    struct trace_record_header header;
    uint32_t tried_at; /* context id */
    uint32_t waits_at; /* context id */
};
static_assert(sizeof(struct trace_try_fallback) == 16, "part of the format");

enum trace_event_kind {
    /* Threads that wait for each other now. One step for each; the lock that one wants is held by the next. A thread that waits
     * for itself is one step. A step whose `wants` is 0 waits for the end of `other_thread`. */
    TRACE_EVENT_DEADLOCK = 1,
    /* The rest have one step: `thread` called something at `wants_context`, which concerns lock `wants` where there is one. What
     * it conflicts with is lock `holds`, or where `holds` is 0 the lock `wants`, acquired, initialised or otherwise used at
     * `holds_context` by `other_thread`; 0 where not known. */
    TRACE_EVENT_UNLOCK_NOT_HELD = 16,        /* misuse: unlock of a lock that nobody holds */
    TRACE_EVENT_UNLOCK_NOT_OWNER = 17,       /* misuse: unlock of a lock that another thread holds */
    TRACE_EVENT_DESTROY_HELD = 18,           /* misuse: destroy of a lock that is held or waited for */
    TRACE_EVENT_EXIT_HOLDING = 19,           /* misuse: a thread ended while holding a lock */
    TRACE_EVENT_INIT_HELD = 20,              /* misuse: initialisation of a lock that is held */
    TRACE_EVENT_USE_DESTROYED = 21,          /* misuse: use of a destroyed lock */
    TRACE_EVENT_WAIT_WITHOUT_MUTEX = 22,     /* misuse: a condition wait by a thread that does not hold the mutex */
    TRACE_EVENT_WAIT_WITH_TWO_MUTEXES = 23,  /* misuse: threads wait at one condition with different mutexes */
    TRACE_EVENT_AGAINST_DECLARED_ORDER = 24, /* misuse: takes `wants` while it holds `holds`, against what the program declared */
    TRACE_EVENT_CONDITION_HOLDING = 32,      /* hazard: a condition wait while another lock, `holds`, is held */
    TRACE_EVENT_JOIN_HOLDING = 33,           /* hazard: joins `other_thread` while holding `holds`, which that one takes */
    TRACE_EVENT_SIGNAL_HANDLER = 34,         /* hazard: `wants` is taken in the handler of signal `detail`, and at `holds_context`
                                              * where that signal may be delivered */
    TRACE_EVENT_FORK_WHILE_HELD = 35, /* hazard: the child of a fork takes `wants`, which another thread held at the fork */
    TRACE_EVENT_BARRIER_HOLDING = 36, /* hazard: waits at a barrier while holding `holds`, which a participant takes */
    TRACE_EVENT_LIVELOCK = 37,        /* hazard: again and again tries `wants`, which `other_thread` holds, while holding `holds`, which
                                       * that one tries at `holds_context` */
};

struct trace_event_step {
    uint32_t thread;
    uint32_t holds; /* lock id */
    uint32_t holds_context;
    uint32_t holds_mode; /* enum trace_mode; 0 where it does not apply */
    uint32_t wants;      /* lock id */
    uint32_t wants_context;
    uint32_t wants_mode;   /* enum trace_mode; 0 where it does not apply */
    uint32_t other_thread; /* whose end this thread waits for, or as the kind says */
};
static_assert(sizeof(struct trace_event_step) == 32, "part of the format");

/* Something that happened, as the recorder saw it happen. The same again, from the same contexts, is not written twice. */
struct trace_event {
    struct trace_record_header header;
    uint32_t kind;       /* enum trace_event_kind */
    uint32_t step_count; /* 1 to LOCKORDER_TRACE_MAX_HELD */
    uint32_t detail;     /* as the kind says, else 0 */
    uint32_t reserved;
    /* struct trace_event_step steps[step_count] */
};
static_assert(sizeof(struct trace_event) == 24, "part of the format");

enum trace_wait_kind {
    TRACE_WAIT_LOCK = 1,      /* `object` is a lock id; 0 when it has none */
    TRACE_WAIT_CONDITION = 2, /* `object` is 0 */
    TRACE_WAIT_JOIN = 3,      /* `object` is a thread id */
    TRACE_WAIT_BARRIER = 4,   /* `object` is 0 */
    TRACE_WAIT_SEMAPHORE = 5, /* for a post, which may come from any thread */
};

enum trace_wait_flag {
    TRACE_WAIT_GIVES_UP = 1,       /* it has a time-out */
    TRACE_WAIT_PROCESS_SHARED = 2, /* for a lock that other processes may hold */
};

/* What a thread is blocked on, if it is. Written once for each thread that ever was; then only changed in place. A reader may
 * meet a mixture of an older and a newer wait. */
struct trace_wait {
    struct trace_record_header header;
    uint32_t thread;
    uint16_t kind;    /* in place: enum trace_wait_kind */
    uint16_t flags;   /* in place: enum trace_wait_flag */
    uint64_t since;   /* in place: CLOCK_MONOTONIC, nanoseconds; 0 while it is not blocked */
    uint64_t address; /* in place: of the lock, condition or barrier */
    uint32_t object;  /* in place */
    uint32_t context; /* in place: context id of the call */
};
static_assert(sizeof(struct trace_wait) == 40, "part of the format");

/* The waits of one thread for one lock at one place. Written at the first; then only changed in place, by that thread. Times are in
 * nanoseconds. A lock that is not free when it is asked for counts, however soon it becomes so. */
struct trace_contention {
    struct trace_record_header header;
    uint32_t thread;
    uint32_t lock;
    uint32_t context; /* of the call that waits */
    uint32_t reserved;
    uint64_t waits;       /* in place */
    uint64_t total;       /* in place: time waited, over all */
    uint64_t longest;     /* in place: time of the longest one */
    uint32_t holder;      /* in place: the thread that had the lock when the longest one began; 0 when unknown */
    uint32_t held_context; /* in place: context at which that one had acquired it; 0 when unknown */
};
static_assert(sizeof(struct trace_contention) == 56, "part of the format");

/* Calls in the history of a thread. A call is one unit of 16 bits: which call it is, and an operand (TRACE_HISTORY_UNIT). Where the
 * operand is a slot, the call is about the lock, or the other object, that the slot stands for since TRACE_HISTORY_SLOT was last
 * seen for it. */
enum trace_history_call {
    TRACE_HISTORY_END = 0,      /* nothing more in this record; operand 0 */
    TRACE_HISTORY_ACQUIRED = 1, /* slot: has the lock now */
    TRACE_HISTORY_RELEASED = 2, /* slot: is about to release the lock */
    TRACE_HISTORY_FAILED = 3,   /* slot: a try, or a wait with a time-out, did not get the lock */
    TRACE_HISTORY_GAVE = 4,     /* slot: what the thread did so far may be what others wait for at this object */
    TRACE_HISTORY_TOOK = 5,     /* slot: what others gave there, or did before they released this lock, has let the thread go on */
    TRACE_HISTORY_NUMBER = 6,   /* the thread's number grows by the operand */
    TRACE_HISTORY_SLOT = 7,     /* slot: stands for something else from here on; TRACE_HISTORY_SLOT_UNITS follow */
    TRACE_HISTORY_NUMBER_IS = 8, /* the thread's number; four units follow, the lowest first */
    TRACE_HISTORY_PASSED = 9,    /* slot: acquired, and released by the next call */
    TRACE_HISTORY_AGAIN = 10,    /* the same as the unit before, a TRACE_HISTORY_PASSED, so many times more as the operand says */
};

enum {
    TRACE_HISTORY_SLOTS = 512,     /* of a thread: 0, 1, ... */
    TRACE_HISTORY_SLOT_UNITS = 7,  /* address of the lock or object (4, the lowest first), context id (2), kind << 8 | mode (1) */
    TRACE_HISTORY_NUMBER_UNITS = 4,
};

#define TRACE_HISTORY_UNIT(call, operand) ((uint16_t)((unsigned)(call) | (unsigned)(operand) << 4))
#define TRACE_HISTORY_CALL(unit) ((unsigned)(unit)&0xf)
#define TRACE_HISTORY_OPERAND(unit) ((unsigned)(unit) >> 4)

/* The next calls of a thread, in order; only where the user asks for them. All records of one thread together are its history.
 *
 * A number is the thread's from the call that follows it on, the first being 0. It says when the call was, against calls of other
 * threads: of two calls about one lock or object, one of which had to come before the other, the earlier one has the lower
 * number. A history may end anywhere; it is complete up to its end. */
struct trace_history {
    struct trace_record_header header;
    uint32_t thread;
    uint32_t unit_count;
    /* uint16_t units[unit_count], in place: zero until they are written; then zeros up to a multiple of 8 */
};
static_assert(sizeof(struct trace_history) == 16, "part of the format");

#endif
