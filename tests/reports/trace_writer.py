"""Writes traces byte by byte, as include/lockorder/trace_format.h describes them, for tests of what reads them."""

import struct

HEADER_SIZE = 256
VERSION = 1
RECORDING, CLOSED, STOPPED = 0, 1, 2
MUTEX, RECURSIVE, ERRORCHECK = 1, 2, 3
STATIC, STACK = 1, 2
MAIN, UNKNOWN = 1, 2
TIMED, CONDITION, TRY = 1, 2, 4
RWLOCK, SPIN, SEMAPHORE, ONCE = 5, 6, 7, 8
PREFERS_WRITER = 32
EXCLUSIVE, SHARED = 1, 2
(DEADLOCK, UNLOCK_NOT_HELD, UNLOCK_NOT_OWNER, DESTROY_HELD, EXIT_HOLDING, INIT_HELD, USE_DESTROYED, WAIT_WITHOUT_MUTEX,
 WAIT_WITH_TWO_MUTEXES) = 1, *range(16, 24)
CONDITION_HOLDING, JOIN_HOLDING, SIGNAL_HANDLER, FORK_WHILE_HELD, BARRIER_HOLDING = range(32, 37)
GIVES_UP = 1
WAIT_LOCK, WAIT_CONDITION, WAIT_JOIN, WAIT_BARRIER, WAIT_SEMAPHORE = range(1, 6)


