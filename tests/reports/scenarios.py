"""Runs that never happened, as traces: one function each, which returns the traces of its processes by file name."""

import subprocess

import trace_writer as tw
from trace_writer import (CONDITION, RECORDING, RECURSIVE, RWLOCK, SHARED, STACK, STATIC, STOPPED, TIMED, UNKNOWN, TraceWriter,
                          step, two_orders)

MUTEX_IN_ACCOUNT, ACCOUNT_SIZE = 8, 48


class Subject:
    """The program of subject.c: addresses of its functions and variables."""

    def __init__(self, path):
        self.path = str(path)
        symbols = subprocess.run(["nm", self.path], capture_output=True, text=True, check=True).stdout.split("\n")
        self.addresses = {line.split()[2]: int(line.split()[0], 16) for line in symbols if len(line.split()) == 3}
        self.build_id = self._build_id()

    def _build_id(self):
        notes = subprocess.run(["readelf", "-n", self.path], capture_output=True, text=True, check=True).stdout
        return bytes.fromhex(notes.partition("Build ID: ")[2].split("\n")[0].strip())

    def account(self, index):
        return self.addresses["accounts"] + index * ACCOUNT_SIZE + MUTEX_IN_ACCOUNT

    def module(self, trace):
        return trace.module(self.path.encode(), build_id=self.build_id)

    def context(self, trace, module, *functions, flags=0):
        """A stack of these functions, innermost first; each frame is one byte into its function."""
        return trace.context([(module, self.addresses[function] + 1) for function in functions], flags)


def bank(trace, subject, names=(b"transfer-in", b"transfer-out"), counts=(991, 9), caller="audit"):
    module = subject.module(trace)
    debit = subject.context(trace, module, "debit", "transfer", caller)
    credit = subject.context(trace, module, "credit", "transfer", caller)
    locks = [trace.lock(flags=STATIC, module=module, offset=subject.account(i), address=0x555500000000 + 48 * i,
                        first_used_at=debit) for i in range(2)]
    two_orders(trace, *locks, (debit, credit), (debit, credit), counts, names)


def static_locks(subject):
    """Two threads, two static locks, debug information."""
    trace = TraceWriter(pid=4711, acquisitions=2002)
    trace.process(b"/home/user/bank", [b"./bank", b"--fast"])
    bank(trace, subject)
    return {"bank": trace.bytes()}


def heap_and_stack_locks(subject):
    """Locks without a name: one initialised, one first seen when locked; a third lock held beside them; a stack that was cut."""
    trace = TraceWriter(pid=4711, acquisitions=20)
    trace.process(b"/home/user/bank", [b"./bank"])
    module = subject.module(trace)
    opened = subject.context(trace, module, "open_account", "main")
    debit = subject.context(trace, module, "debit", "transfer", flags=1)
    credit = subject.context(trace, module, "credit", "transfer")
    journal = subject.context(trace, module, "write_journal", "audit")
    heap = trace.lock(kind=RECURSIVE, address=0x7f0000001000, initialized_at=opened, first_used_at=debit)
    stack = trace.lock(flags=STACK, address=0x7ffc00002000, first_used_at=credit)
    beside = trace.lock(flags=STATIC, module=module, offset=subject.addresses["journal"], address=0x555500003000,
                        first_used_at=journal)
    left, right = trace.start_thread(b""), trace.start_thread(b"right")
    trace.witness(trace.dependency([(beside, journal), (heap, debit)], stack, credit), left, 7)
    trace.witness(trace.dependency([(stack, debit)], heap, credit, TIMED), right, 1)
    return {"bank": trace.bytes()}


def missing_program(_subject):
    """The program is gone: module and offset are all that can be shown."""
    trace = TraceWriter(pid=4711, acquisitions=4)
    trace.process(b"/nowhere/bank", [b"bank"])
    module = trace.module(b"/nowhere/bank", build_id=bytes(range(20)))
    places = [trace.context([(module, 0x1139 + 16 * i), (module, 0x1200), (0, 0x7f1234567890)]) for i in range(4)]
    static = trace.lock(flags=STATIC, module=module, offset=0x4040, first_used_at=places[0])
    heap = trace.lock(address=0x55550000a000, initialized_at=places[0], first_used_at=places[1])
    two_orders(trace, static, heap, places[:2], places[2:], names=(b"left", b"right"))
    return {"bank": trace.bytes()}


