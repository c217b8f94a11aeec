#!/usr/bin/env bash
# Installs what is missing, builds lockorder and runs it: on a bank whose transfers can deadlock, or on a program of yours.
#
#     scripts/demo.sh [PROGRAM [ARGUMENT...]]
#
# Exit status: 0 for the bank, once its finding is reported; with PROGRAM, that of `lockorder run`: the program's own, or 66 when
# its locks can deadlock.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
findings_status=66

"$top/scripts/install_dependencies.sh" >&2
mkdir -p "$top/build"
echo "Building in $top/build/release ..." >&2
if ! (cd "$top" && cmake --preset release &&
    cmake --build --preset release --parallel "$(nproc)" --target lockorder lockorder_preload transfer_static) \
    >"$top/build/demo.log" 2>&1; then
    cat "$top/build/demo.log" >&2
    echo "demo.sh: the build failed; see above" >&2
    exit 1
fi

program=("$@")
if [ $# -eq 0 ]; then
    program=("$top/build/release/samples/bank/transfer_static")
fi
echo "Running: lockorder run -- ${program[*]}" >&2
status=0
"$top/build/release/analyzer/lockorder" run -- "${program[@]}" || status=$?

if [ $# -gt 0 ]; then
    if [ "$status" -eq "$findings_status" ]; then
        echo "Status $status: the report above has findings (or it is the status of the program itself)." >&2
    fi
    exit "$status"
fi
if [ "$status" -ne "$findings_status" ]; then
    echo "demo.sh: expected the bank's deadlock to be found (exit status $findings_status), got $status" >&2
    exit 1
fi
cat >&2 <<END

The bank did not hang in this run; the report above says how it can. lockorder ended with status $status, as it does when it finds
something. Now on a program of yours: scripts/demo.sh PROGRAM ARGUMENTS
END
