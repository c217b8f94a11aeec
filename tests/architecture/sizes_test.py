"""A file is one subject and a function one idea: no file over 600 lines, no function over 60."""
import check

FILE_LINES, FUNCTION_LINES = 600, 60
SUFFIXES = {".c", ".h", ".cpp", ".py", ".sh", ".cmake", ".txt"}
FOLDERS = ("include", "preload", "analyzer", "primitives", "samples", "tests", "bench", "scripts", "cmake")


def files_of(root):
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and path.suffix in SUFFIXES:
                yield path


def long_files(root, files):
    for path in files:
        lines = path.read_text().count("\n")
        if lines > FILE_LINES:
            yield f"{path.relative_to(root)}: {lines} lines, expected at most {FILE_LINES}"


def long_functions(root, files):
    tags = check.tool_output("ctags", "-f", "-", "--fields=+ne", "--languages=C,C++,Python,Sh", "--kinds-C=f", "--kinds-C++=f",
                             "--kinds-Python=fm", "--kinds-Sh=f", *files)
    for tag in tags.splitlines():
        name, path, *rest = tag.split("\t")
        fields = dict(field.split(":", 1) for field in rest if ":" in field and not field.startswith("/"))
        if "end" not in fields:
            continue
        lines = int(fields["end"]) - int(fields["line"]) + 1
        if lines > FUNCTION_LINES:
            yield f"{path}:{fields['line']}: {name} has {lines} lines, expected at most {FUNCTION_LINES}"


def main():
    root = check.arguments(__doc__).root
    files = list(files_of(root))
    problems = list(long_files(root, files))
    if problems:
        check.finish(problems, "")
    check.finish(long_functions(root, files), f"{len(files)} files, and their functions, are short")


if __name__ == "__main__":
    main()