def one_thread_twice(subject):
    """A thread wants the lock that it holds."""
    trace = TraceWriter(pid=4711, acquisitions=1)
    trace.process(b"/home/user/bank", [b"./bank"])
    module = subject.module(trace)
    place = subject.context(trace, module, "write_journal", "audit", "main")
    lock = trace.lock(flags=STATIC, module=module, offset=subject.addresses["journal"], address=0x555500003000,
                      first_used_at=place)
    trace.witness(trace.dependency([(lock, place)], lock, place), trace.main_segment)
    return {"bank": trace.bytes()}


def condition_wait(subject):
    """Mutexes of condition waits, taken again; one variable is initialised twice, so two locks have its name."""
    trace = TraceWriter(pid=4711, acquisitions=10)
    trace.process(b"/home/user/bank", [b"./bank"])
    module = subject.module(trace)
    opened = subject.context(trace, module, "open_account", "main")
    debit = subject.context(trace, module, "debit", "transfer")
    credit = subject.context(trace, module, "credit", "transfer")
    locks = [trace.lock(flags=STATIC, module=module, offset=subject.addresses["journal"], address=0x555500003000,
                        initialized_at=opened, first_used_at=debit) for _ in range(2)]
    two_orders(trace, *locks, (debit, credit), (credit, debit), flags=CONDITION)
    return {"bank": trace.bytes()}


def clean(subject):
    """One order only."""
    trace = TraceWriter(pid=4711, acquisitions=100)
    trace.process(b"/home/user/bank", [b"./bank"])
    module = subject.module(trace)
    places = [subject.context(trace, module, function, "transfer") for function in ("debit", "credit")]
    locks = [trace.lock(flags=STATIC, module=module, offset=subject.account(i), first_used_at=places[0]) for i in range(2)]
    trace.witness(trace.dependency([(locks[0], places[0])], locks[1], places[1]), trace.start_thread(b"worker"), 50)
    return {"bank": trace.bytes()}


def nothing_observed(_subject):
    trace = TraceWriter(pid=4711, hooks_ran=False)
    trace.process(b"/usr/bin/true", [b"true"])
    return {"true": trace.bytes()}


def many_processes(subject):
    """A server with findings in two of its processes; others forked, called exec, took no lock, were killed, ran out of space."""
    server = TraceWriter(pid=10, acquisitions=100)
    server.process(b"/home/user/server", [b"./server", b"-p", b"80"])
    traces = {"1": server}
    for pid, caller, counts in ((11, "audit", (5, 5)), (12, "audit", (6, 6)), (13, "main", (1, 1))):
        trace = TraceWriter(pid=pid, parent=10, forked=True, acquisitions=10)
        trace.process(b"/home/user/server", [b"./server", b"-p", b"80"])
        bank(trace, subject, counts=counts, caller=caller)
        traces[str(pid)] = trace
    for pid in range(20, 27):
        trace = TraceWriter(pid=pid, parent=10, hooks_ran=False)
        trace.process(b"/usr/bin/true", [b"true"])
        traces[str(pid)] = trace
    killed = TraceWriter(pid=30, parent=10, state=RECORDING, limits={3: 342, 7: 1, 12: 5})
    killed.process(b"/usr/bin/worker", [b"worker"])
    traces["30"] = killed
    replaced = TraceWriter(pid=31, parent=10, state=RECORDING)
    replaced.process(b"/bin/sh", [b"sh"])
    program = TraceWriter(pid=31, parent=10)
    program.process(b"/usr/bin/cat", [b"cat"])
    full = TraceWriter(pid=32, parent=10, state=STOPPED, limits={0: 12})
    full.process(b"/usr/bin/worker", [b"worker"])
    traces |= {"31-a": replaced, "31-b": program, "32": full}
    return {name: trace.bytes() for name, trace in traces.items()}


def hostile_names(_subject):
    """Terminal escapes, line ends, invalid UTF-8 and reversed writing in everything that the program names."""
    trace = TraceWriter(pid=4711, acquisitions=4)
    trace.process(b"/nowhere/\x1b[31mred\n", [b"./\x1b]0;title\x07", b"\xff\xfe"])
    module = trace.module(b"/nowhere/\xff\x1b[2J")
    places = [trace.context([(module, 0x1139 + 16 * i)]) for i in range(4)]
    locks = [trace.lock(address=0x1000 * i, initialized_at=places[i], first_used_at=places[i]) for i in range(2)]
    two_orders(trace, *locks, places[:2], places[2:], names=("\u202eesrever\u202c".encode(), b"\x9b31m\xc3\xa9\xc3"))
    return {"\x1b[31m": trace.bytes()}


