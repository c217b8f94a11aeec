"""Input for the compressors: neither random nor constant, and the same in every run."""

import random

SOURCE_OF_WORDS = random.Random(20240229)
WORDS = ["".join(SOURCE_OF_WORDS.choices("abcdefghijklmnopqrstuvwxyz", k=length)) for length in range(2, 12) for _ in range(200)]


def write_text(path, megabytes):
    """Writes that many megabytes of words to the file."""
    chooser = random.Random(1)
    paragraph = [" ".join(chooser.choices(WORDS, k=9000)).encode() for _ in range(40)]
    with open(path, "wb") as file:
        while file.tell() < megabytes << 20:
            file.write(chooser.choice(paragraph))
