"""The recorder's library defines the functions that it stands before, and nothing else; and it uses of the C library only what
is named, with a reason, in allowed_symbols.txt: nothing that allocates, prints or takes a lock while the program runs."""
import re
from pathlib import Path

import check


def interposed(root):
    """The first word after the result type in each row of the list."""
    text = (root / "preload/interposed.h").read_text()
    return set(re.findall(r"\bX\([^,()]+,\s*(\w+),[\s\\]*\(", text))


def annotations(root):
    """What include/lockorder/annotate.h calls."""
    return set(re.findall(r"\bvoid (lockorder_recorder_\w+)\(", (root / "include/lockorder/annotate.h").read_text()))


def version_script(root):
    exported = re.search(r"global:(.*?)local:", (root / "preload/exports.map").read_text(), re.DOTALL)[1]
    return set(re.findall(r"(\w+);", exported))


def symbols(library, which):
    """Names without their versions; what is weak may be missing at run time, so it counts only where it is defined."""
    for line in check.tool_output("nm", "-D", which, library).splitlines():
        *_, kind, name = line.split()
        if which == "--defined-only" or kind == "U":
            yield name.split("@")[0]


def allowed():
    """Name to reason."""
    lines = (Path(__file__).parent / "allowed_symbols.txt").read_text().splitlines()
    rows = [line.partition(":") for line in lines if line and not line.startswith("#")]
    return {name: reason.strip() for names, _, reason in rows for name in names.split()}


def difference(what, expected, found):
    for name in sorted(expected - found):
        yield f"{what}: expected {name}, which is missing"
    for name in sorted(found - expected):
        yield f"{what}: {name} is neither in preload/interposed.h nor in annotate.h"


def unexpected_uses(library):
    reasons, used = allowed(), set(symbols(library, "--undefined-only"))
    for name in sorted(used - set(reasons)):
        yield f"{library.name} uses {name}: expected only what allowed_symbols.txt names"
    for name in sorted(set(reasons) - used):
        yield f"allowed_symbols.txt: {name} is not used any more"
    for name in sorted(name for name, reason in reasons.items() if not reason):
        yield f"allowed_symbols.txt: {name}: expected a reason after ':'"


def dlsym_elsewhere(root):
    for path in sorted((root / "preload").rglob("*.[ch]")):
        if path.name != "real.c" and re.search(r"\bdlv?sym\s*\(", path.read_text()):
            yield f"{path.relative_to(root)}: calls dlsym or dlvsym, expected in real.c only"


def main():
    arguments = check.arguments(__doc__, library=True)
    listed = interposed(arguments.root) | annotations(arguments.root)
    check.finish([*difference("exports.map", listed, version_script(arguments.root)),
                  *difference(arguments.library.name, listed, set(symbols(arguments.library, "--defined-only"))),
                  *unexpected_uses(arguments.library), *dlsym_elsewhere(arguments.root)],
                 f"{len(listed)} functions are exported, nothing else is, and nothing forbidden is used")


if __name__ == "__main__":
    main()
