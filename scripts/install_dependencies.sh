#!/bin/sh
# Installs from Debian what is missing, and says what that is. It needs no network but apt's.
#
#     scripts/install_dependencies.sh            what building lockorder needs
#     scripts/install_dependencies.sh --tests    what its tests need, too
set -eu

build_packages="build-essential cmake pkg-config libunwind-dev uthash-dev libdw-dev libjansson-dev libcmocka-dev libgraphviz-dev python3"
# Tools of the tests, and the real programs that are run under the recorder.
test_packages="graphviz chromium chromium-driver python3-selenium python3-jsonschema python3-attr python3-sarif-python-om cmark-gfm binutils clang libclang-rt-dev dwz gdb strace universal-ctags valgrind bash git libjemalloc-dev libtcmalloc-minimal4 gcovr memcached man-db groff-base pbzip2"
test_packages="$test_packages ninja-build sqlite3 util-linux xz-utils ffmpeg mariadb-client mariadb-server nginx-light redis-server redis-tools sysbench"

case "$#:${1-}" in
0:) packages=$build_packages ;;
1:--tests) packages="$build_packages $test_packages" ;;
*)
    echo "usage: scripts/install_dependencies.sh [--tests]" >&2
    exit 2
    ;;
esac

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    echo "install_dependencies.sh: this is not Debian (no apt-get); install what corresponds to: $packages" >&2
    exit 1
fi

missing=""
for package in $packages; do
    state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || state=""
    [ "$state" = installed ] || missing="$missing $package"
done
if [ -z "$missing" ]; then
    echo "Every package that is needed is installed."
    exit 0
fi

as_root=""
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "install_dependencies.sh: neither root nor sudo; have somebody run: apt-get install$missing" >&2
        exit 1
    fi
    as_root=sudo
fi
echo "Installing:$missing"
$as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq update
# shellcheck disable=SC2086 # a list of words
$as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y install --no-install-recommends $missing </dev/null
