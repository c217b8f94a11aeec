"""Every struct of the trace format has its size pinned: a compiler, a flag or a careless field must not change the file."""
import re

import check


def problems(text):
    structs = re.findall(r"^struct (\w+) \{", text, re.MULTILINE)
    if not structs:
        yield "trace_format.h: expected structs, found none"
    for name in structs:
        if not re.search(rf"static_assert\(sizeof\(struct {name}\) == \d+,", text):
            yield f"trace_format.h: struct {name}: expected static_assert(sizeof(struct {name}) == ...)"


def main():
    text = (check.arguments(__doc__).root / "include/lockorder/trace_format.h").read_text()
    check.finish(problems(text), "every struct has its size pinned")


if __name__ == "__main__":
    main()
