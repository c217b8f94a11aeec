"""Includes go one way: the recorder and the analyzer know each other only by the trace format, a stage of the analysis knows no
later stage, the primitives know neither, and no header includes itself by a detour."""
import os
import re

import check

INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]', re.MULTILINE)
CONTRACT = "include/lockorder/trace_format.h"

# Longest match first: what the files of a folder may include, besides their own folder and the system's headers.
ALLOWED = {
    "preload/interpose/": ["preload/", CONTRACT, "include/lockorder/annotate.h"],
    "preload/": [CONTRACT],
    "analyzer/trace/": ["analyzer/*", CONTRACT],
    "analyzer/verdict/": ["analyzer/*", CONTRACT],
    "analyzer/symbols/": ["analyzer/*", CONTRACT],
    "analyzer/report/": ["analyzer/*", "analyzer/symbols/", CONTRACT],
    "analyzer/gate/": ["analyzer/*", "analyzer/verdict/", "analyzer/symbols/", "analyzer/report/", CONTRACT],
    "analyzer/cli/": ["analyzer/", CONTRACT],
    "analyzer/": [CONTRACT],
    "primitives/": ["include/lockorder/"],
    "include/": [],
}


def sources(root):
    for top in ("preload", "analyzer", "primitives", "include"):
        for path in sorted((root / top).rglob("*.[ch]")):
            yield path.relative_to(root).as_posix()


def folders_searched(file, quote='"'):
    """Where an include is looked for, in the compiler's order: beside the file only when it is quoted."""
    beside = [os.path.dirname(file)] if quote == '"' else []
    return [*beside, file.split("/")[0], "include"]


def included(root, file):
    """(text of the include, file of the project that it means or None)."""
    for quote, name in INCLUDE.findall((root / file).read_text()):
        found = (os.path.normpath(os.path.join(folder, name)) for folder in folders_searched(file, quote))
        inside = next((path for path in found if (root / path).is_file()), None)
        if quote == '"' or inside is not None:
            yield name, inside


def is_within(file, pattern):
    """'analyzer/*' means the files of that folder itself, 'analyzer/' those below it, too."""
    if pattern.endswith("/*"):
        return os.path.dirname(file) + "/*" == pattern
    return file.startswith(pattern)


def forbidden(root, files):
    for file in files:
        folder = next(prefix for prefix in ALLOWED if file.startswith(prefix))
        own = folder if folder != "analyzer/" else "analyzer/*"
        for name, target in included(root, file):
            if target is None:
                yield f'{file}: includes "{name}", expected a file of {", ".join(folders_searched(file))}'
            elif not any(is_within(target, pattern) for pattern in [own, *ALLOWED[folder]]):
                yield f"{file}: includes {target}, expected only {', '.join([own, *ALLOWED[folder]])}"


def circles(root, files):
    """Depth first, with the path walked; a file on it that is met again closes a circle."""
    graph = {file: [target for _, target in included(root, file) if target] for file in files}
    done = set()

    def walk(file, path):
        if file in path:
            yield f"{' includes '.join([*path[path.index(file):], file])}: expected no circle"
        elif file not in done:
            for target in graph.get(file, []):
                yield from walk(target, [*path, file])
            done.add(file)

    for file in files:
        yield from walk(file, [])


def main():
    root = check.arguments(__doc__).root
    files = list(sources(root))
    check.finish([*forbidden(root, files), *circles(root, files)], f"{len(files)} files include what they may")


if __name__ == "__main__":
    main()
