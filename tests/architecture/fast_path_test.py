"""The fast path as the compiler made it: no call, no atomic instruction, few saved registers; it leaves by a jump to the real
function or to the slow twin, so that the observed program's stack stays as it is."""
import re

import check

FUNCTIONS = ("pthread_mutex_lock", "pthread_mutex_unlock", "pthread_spin_lock", "pthread_spin_unlock")
MOST_SAVED_REGISTERS = 2
INSTRUCTION = re.compile(r"^\s*([0-9a-f]+):\s+(\S+)(?:\s+(.*))?$")
# With an operand in memory, xchg is atomic even without the prefix.
ATOMIC = re.compile(r"lock|xacquire|xrelease|[lms]fence")


def instructions(library, function):
    """(address, mnemonic, operands) of every instruction."""
    disassembly = check.tool_output("objdump", "-d", "--no-show-raw-insn", f"--disassemble={function}", library)
    for line in disassembly.splitlines():
        if match := INSTRUCTION.match(line):
            yield match[1], match[2], (match[3] or "").strip()


def leaves_badly(function, mnemonic, operands):
    """A jump out of the function that leads neither to the real one nor to a slow twin."""
    if not mnemonic.startswith("j"):
        return mnemonic.startswith("ret")
    if operands.startswith("*"):
        return not re.search(r"<real\+0x[0-9a-f]+>|<real>", operands)
    target = re.search(r"<(\w+)(?:\.\w+)*(?:\+0x[0-9a-f]+)?>", operands)
    return target is None or not (target[1] == function or target[1].endswith("_slow"))


def problems_of(function, code):
    if not code:
        yield f"{function}: expected instructions, found none"
    for address, mnemonic, operands in code:
        where = f"{function}, {address}: {mnemonic} {operands}"
        if mnemonic.startswith("call"):
            yield f"{where}: expected no call"
        if ATOMIC.match(mnemonic) or (mnemonic.startswith("xchg") and "(" in operands):
            yield f"{where}: expected no atomic instruction"
        if leaves_badly(function, mnemonic, operands):
            yield f"{where}: expected a jump to the real function or to a slow twin"
    if not any(mnemonic == "jmp" and "<real" in operands for _, mnemonic, operands in code):
        yield f"{function}: expected a jump to the real function"
    saved = sum(mnemonic == "push" for _, mnemonic, _ in code)
    if saved > MOST_SAVED_REGISTERS:
        yield f"{function}: saves {saved} registers, expected at most {MOST_SAVED_REGISTERS}"


def main():
    library = check.arguments(__doc__, library=True).library
    code = {function: list(instructions(library, function)) for function in FUNCTIONS}
    counts = ", ".join(f"{function} has {len(lines)} instructions" for function, lines in code.items())
    check.finish([problem for function, lines in code.items() for problem in problems_of(function, lines)], counts)


if __name__ == "__main__":
    main()
