"""Whether it costs more as the program grows: times in worlds of different sizes, as a table and a plot, and memory."""

import subprocess
import sys
import tempfile

from measuring import Ratio, Way, judge, measure, table

SLICES = 8
WORLDS = {
    "locks": ("locks, never nested", [1, 1000, 1000000]),
    "nested": ("locks, nested under one", [1, 1000, 1000000]),
    "threads": ("threads", [1, 100, 10000]),
    "orders": ("known dependencies", [1, 1000, 1000000]),
}
COLOURS = ["#1565c0", "#c62828", "#2e7d32", "#ef6c00"]


def plot(lines, measured, sizes):
    """An SVG: for each kind of growth, what is measured over the size, which grows by decades."""
    width, height, left, top, right, bottom = 640, 320, 60, 24, 200, 48
    most = max(2.0, *(value for points in lines.values() for _, value in points)) * 1.1
    step = next(step for step in (0.5, 1, 2, 5, 10, 20, 50) if most / step <= 10)

    def place(size, value):
        return left + (width - left - right) * (len(str(size)) - 1) / 6, top + (height - top - bottom) * (1 - value / most)

    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">',
             f'<rect width="{width}" height="{height}" fill="white"/>']
    for decade in range(7):
        x, y = place(10 ** decade, 0)
        parts.append(f'<text x="{x:.0f}" y="{y + 18:.0f}" text-anchor="middle">{10 ** decade:,}</text>')
    for value in [step * i for i in range(0, int(most / step) + 1)]:
        x, y = place(1, value)
        parts.append(f'<line x1="{left}" x2="{width - right}" y1="{y:.0f}" y2="{y:.0f}" stroke="#ddd"/>'
                     f'<text x="{left - 8}" y="{y + 4:.0f}" text-anchor="end">{value:g}</text>')
    parts.append(f'<text x="{left}" y="14">{measured}</text>'
                 f'<text x="{(left + width - right) / 2:.0f}" y="{height - 8}" text-anchor="middle">{sizes}</text>')
    for number, (name, points) in enumerate(lines.items()):
        colour, (x, y) = COLOURS[number % len(COLOURS)], place(*points[-1])
        path = " ".join(f"{a:.0f},{b:.0f}" for a, b in (place(*point) for point in points))
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{a:.0f}" cy="{b:.0f}" r="3" fill="{colour}"/>' for a, b in (place(*point) for point in points)]
        parts.append(f'<text x="{width - right + 12}" y="{top + 20 * number + 12}" fill="{colour}">{name}</text>')
    return "\n".join(parts) + "\n</svg>\n"


def times(build, rounds):
    """The table, and the plot as SVG."""
    rows, lines = [], {}
    for kind, (text, sizes) in WORLDS.items():
        ratios = []
        for size in sizes:
            native, lockorder = ways = [Way("native"), Way("lockorder", build / "preload" / "liblockorder-preload.so")]
            measure(ways, [build / "bench" / "growth", kind, size], rounds, SLICES)
            ratios.append(Ratio(lockorder.best, native.best))
            print(f"{kind:10} {size:8} {ratios[-1]}", file=sys.stderr)
        lines[text] = [(size, ratio.median) for size, ratio in zip(sizes, ratios)]
        rows += [[text, f"{size:,}", ratio] for size, ratio in zip(sizes, ratios)]
    return table(["the program has", "how many", "a pair nested in another: lockorder / native"], rows), \
        plot(lines, "lock pair, lockorder / native", "size of the program")


def resident(build, preload, kind, size):
    with tempfile.TemporaryDirectory(prefix="lockorder-bench-") as traces:
        way = Way("", preload)
        outcome = subprocess.run([build / "bench" / "growth", "--memory", kind, str(size)], env=way.environment(traces, traces),
                                 capture_output=True, text=True, check=True)
        return int(outcome.stdout)


def memory(build):
    preload = build / "preload" / "liblockorder-preload.so"

    def more(kind, size):
        return resident(build, preload, kind, size) - resident(build, None, kind, size)

    fixed = more("locks", 1)
    many, very_many, threads = 100000, 1000000, 1000  # the kernel counts by batches of pages
    rows = [["fixed", f"{fixed / 1e6:.1f} MB", judge(fixed / 1e6, 8)]]
    for text, kind, size, target in (("a lock that is never nested", "locks", very_many, 0.5), ("a nested lock", "nested", many, 128),
                                     ("a thread", "threads", threads, 16384)):
        each = (more(kind, size) - fixed) / size
        rows.append([text, f"{max(each, 0):,.0f} bytes", judge(each, target).replace("0.5", "0")])
    return table(["resident memory", "more than natively", ""], rows)
