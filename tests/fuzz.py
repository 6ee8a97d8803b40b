"""Feed the readers of posting files with broken files: python tests/fuzz.py COUNT [SEED]

Every input is one of the authored files with a few of its bytes changed, cut out, doubled or taken from another. A
reader must answer each with postings or a PostingError, soon. The readers of documents run in this process, without the
process of their own that keeps a user's command safe from them. Prints how many of each were read and refused.
"""

import logging
import random
import sys
import time
import warnings
from collections import Counter
from unittest import mock

from rolelens import PostingError, RoleClassifier
from rolelens.files.documents import READERS
from rolelens.files.reader import decode_postings
from rolelens.reading.announcements import roles_announced
from written import POSTINGS, WRITTEN

MOST_SECONDS = 5
SLOW, SLOW_SHARE = (".pdf", ".docx", "page.html", "microdata.html", ".mht"), 0.1  # parsers take a hundred times longer
SPLICES = [
    b"<",
    b">",
    b"{",
    b"[",
    b"\0",
    b"\xff\xfe",
    b"&#x1;",
    b"<!--",
    b"obj",
    b"stream",
    b"\\u-1?",
    b"--",
    b"\r\n\r\n",
]


def changed(data: bytes, others: list[bytes], generator: random.Random) -> bytes:
    """Return a file with up to four small changes."""
    for _ in range(generator.randint(1, 4)):
        start = generator.randrange(len(data) + 1)
        end = min(len(data), start + generator.choice((1, 1, 2, 8, 64)))
        other = generator.choice(others)
        place = generator.randrange(len(other))
        piece = generator.choice(
            (b"", data[start:end] * 2, generator.randbytes(end - start), generator.choice(SPLICES), other[place:][:40])
        )
        data = data[:start] + piece + data[end:]
    return data


def main() -> None:
    """Fuzz and count."""
    count, seed = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    generator = random.Random(seed)
    files = {
        f"{language}/{name}": write(*posting)
        for name, write in WRITTEN.items()
        for language, posting in POSTINGS.items()
    }
    slow = [name for name in files if name.endswith(SLOW)]
    fast = [name for name in files if name not in slow]
    classifier = RoleClassifier.load()
    outcomes: Counter[str] = Counter()
    slowest, begun = 0.0, time.monotonic()
    warnings.simplefilter("ignore")
    logging.disable()
    with mock.patch("rolelens.files.reader._read_apart", lambda kind, data: READERS[kind](data)):
        for _ in range(count):
            name = generator.choice(slow if generator.random() < SLOW_SHARE else fast)
            data = changed(files[name], list(files.values()), generator)
            start = time.monotonic()
            try:
                for posting in decode_postings(data, name):
                    classifier.score([posting])
                    roles_announced(posting.text)
                outcomes["read"] += 1
            except PostingError:
                outcomes["refused"] += 1
            except BaseException:
                sys.stderr.write(f"{name}: {data!r}\n")
                raise
            took = time.monotonic() - start
            slowest = max(slowest, took)
            if took > MOST_SECONDS:
                sys.exit(f"{took:.1f} seconds: {name}: {data!r}")
    sys.stdout.write(
        f"seed {seed}: {count} inputs, {outcomes['read']} read, {outcomes['refused']} refused, "
        f"slowest {slowest:.2f} s, {time.monotonic() - begun:.0f} s in all\n"
    )


if __name__ == "__main__":
    main()
