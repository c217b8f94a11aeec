"""Expectations that stand in a program's source, next to the lines that cause them.

    pthread_mutex_lock(&first);  /* EXPECT cycle: forward holds first */
    pthread_mutex_lock(&second); /* EXPECT cycle: forward wants second */

A marker comment speaks of the line on which it begins or, when nothing else stands there, of the first line of code after it.
It may hold several clauses, separated by ';'. All markers of one kind (and label, where a program has several findings of a kind)
describe one finding; each thread in it is one step.

    /* EXPECT KIND[ LABEL]: CLAUSE; ... */     KIND is deadlock, cycle, order, hazard or misuse
    THREAD holds LOCK                          this line acquired it: the innermost line of the program's own on that stack
    THREAD wants LOCK [timed] [condition]      this line waits for it; timed: with a time-out, condition: at the end of a wait
    THREAD holds|wants LOCK called here        this line calls the function that does so, from the same stack, further out
    THREAD seen N times                        how often this thread's order of the two locks was counted
    THREAD'                                    in all these: the other step, where one thread does two of them
    advisory                                   the finding is told, but fails no gate
    subkind TEXT                               the finding's subkind
    suggests TEXT                              its suggestion contains this

Misuses and hazards are one call at fault, and the place it is about:

    title TEXT                                 the title contains this
    fault THREAD concerns LOCK                 this line is the call at fault
    related                                    this line acquired, initialised or waits for what the fault is about
    related called here                        this line calls the function that does so, from the same stack, further out

    /* EXPECT nothing: the reason why */       a program in which nothing must be found
    /* EXPECT death by SIGALRM */              how the program ends, where that is not by itself and with status 0
    /* EXPECT limit NAME */                    a limit that the run reaches, and the report tells; every other one is a failure
    /* EXPECT perhaps limit NAME */            a limit that the run reaches or does not, as the threads happen to meet

In a program that can be told how to run, '/* EXPECT --OPTION ... */' speaks of the run with this option alone, and the others of
the run without.

A LOCK is the name in the report, in double quotes where it has spaces. '@WORD' in it stands for 'file:line' of the line that
has a comment /* PLACE WORD */, and '#N' for any number: "mutex #N initialised at @opening open_account".
"""
import re
from dataclasses import dataclass, field
from pathlib import Path

KINDS = ("deadlock", "cycle", "order", "hazard", "misuse")
COMMENT = re.compile(r"/\*\s*(EXPECT|PLACE)\s+(.*?)\s*\*/", re.DOTALL)
OPTION = re.compile(r"(--\w+)\s+")
FINDING = re.compile(r"(?P<kind>[a-z]+)(?: (?P<label>\w+))?: (?P<clauses>.+)")
SIDE = re.compile(r'(?P<thread>\S+) (?P<side>holds|wants) (?P<lock>"[^"]+"|\S+)(?P<words>(?: \w+)*)')
FAULT = re.compile(r'fault (?P<thread>\S+) concerns (?P<lock>"[^"]+"|\S+)')
SEEN = re.compile(r"(?P<thread>\S+) seen (?P<count>\d+) times")


class MarkerError(Exception):
    """A marker that cannot be understood. The text begins with file and line."""


@dataclass(frozen=True)
class Place:
    file: str
    line: int

    def __str__(self):
        return f"{self.file}:{self.line}"


@dataclass
class ExpectedSide:
    lock: str = ""
    place: Place = None
    callers: list = field(default_factory=list)


@dataclass
class ExpectedStep:
    holds: ExpectedSide = field(default_factory=ExpectedSide)
    wants: ExpectedSide = field(default_factory=ExpectedSide)
    timed: bool = False
    condition: bool = False
    count: int = None


@dataclass
class ExpectedFinding:
    kind: str
    place: Place
    steps: dict = field(default_factory=dict)  # by the thread's name
    subkind: str = None
    advisory: bool = False
    suggestions: list = field(default_factory=list)
    titles: list = field(default_factory=list)
    fault: tuple = None  # thread, lock, place
    related: Place = None
    related_callers: list = field(default_factory=list)


@dataclass
class Expectations:
    findings: dict = field(default_factory=dict)  # by (kind, label)
    nothing: bool = False
    signal: str = None  # name of the signal that ends the program
    limits: set = field(default_factory=set)
    possible_limits: set = field(default_factory=set)
    places: dict = field(default_factory=dict)  # by word


def read(sources, option=""):
    """The expectations in all sources of one program, run with this option."""
    expectations = Expectations()
    for source in sources:
        for word, text, place in comments_of(Path(source)):
            if word == "PLACE":
                expectations.places[text] = place
                continue
            match = OPTION.match(text)
            if (match[1] if match else "") == option:
                add_expectation(expectations, text[match.end() if match else 0:], place)
    check_whole(expectations, sources)
    return expectations


