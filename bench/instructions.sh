#!/bin/sh
# Instructions per operation, counted by valgrind: a number without noise, where run.py measures time.
#
#     bench/instructions.sh [BUILD_FOLDER]        default: build/release
#
# Each scenario runs N and 2N iterations; the difference is what N iterations cost in the steady state.
set -eu

build=${1:-"$(dirname "$0")/../build/release"}
program=$build/bench/fast_path
recorder=$build/preload/liblockorder-preload.so
forward=$build/bench/libforward-preload.so
for file in "$program" "$recorder" "$forward"; do
    [ -e "$file" ] || { echo "instructions.sh: $file is missing: build first, or name the build folder" >&2; exit 2; }
done
command -v valgrind >/dev/null || { echo "instructions.sh: valgrind is not installed (Debian package valgrind)" >&2; exit 2; }
program=$(realpath "$program") recorder=$(realpath "$recorder") forward=$(realpath "$forward")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# instructions PRELOAD SCENARIO ITERATIONS: of the whole process
instructions()
{
    LD_PRELOAD=$1 LOCKORDER_OPTIONS=report=no:trace_dir=$work valgrind --tool=cachegrind --cache-sim=no \
        --cachegrind-out-file=/dev/null "$program" "$2" "$3" 2>"$work/log" >/dev/null ||
        { cat "$work/log" >&2; exit 1; }
    sed -n 's/.*I *refs: *//p' "$work/log" | tr -d ,
    rm -f "$work"/*.lockorder
}

# per_operation PRELOAD SCENARIO ITERATIONS OPERATIONS_OF_AN_ITERATION
per_operation()
{
    once=$(instructions "$1" "$2" "$3")
    twice=$(instructions "$1" "$2" $(($3 * 2)))
    echo "$once $twice $(($3 * $4))" | awk '{ printf "%.1f", ($2 - $1) / $3 }'
}

printf '%-14s %10s %10s %10s\n' scenario native forwarding lockorder
while read -r scenario iterations operations; do
    printf '%-14s %10s %10s %10s\n' "$scenario" "$(per_operation "" "$scenario" "$iterations" "$operations")" \
        "$(per_operation "$forward" "$scenario" "$iterations" "$operations")" \
        "$(per_operation "$recorder" "$scenario" "$iterations" "$operations")"
done <<END
flat 200000 1
nested-2 100000 2
nested-8 25000 8
many-flat 200000 1
many-nested 200000 1
object-life 100000 1
malloc-free 200000 1
create-join 1000 1
END