def unknown_threads(subject):
    """A ring of three, of threads that nobody saw being created, with names that are the same."""
    trace = TraceWriter(pid=4711, acquisitions=9)
    trace.process(b"/home/user/bank", [b"./bank"])
    module = subject.module(trace)
    debit = subject.context(trace, module, "debit", "transfer")
    credit = subject.context(trace, module, "credit", "transfer")
    offsets = [subject.account(0), subject.account(1), subject.addresses["journal"]]
    locks = [trace.lock(flags=STATIC, module=module, offset=offset, address=0x555500000000 + 64 * i, first_used_at=debit)
             for i, offset in enumerate(offsets)]
    for i in range(3):
        segment = trace.segment(trace.thread(b"worker", flags=UNKNOWN))
        trace.witness(trace.dependency([(locks[i], debit)], locks[(i + 1) % 3], credit), segment, i + 1)
    return {"bank": trace.bytes()}


class Story:
    """A run of the subject in which threads 2, "left", and 3, "right", met its two accounts and its journal."""

    def __init__(self, subject, pid=4711):
        self.trace = TraceWriter(pid=pid, acquisitions=10)
        self.trace.process(b"/home/user/bank", [b"./bank"])
        module = self.trace.module(subject.path.encode(), build_id=subject.build_id)
        for function in ("open_account", "debit", "credit", "write_journal", "transfer"):
            setattr(self, function, subject.context(self.trace, module, function, "audit", "main"))
        self.left, self.right = self.trace.start_thread(b"left"), self.trace.start_thread(b"right")
        offsets = [subject.account(0), subject.account(1), subject.addresses["journal"]]
        self.account, self.other, self.journal = (
            self.trace.lock(flags=STATIC, module=module, offset=offset, address=0x555500000000 + 64 * i, first_used_at=self.debit)
            for i, offset in enumerate(offsets))

    def traces(self):
        return {"bank": self.trace.bytes()}


def deadlock(subject):
    """Two threads wait for each other; the cycle of the same steps is not told once more, another one is."""
    story = Story(subject)
    trace, account, other = story.trace, story.account, story.other
    trace.witness(trace.dependency([(account, story.debit)], other, story.credit), story.left, 991)
    trace.witness(trace.dependency([(other, story.debit)], account, story.credit), story.right, 9)
    trace.witness(trace.dependency([(other, story.debit)], account, story.write_journal), story.right, 3)
    trace.event(tw.DEADLOCK, step(3, (other, story.debit), (account, story.credit)),
                step(2, (account, story.debit), (other, story.credit)))
    return story.traces()


def deadlock_by_join(subject):
    """The main thread waits for the end of one that wants its lock."""
    story = Story(subject)
    story.trace.event(tw.DEADLOCK, step(1, (story.journal, story.write_journal), (0, story.transfer), other=2),
                      step(2, wants=(story.journal, story.debit)))
    return story.traces()


def deadlock_of_ended_owner(subject):
    """The thread that held the lock has ended."""
    story = Story(subject)
    story.trace.event(tw.EXIT_HOLDING, step(2, (0, story.debit), (story.account, 0)))
    story.trace.event(tw.DEADLOCK, step(3, wants=(story.account, story.credit)),
                      step(2, (story.account, story.debit)))
    return story.traces()


def deadlock_of_forked_child(subject):
    """In the child of a fork, two threads wait for what a thread of the parent held."""
    story = Story(subject)
    story.trace.event(tw.DEADLOCK, step(1, wants=(story.account, story.credit)),
                      step(2, (story.account, story.debit), (story.journal, story.write_journal)), step(0, (story.journal, 0)))
    return story.traces()


def deadlock_of_readers(subject):
    """A reader waits behind a writer, which waits for another reader, which wants what the first one holds."""
    story = Story(subject)
    trace = story.trace
    rates = trace.lock(kind=RWLOCK, flags=tw.PREFERS_WRITER, address=0x7f0000001000, initialized_at=story.open_account)
    trace.event(tw.DEADLOCK, step(2, (story.account, story.debit), (rates, story.transfer, SHARED)),
                step(1, wants=(rates, story.write_journal)),
                step(3, (rates, story.transfer, SHARED), (story.account, story.credit)))
    return story.traces()


