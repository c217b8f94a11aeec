#!/usr/bin/env bash
# Builds lockorder to count which lines run, runs its tests, and tells what did not: the share of each file on stdout, the lines
# in FOLDER/report/index.html.
#
#     scripts/coverage.sh [FOLDER]      FOLDER for the build (default: build/coverage)
#
# What a process did that was killed, or left by _exit, is not counted: the counts are written at exit.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

folder=${1:-build/coverage}
jobs=$(nproc)
# Without those that look at how the recorder was compiled, or measure; nor those in which writing the counts is itself forbidden.
tests='^(unit|property|hostile|reports|verdicts|misuse|deadlocks|full|statistics|guest|lost|live)\.'
but_not='^(guest\.(enters_|surroundings)|hostile\.(names|trace_folders))'

cmake -B "$folder" -DCMAKE_BUILD_TYPE=Debug -DLOCKORDER_COVERAGE=ON -DLOCKORDER_BENCH=OFF -DPython3_EXECUTABLE=/usr/bin/python3 >/dev/null
cmake --build "$folder" --parallel "$jobs" >/dev/null
find "$folder" -name '*.gcda' -delete
ctest --test-dir "$folder" --parallel "$jobs" --tests-regex "$tests" --exclude-regex "$but_not" --output-on-failure >"$folder/tests.log" ||
    echo "coverage.sh: some tests failed; see $folder/tests.log" >&2
mkdir -p "$folder/report"
gcovr --root . --object-directory "$folder" --filter 'preload/' --filter 'analyzer/' \
    --exclude-unreachable-branches --gcov-ignore-parse-errors --html-details "$folder/report/index.html" --txt - "$folder"
