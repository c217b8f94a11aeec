"""What `cmake --install` puts in place works: from its prefix, from another place that the prefix was moved to, and for those who
build against it by pkg-config or by CMake."""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

FINDINGS_STATUS = 66

READER = """
#include <lockorder/trace_format.h>
#include <stdio.h>

int main(void)
{
    return printf("version %d\\n", LOCKORDER_TRACE_VERSION) < 0 || sizeof(struct trace_header) != 256;
}
"""

PRIMITIVES = """
#include <lockorder/lockorder.h>
#include <stdio.h>

int main(void)
{
    struct lockorder_queue queue;
    void *item = NULL;
    lockorder_queue_init(&queue, LOCKORDER_FIFO, 1, "queue");
    lockorder_queue_put(&queue, &queue);
    lockorder_queue_get(&queue, &item);
    return printf("got it: %d\\n", item == &queue) < 0 || lockorder_queue_destroy(&queue);
}
"""

READER_PROJECT = """
cmake_minimum_required(VERSION 3.25)
project(reader LANGUAGES C)
find_package(lockorder 0.1 REQUIRED CONFIG)
if(NOT EXISTS "${lockorder_PRELOAD}" OR NOT EXISTS "${lockorder_COMMAND}")
  message(FATAL_ERROR "the recorder or the command is not where the package says")
endif()
add_executable(reader reader.c)
target_link_libraries(reader PRIVATE lockorder::trace_format)
foreach(library lockorder lockorder_static)
  add_executable(with_${library} primitives.c)
  target_link_libraries(with_${library} PRIVATE lockorder::${library})
endforeach()
"""


def expect(condition, what):
    if not condition:
        sys.exit(f"FAILED: {what}")


def run(arguments, status=0, **options):
    done = subprocess.run([str(argument) for argument in arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          errors="replace", timeout=120, check=False, **options)
    expect(done.returncode == status, f"{' '.join(map(str, arguments))}: expected exit status {status}, got {done.returncode}\n"
           f"{done.stdout}\n{done.stderr}")
    return done


def one(prefix, pattern):
    """The one file of that name in the prefix: where its library folder is depends on the system."""
    found = sorted(prefix.rglob(pattern))
    expect(len(found) == 1, f"{prefix}: expected one {pattern}, found {[str(path.relative_to(prefix)) for path in found]}")
    return found[0]


def environment(work, **more):
    """Traces that no option sends elsewhere go to TMPDIR."""
    return {**os.environ, "TMPDIR": str(work), **more}


def check_command(prefix, sample, work):
    """The sample has one known cycle, which must be found both ways."""
    report = run([prefix / "bin" / "lockorder", "run", "--", sample], FINDINGS_STATUS, env=environment(work), cwd=work)
    expect("cycle" in report.stderr, f"no cycle in the report:\n{report.stderr}")
    recorder = one(prefix, "liblockorder-preload.so")
    plain = run([sample], env=environment(work, LD_PRELOAD=str(recorder)), cwd=work)
    expect("cycle" in plain.stderr, f"no cycle in the report at exit; is the command not found?\n{plain.stderr}")


def check_primitives(program, env):
    expect(run([program], env=env).stdout == "got it: 1\n", f"{program} does not run")


def check_pkg_config(prefix, work):
    search = environment(work, PKG_CONFIG_PATH=str(one(prefix, "lockorder.pc").parent))
    flags = run(["pkg-config", "--cflags", "lockorder"], env=search).stdout.split()
    recorder = Path(run(["pkg-config", "--variable=preload", "lockorder"], env=search).stdout.strip())
    expect(recorder.resolve() == one(prefix, "liblockorder-preload.so").resolve(), f"pkg-config gives {recorder} as the recorder")
    run([os.environ.get("CC", "cc"), "-std=c11", *flags, work / "reader.c", "-o", work / "reader"])
    expect(run([work / "reader"]).stdout.startswith("version "), "the reader built by pkg-config does not run")
    libraries = run(["pkg-config", "--libs", "lockorder"], env=search).stdout.split()
    run([os.environ.get("CC", "cc"), "-std=gnu11", work / "primitives.c", "-o", work / "primitives", *flags, *libraries])
    library_folder = str(one(prefix, "liblockorder.a").parent)
    check_primitives(work / "primitives", environment(work, LD_LIBRARY_PATH=library_folder))


def check_cmake_package(prefix, work, cmake):
    run([cmake, "-S", work, "-B", work / "build", f"-DCMAKE_PREFIX_PATH={prefix}"])
    run([cmake, "--build", work / "build"])
    expect(run([work / "build" / "reader"]).stdout.startswith("version "), "the reader built by CMake does not run")
    for library in ("lockorder", "lockorder_static"):
        check_primitives(work / "build" / f"with_{library}", environment(work))


def check(arguments, folder):
    work, prefix, moved = folder / "work", folder / "prefix", folder / "elsewhere" / "moved"
    work.mkdir()
    moved.parent.mkdir()
    (work / "reader.c").write_text(READER, encoding="ascii")
    (work / "primitives.c").write_text(PRIMITIVES, encoding="ascii")
    (work / "CMakeLists.txt").write_text(READER_PROJECT, encoding="ascii")

    run([arguments.cmake, "--install", arguments.build, "--prefix", prefix])
    for pattern in ("trace_format.h", "report.schema.json", "helgrind.supp", "LICENSE", "lockorderConfig.cmake", "lockorderConfigVersion.cmake"):
        one(prefix, pattern)
    check_command(prefix, arguments.sample, work)
    prefix.rename(moved)
    check_command(moved, arguments.sample, work)
    check_pkg_config(moved, work)
    check_cmake_package(moved, work, arguments.cmake)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cmake", required=True, help="the cmake of this build")
    parser.add_argument("--build", required=True, type=Path, help="the build folder to install from")
    parser.add_argument("--sample", required=True, type=Path, help="a program with one cycle, which ends with status 0")
    folder = Path(tempfile.mkdtemp(prefix="lockorder-install-"))
    try:
        check(parser.parse_args(), folder)
    finally:
        shutil.rmtree(folder)


main()
