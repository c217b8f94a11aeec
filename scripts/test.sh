#!/usr/bin/env bash
# Installs what is missing, builds lockorder and runs its tests; the whole of it last, so that its summary ends the output.
#
#     scripts/test.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
exec </dev/null

jobs=$(nproc)
at_once=$((jobs + (jobs + 1) / 2)) # of tests, since many wait: for programs that hang, for clocks
# The one that Debian's packages of Python modules are for.
python=/usr/bin/python3
# For build folders that are new: for the thousand programs of the tests, make takes a tenth of the time for itself.
if command -v ninja >/dev/null; then
    export CMAKE_GENERATOR=Ninja
fi

title()
{
    printf '\n=== %s (%d seconds so far)\n' "$1" "$SECONDS"
}

# build FOLDER CONFIGURE_OPTION...; of the output, what is worth reading is what is not progress
build()
{
    cmake -B "$1" -DCMAKE_COMPILE_WARNING_AS_ERROR=ON -DPython3_EXECUTABLE="$python" "${@:2}" >/dev/null
    cmake --build "$1" --parallel "$jobs" | { grep -vE '^\[ *[0-9]+(%|/[0-9]+)\]|^ninja: (no work|Entering)' || true; }
}

title "Packages"
scripts/install_dependencies.sh --tests

title "clang must not warn"
CC=clang CXX=clang++ build build/clang -DCMAKE_BUILD_TYPE=Debug

title "All that is read, fuzzed for a minute"
ctest --test-dir build/clang --parallel "$jobs" --no-tests=error --output-on-failure --tests-regex '^fuzz\.'

# The recorder compares what it believes with what is; the analyzer and the primitives have AddressSanitizer and
# UndefinedBehaviorSanitizer in them. Of each verdict's programs the one of the desk: the optimised ones come with all tests.
title "The recorder checks itself, and sanitizers the rest"
build build/sanitizers --preset sanitizers
ctest --preset sanitizers --parallel "$at_once" --no-tests=error --exclude-regex '^(harness|model|architecture)\.|^verdicts.*\.optimized$'

title "All tests"
build build/release --preset release
ctest --preset release --parallel "$at_once" --no-tests=error
