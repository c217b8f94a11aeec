#!/usr/bin/env bash
# Installs what is missing, builds lockorder and runs its tests; the whole of it last, so that its summary ends the output.
#
#     scripts/test.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
exec </dev/null

jobs=$(nproc)
# The one that Debian's packages of Python modules are for.
python=/usr/bin/python3

title()
{
    printf '\n=== %s (%d seconds so far)\n' "$1" "$SECONDS"
}

# build FOLDER CONFIGURE_OPTION...; of the output, what is worth reading is what is not progress
build()
{
    cmake -B "$1" -DCMAKE_COMPILE_WARNING_AS_ERROR=ON -DPython3_EXECUTABLE="$python" "${@:2}" >/dev/null
    cmake --build "$1" --parallel "$jobs" | { grep -v '^\[ *[0-9]*%\]' || true; }
}

title "Packages"
scripts/install_dependencies.sh --tests

title "clang must not warn"
CC=clang CXX=clang++ build build/clang

title "All that is read, fuzzed for a minute"
ctest --test-dir build/clang --parallel "$jobs" --no-tests=error --output-on-failure --tests-regex '^fuzz\.'

title "The tests of the analyzer and of the primitives under AddressSanitizer and UndefinedBehaviorSanitizer"
build build/sanitizers --preset sanitizers
ctest --preset sanitizers --parallel "$jobs" --no-tests=error --tests-regex '^(unit|property|primitives|hostile|reports)\.'

title "All tests"
build build/release --preset release
ctest --preset release --parallel "$jobs" --no-tests=error
