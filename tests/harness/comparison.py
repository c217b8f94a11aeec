"""Compares a JSON report with the expectations of a program: each difference is one line of text."""
import os

from markers import lock_matches


def compare(expectations, report, sources):
    """The differences, none when the report says what is expected and nothing else."""
    own_files = {os.path.basename(source) for source in sources}
    unexpected = list(report["findings"])
    differences = []
    for expected in expectations.findings.values():
        candidates = [(differences_of(expected, found, expectations.places, own_files), found) for found in unexpected]
        if not candidates:
            differences.append(f"missing: the {expected.kind} of {', '.join(expected.steps)} (expected at {expected.place})")
            continue
        nearest, found = min(candidates, key=lambda candidate: len(candidate[0]))
        unexpected.remove(found)
        differences += nearest
    differences += [f"unexpected: {found['kind']}: {found['title']}" for found in unexpected]
    return differences + summary_differences(report) + limit_differences(expectations, report["limits"])


def limit_differences(expectations, limits):
    """What was left out must be told, and an incomplete report would prove nothing."""
    told = {limit["limit"]: limit["text"] for limit in limits}
    unexpected = set(told) - expectations.limits - expectations.possible_limits
    return [f"missing: the limit {name}" for name in sorted(expectations.limits - set(told))] + \
           [f"unexpected: the limit {name}: {told[name]}" for name in sorted(unexpected)]


def summary_differences(report):
    """The summary must count the findings that are listed."""
    kinds = [found["kind"] for found in report["findings"]]
    return [f"the summary says {count} findings of kind {kind}, listed are {kinds.count(kind)}"
            for kind, count in report["summary"].items() if count != kinds.count(kind)]


def differences_of(expected, found, places, own_files):
    differences = []
    if found["kind"] != expected.kind:
        differences.append(f"kind: expected {expected.kind}, found {found['kind']} ({found['title']})")
    if expected.subkind is not None and found["subkind"] != expected.subkind:
        differences.append(f"subkind: expected {expected.subkind}, found {found['subkind']}")
    for text in expected.suggestions:
        if text not in (found["suggestion"] or ""):
            differences.append(f"suggestion: expected one with '{text}', found '{found['suggestion']}'")
    for text in expected.titles:
        if text not in found["title"]:
            differences.append(f"title: expected one with '{text}', found '{found['title']}'")
    if not expected.steps:
        return differences + fault_differences(expected, found, places, own_files)
    needs_timeout = any(step.timed for step in expected.steps.values())
    if found["needs_timeout_to_end"] != needs_timeout:
        differences.append(f"needs_timeout_to_end: expected {needs_timeout}, found {found['needs_timeout_to_end']}")
    if found["advisory"] != expected.advisory:
        differences.append(f"advisory: expected {expected.advisory}, found {found['advisory']}")
    return differences + chain_differences(found) + steps_differences(expected, found, places, own_files)


def own_lines(side, own_files):
    return [text_of(frame) for frame in (side["stack"] if side else []) if os.path.basename(frame["file"]) in own_files]


def own_line(side, own_files):
    return next(iter(own_lines(side, own_files)), "no known line")


def fault_differences(expected, found, places, own_files):
    step, differences = found["steps"][0], []
    if expected.fault is not None:
        thread, lock, place = expected.fault
        concerned = next((side["lock"]["name"] for side in (step["holds"], step["wants"]) if side and side["lock"]), "no lock")
        if step["thread"]["name"] != thread:
            differences.append(f"fault: expected the thread {thread}, found {step['thread']['name']}")
        if not lock_matches(lock, concerned, places):
            differences.append(f"fault: expected it to concern {lock}, found {concerned}")
        if own_line(step["wants"], own_files) != str(place):
            differences.append(f"fault: expected at {place}, found {own_line(step['wants'], own_files)}")
    if expected.related is not None and own_line(step["holds"], own_files) != str(expected.related):
        differences.append(f"related: expected at {expected.related}, found {own_line(step['holds'], own_files)}")
    for caller in expected.related_callers:
        if str(caller) not in own_lines(step["holds"], own_files)[1:]:
            differences.append(f"related: expected a call from {caller}, found {' from '.join(own_lines(step['holds'], own_files))}")
    return differences


def chain_differences(found):
    """What one step wants, the next one holds; of an order, it holds another lock of that class."""
    steps = [] if found["kind"] == "order" else found["steps"]
    return [f"step {i + 1} wants {step['wants']['lock']['name']}, but the next one holds another lock"
            for i, step in enumerate(steps)
            if step["wants"]["lock"]["id"] != steps[(i + 1) % len(steps)]["holds"]["lock"]["id"]]


def steps_differences(expected, found, places, own_files):
    names = sorted(thread.rstrip("'") for thread in expected.steps)
    threads = [step["thread"]["name"] for step in found["steps"]]
    if sorted(threads) != names:
        return [f"threads: expected {', '.join(names)}, found {', '.join(threads)}"]
    differences, left = [], list(found["steps"])
    for thread, step in expected.steps.items():
        candidates = [([f"{thread}: {text}" for text in step_differences(step, other, places, own_files)], other)
                      for other in left if other["thread"]["name"] == thread.rstrip("'")]
        nearest, other = min(candidates, key=lambda candidate: len(candidate[0]))
        left.remove(other)
        differences += nearest
    return differences


def step_differences(expected, found, places, own_files):
    differences = []
    for name in ("holds", "wants"):
        differences += [f"{name}: {text}" for text in side_differences(getattr(expected, name), found[name], places, own_files)]
    for mark in ("timed", "condition"):
        if found[mark] != getattr(expected, mark):
            differences.append(f"{mark}: expected {getattr(expected, mark)}, found {found[mark]}")
    if found["count"] == 0:
        differences.append("count: expected at least 1, since the order was seen")
    if expected.count is not None and found["count"] != expected.count:
        differences.append(f"count: expected {expected.count}, found {found['count']}")
    return differences


def side_differences(expected, found, places, own_files):
    differences = []
    name = found["lock"]["name"]
    if not lock_matches(expected.lock, name, places):
        differences.append(f"expected {expected.lock}, found {name}")
    own = [(i, text_of(frame)) for i, frame in enumerate(found["stack"]) if os.path.basename(frame["file"]) in own_files]
    lines = [line for _, line in own]
    if not lines or lines[0] != str(expected.place):
        return differences + [f"{expected.lock}: expected at {expected.place}, found {' from '.join(lines) or 'no known line'}"]
    if found["place"] != own[0][0]:
        differences.append(f"{expected.lock}: expected the mark on frame {own[0][0]} ({lines[0]}), found it on {found['place']}")
    for caller in expected.callers:
        if str(caller) not in lines[1:]:
            differences.append(f"{expected.lock}: expected a call from {caller}, found {' from '.join(lines)}")
    return differences


def text_of(frame):
    return f"{os.path.basename(frame['file'])}:{frame['line']}"