def comments_of(source):
    text = source.read_text()
    for match in COMMENT.finditer(text):
        yield match[1], re.sub(r"\s*\n[\s*]*", " ", match[2]), Place(source.name, line_spoken_of(text, match))


def line_spoken_of(text, match):
    before = text[text.rfind("\n", 0, match.start()) + 1:match.start()]
    if before.strip():
        return 1 + text.count("\n", 0, match.start())
    position = match.end()
    while after := re.compile(r"\s*/\*.*?\*/", re.DOTALL).match(text, position):
        position = after.end()
    code = re.compile(r"\s*").match(text, position).end()
    return 1 + text.count("\n", 0, code)


def add_expectation(expectations, text, place):
    if text.startswith("nothing: "):
        expectations.nothing = True
    elif text.startswith("death by "):
        expectations.signal = text.removeprefix("death by ")
    elif text.startswith("perhaps limit "):
        expectations.possible_limits.add(text.removeprefix("perhaps limit "))
    elif text.startswith("limit "):
        expectations.limits.add(text.removeprefix("limit "))
    else:
        add_finding(expectations, text, place)


def add_finding(expectations, text, place):
    match = FINDING.fullmatch(text)
    if not match or match["kind"] not in KINDS:
        raise MarkerError(f"{place}: expected 'nothing: ...', 'death by SIGNAL', '[perhaps] limit NAME' or one of {', '.join(KINDS)}, "
                          f"found '{text}'")
    key = (match["kind"], match["label"])
    finding = expectations.findings.setdefault(key, ExpectedFinding(match["kind"], place))
    for clause in match["clauses"].split("; "):
        add_clause(finding, clause.strip("; "), place)


def add_clause(finding, clause, place):
    if match := SEEN.fullmatch(clause):
        step_of(finding, match["thread"]).count = int(match["count"])
    elif match := SIDE.fullmatch(clause):
        add_side(finding, match, place)
    elif clause.startswith("suggests "):
        finding.suggestions.append(clause.removeprefix("suggests "))
    elif clause == "advisory":
        finding.advisory = True
    elif clause.startswith("subkind "):
        finding.subkind = clause.removeprefix("subkind ")
    elif clause.startswith("title "):
        finding.titles.append(clause.removeprefix("title "))
    elif clause == "related":
        finding.related = place
    elif clause == "related called here":
        finding.related_callers.append(place)
    elif match := FAULT.fullmatch(clause):
        finding.fault = match["thread"], match["lock"].strip('"'), place
    else:
        raise MarkerError(f"{place}: expected 'THREAD holds LOCK' or another clause, found '{clause}'")


def step_of(finding, thread):
    return finding.steps.setdefault(thread, ExpectedStep())


def add_side(finding, match, place):
    step = step_of(finding, match["thread"])
    side = step.holds if match["side"] == "holds" else step.wants
    lock, words = match["lock"].strip('"'), match["words"].split()
    if re.search(r"\.\w+:\d", lock):
        raise MarkerError(f"{place}: expected '@WORD' for a line, found '{lock}'")
    if side.lock not in ("", lock):
        raise MarkerError(f"{place}: {match['thread']} {match['side']} '{lock}' here, but '{side.lock}' elsewhere")
    side.lock = lock
    if words == ["called", "here"]:
        side.callers.append(place)
        return
    if side.place is not None:
        raise MarkerError(f"{place}: {match['thread']} {match['side']} {lock} at {side.place}, too: expected one place")
    if not set(words) <= {"timed", "condition"} or (words and match["side"] == "holds"):
        raise MarkerError(f"{place}: expected 'called here', 'timed' or 'condition' after the lock, found '{' '.join(words)}'")
    side.place = place
    step.timed |= "timed" in words
    step.condition |= "condition" in words


def check_whole(expectations, sources):
    names = ", ".join(Path(source).name for source in sources)
    if expectations.nothing == bool(expectations.findings):
        raise MarkerError(f"{names}: expected either markers of findings or one 'EXPECT nothing: why'")
    for finding in expectations.findings.values():
        if not finding.steps and not finding.titles:
            raise MarkerError(f"{finding.place}: expected a step of this {finding.kind} somewhere in {names}")
        for thread, step in finding.steps.items():
            if step.holds.place is None or step.wants.place is None:
                raise MarkerError(f"{finding.place}: {thread} lacks its line with {'wants' if step.holds.place else 'holds'}")


def lock_matches(expected, name, places):
    """Whether a lock of a report is the one that a marker names."""
    for word, place in places.items():
        expected = re.sub(rf"@{re.escape(word)}\b", str(place), expected)
    pattern = re.escape(expected).replace(re.escape("#N"), r"#\d+")
    return re.fullmatch(pattern, name) is not None