def hanging(subject):
    """Two threads wait for each other now; others wait for anything that a thread can wait for, two do not."""
    story = Story(subject)
    trace = story.trace
    trace.state = RECORDING
    trace.witness(trace.dependency([(story.account, story.debit)], story.other, story.credit), story.left, 991)
    trace.event(tw.DEADLOCK, step(3, (story.other, story.debit), (story.account, story.credit)),
                step(2, (story.account, story.debit), (story.other, story.credit)))
    trace.wait(3, tw.WAIT_LOCK, 1, context=story.credit, address=0x555500000000)
    trace.wait(2, tw.WAIT_LOCK, 1, context=story.credit, address=0x555500000040)
    trace.wait(1, tw.WAIT_JOIN, 1, obj=2, context=story.transfer)
    for kind, address in ((tw.WAIT_LOCK, 0x555500000080), (tw.WAIT_LOCK, 0x7f0000001000), (tw.WAIT_CONDITION, 0x7f0000002000),
                          (tw.WAIT_BARRIER, 0x7f0000003000), (tw.WAIT_SEMAPHORE, 0x7f0000004000), (tw.WAIT_JOIN, 0), (99, 0)):
        trace.start_thread(b"worker")
        trace.wait(trace.last["thread"], kind, 1, context=story.write_journal, address=address)
    trace.start_thread(b"patient")
    trace.wait(trace.last["thread"], tw.WAIT_LOCK, 1, context=story.credit, address=0x7f0000001000, flags=tw.GIVES_UP)
    for name in (b"running", b"ended"):
        segment = trace.start_thread(name)
        trace.wait(trace.last["thread"], tw.WAIT_LOCK, 0, context=story.debit)
    trace.thread_end(trace.last["thread"], segment)
    return story.traces()


def misuses(subject):
    """Every kind of misuse."""
    story = Story(subject)
    trace, account, other = story.trace, story.account, story.other
    trace.event(tw.UNLOCK_NOT_HELD, step(2, (0, story.open_account), (account, story.debit), other=1))
    trace.event(tw.UNLOCK_NOT_OWNER, step(2, (0, story.credit), (account, story.debit), other=3))
    trace.event(tw.DESTROY_HELD, step(1, (0, story.credit), (account, story.transfer), other=3))
    trace.event(tw.EXIT_HOLDING, step(2, (0, story.debit), (account, story.transfer)))
    trace.event(tw.INIT_HELD, step(1, (0, story.debit), (account, story.open_account), other=2))
    trace.event(tw.USE_DESTROYED, step(2, (0, story.transfer), (account, story.debit), other=1))
    trace.event(tw.WAIT_WITHOUT_MUTEX, step(2, wants=(account, story.transfer)))
    trace.event(tw.WAIT_WITH_TWO_MUTEXES, step(2, (other, story.credit), (account, story.debit), other=3))
    trace.event(tw.UNLOCK_NOT_OWNER, step(3, (0, story.credit), (account, story.debit), other=2))
    return story.traces()


def hazards(subject):
    """Every kind of hazard."""
    story = Story(subject)
    trace, account, journal = story.trace, story.account, story.journal
    trace.event(tw.CONDITION_HOLDING, step(2, (journal, story.write_journal), (account, story.transfer)))
    trace.event(tw.JOIN_HOLDING, step(1, (journal, story.write_journal), (0, story.transfer), other=2))
    trace.event(tw.SIGNAL_HANDLER, step(2, (0, story.debit), (account, story.credit), other=3), detail=10)
    trace.event(tw.FORK_WHILE_HELD, step(1, (0, story.debit), (account, story.credit)))
    trace.event(tw.BARRIER_HOLDING, step(2, (account, story.debit), (0, story.transfer), other=3))
    return story.traces()


def two_processes(subject):
    """Locks in shared memory, taken in opposite orders by two processes; the program has named one of them."""
    traces = {}
    for pid, order in ((11, (0, 40)), (12, (40, 0))):
        story = Story(subject, pid)
        trace = story.trace
        locks = [trace.lock(flags=8, address=0x7f0000000000 + pid * 4096 + offset, first_used_at=story.debit) for offset in order]
        for lock, offset in zip(locks, order):
            trace.shared_object(lock, 1, 2, offset)
        trace.lock_name(locks[order.index(0)], b"ledger")
        trace.witness(trace.dependency([(locks[0], story.debit)], locks[1], story.credit), story.left, pid)
        traces[str(pid)] = trace.bytes()
    return traces


ALL = [static_locks, heap_and_stack_locks, missing_program, one_thread_twice, condition_wait, clean, nothing_observed,
       many_processes, hostile_names, unknown_threads, deadlock, deadlock_by_join, deadlock_of_ended_owner, deadlock_of_forked_child,
       deadlock_of_readers, hanging,
       misuses, hazards, two_processes]
LIVE = [hanging, deadlock_by_join, static_locks]
