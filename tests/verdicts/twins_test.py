"""Every rule of the verdict has a program that is reported and a twin that is silent, and every program is built and run."""
import argparse
import re
import sys
from pathlib import Path

NAME = re.compile(r"(?P<pair>rule_(?P<rule>\d\d)_\w+)_(?P<twin>reported|silent)")
# Misuses and hazards, which no rule prevents, may be in both twins.
VERDICT = re.compile(r"EXPECT (cycle|deadlock|order)\b")


def problems(folder, rules, built):
    pairs = {}
    for source in sorted(folder.glob("*.c*")):
        match = NAME.fullmatch(source.stem)
        if not match:
            yield f"{source.name}: expected a name like rule_01_words_reported or rule_01_words_silent"
            continue
        pairs.setdefault(match["pair"], set()).add(match["twin"])
        if (match["twin"] == "reported") != bool(VERDICT.search(source.read_text())):
            yield f"{source.name}: expected a cycle, a deadlock or an order in programs that are reported, and only there"
    for pair, twins in pairs.items():
        for missing in {"reported", "silent"} - twins:
            yield f"{pair}: expected a twin that is {missing}"
        if pair not in built:
            yield f"{pair}: is not built"
    for rule in rules:
        if not any(pair.startswith(f"rule_{rule:02}_") for pair in pairs):
            yield f"rule {rule}: has no program"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rules", nargs="+", type=int, required=True)
    parser.add_argument("--built", nargs="+", required=True, help="pairs that are built")
    arguments = parser.parse_args()
    found = list(problems(Path(__file__).parent, arguments.rules, set(arguments.built)))
    print("\n".join(found) or f"{len(arguments.built)} pairs for rules {', '.join(map(str, arguments.rules))}")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