class TraceWriter:
    """One process. Methods that define something return its id."""

    def __init__(self, pid=100, parent=1, state=CLOSED, forked=False, hooks_ran=True, acquisitions=0, limits=None,
                 deadlocks=0):
        self.pid, self.parent, self.state = pid, parent, state
        self.forked, self.hooks_ran, self.acquisitions = forked, hooks_ran, acquisitions
        self.limits, self.deadlocks = limits or {}, deadlocks
        self.records = []
        self.last = {}

    def _next(self, kind):
        self.last[kind] = self.last.get(kind, 0) + 1
        return self.last[kind]

    def record(self, kind, body):
        size = (8 + len(body) + 7) // 8 * 8
        self.records.append(struct.pack("<IHH", size, kind, 0) + body + b"\0" * (size - 8 - len(body)))

    def process(self, executable, arguments):
        """The process and its main thread, which is thread 1."""
        path = executable + b"\0"
        words = b"".join(argument + b"\0" for argument in arguments)
        self.record(1, struct.pack("<IIII", len(arguments), len(path), len(words), 0) + path + words)
        self.main_segment = self.segment(self.thread(arguments[0].rsplit(b"/")[-1][:15] if arguments else b"", flags=MAIN))

    def start_thread(self, name):
        """A thread that the main thread creates; returns its segment."""
        segment = self.segment(self.thread(name, parent=1), other=self.main_segment)
        self.main_segment = self.segment(1, previous=self.main_segment, start=2)
        return segment

    def module(self, path, build_id=b"", start=0x400000, size=0x100000):
        module = self._next("module")
        name = path + b"\0"
        fixed = struct.pack("<IIQQQ32sII", module, len(build_id), start, start, start + size, build_id, len(name), 0)
        self.record(2, fixed + name)
        return module

    def thread(self, name=b"", parent=0, created_at=0, flags=0, acquisitions=0):
        thread = self._next("thread")
        kernel_id = self.pid + thread - 1
        self.record(3, struct.pack("<IIIIII16sQ", thread, kernel_id, parent, created_at, flags, 0, name, acquisitions))
        return thread

    def segment(self, thread, previous=0, other=0, start=1):
        segment = self._next("segment")
        self.record(4, struct.pack("<IIIIII", segment, thread, previous, other, start, 0))
        return segment

    def context(self, frames, flags=0):
        """frames: (module, return address), innermost first."""
        context = self._next("context")
        packed = b"".join(struct.pack("<Q", module << 48 | address) for module, address in frames)
        self.record(5, struct.pack("<IHH", context, len(frames), flags) + packed)
        return context

    def lock(self, kind=MUTEX, flags=0, module=0, offset=0, address=0x7000, initialized_at=0, first_used_at=0, thread=1):
        lock = self._next("lock")
        places = struct.pack("<IIII", initialized_at, first_used_at, thread, 0)
        self.record(6, struct.pack("<IIIIQQ", lock, kind, flags, module, address, offset) + places)
        return lock

    def dependency(self, held, lock, context, flags=0, mode=EXCLUSIVE):
        """held: (lock, context) or (lock, context, mode), in order of acquisition."""
        dependency = self._next("dependency")
        packed = b"".join(struct.pack("<IIII", *(part + (EXCLUSIVE,))[:3], 0) for part in held)
        self.record(8, struct.pack("<IIIIII", dependency, lock, context, mode, flags, len(held)) + packed)
        return dependency

    def witness(self, dependency, segment, count=1):
        self.record(9, struct.pack("<IIQ", dependency, segment, count))

    def thread_end(self, thread, last_segment):
        self.record(10, struct.pack("<II", thread, last_segment))

    def event(self, kind, *steps, detail=0):
        """steps: of step() below. Deadlocks are counted in the header, too."""
        self.record(13, struct.pack("<IIII", kind, len(steps), detail, 0) + b"".join(steps))
        self.deadlocks += kind == DEADLOCK

    def wait(self, thread, kind, since, obj=0, context=0, address=0, flags=0):
        self.record(14, struct.pack("<IHHQQII", thread, kind, flags, since, address, obj, context))

    def contention(self, thread, lock, context, waits, total, longest, holder, held_context):
        self.record(21, struct.pack("<IIIIQQQII", thread, lock, context, 0, waits, total, longest, holder, held_context))

    def history(self, thread, *units):
        self.record(20, struct.pack("<II", thread, len(units)) + struct.pack(f"<{len(units)}H", *units))

    def lock_is_signal(self, lock):
        self.record(11, struct.pack("<II", lock, 0))

    def try_fallback(self, tried_at, waits_at):
        self.record(12, struct.pack("<II", tried_at, waits_at))

    def lock_name(self, lock, name, level=0):
        self.record(15, struct.pack("<IIII", lock, level, len(name) + 1, 0) + name + b"\0")

    def declared_order(self, context, before, after):
        lengths = struct.pack("<IIII", context, len(before) + 1, len(after) + 1, 0)
        self.record(16, lengths + before + b"\0" + after + b"\0")

    def shared_object(self, lock, device, inode, offset):
        self.record(17, struct.pack("<IIQQQ", lock, 0, device, inode, offset))

    def bytes(self, version=VERSION, committed=None):
        body = b"".join(self.records)
        limits = [self.limits.get(limit, 0) for limit in range(16)]
        header = struct.pack("<8sIIQIIQIIIIQ16Q8Q", b"LOCKORD\n", version, HEADER_SIZE,
                             HEADER_SIZE + len(body) if committed is None else committed, self.pid, self.parent,
                             1700000000000000000, self.state, int(self.forked), int(self.hooks_ran), self.deadlocks, self.acquisitions,
                             *limits, *[0] * 8)
        assert len(header) == HEADER_SIZE
        return header + body


def step(thread, holds=(0, 0), wants=(0, 0), other=0):
    """One thread's part in an event. holds and wants: (lock, context) or (lock, context, mode)."""
    sides = [(side + (EXCLUSIVE if side[0] else 0,))[:3] for side in (holds, wants)]
    return struct.pack("<IIIIIIII", thread, *sides[0], *sides[1], other)


def two_orders(trace, first_lock, second_lock, first_places, second_places, counts=(991, 9), names=(b"left", b"right"), flags=0):
    """Two threads that take two locks in opposite orders. Places: contexts of (holding, wanting) for each thread."""
    one, two = trace.start_thread(names[0]), trace.start_thread(names[1])
    trace.witness(trace.dependency([(first_lock, first_places[0])], second_lock, first_places[1], flags), one, counts[0])
    trace.witness(trace.dependency([(second_lock, second_places[0])], first_lock, second_places[1], flags), two, counts[1])
