"""Runs a command and prints its exit status, its seconds of processor time, and the kilobytes that it needed at most. A small program of its
own: the kernel counts what a process needs from its fork on, when it is still as large as its maker."""

import os
import subprocess
import sys


def main():
    process = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    print(process.returncode, usage.ru_utime + usage.ru_stime, usage.ru_maxrss)


if __name__ == "__main__":
    main()
