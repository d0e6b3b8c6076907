"""A child process that answers card after card and prints each answer once it was acknowledged.

Run as `python -m tests.progress.answering FOLDER SEED [BYTES]`; with BYTES no file may grow beyond
that size, as on a full disk, and the sentence for it is printed at the end.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

from studykit.progress import ProgressError
from tests.progress.desk import DAY, NOON, answer, open_desk


def main() -> None:
    folder, seed = Path(sys.argv[1]), int(sys.argv[2])
    draw = random.Random(seed)
    with open_desk(folder, durable=True) as store:
        if len(sys.argv) > 3:
            import resource

            most = int(sys.argv[3])
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        for number in range(100_000):
            card = f"d{draw.randrange(2)}-{draw.randrange(6)}"
            try:
                id_ = answer(store, card, draw.randint(1, 4), DAY + number, NOON + number)
            except ProgressError as error:
                print("error", error, flush=True)
                return
            print("answer", id_, flush=True)
            if draw.random() < 0.2:
                undone = store.undo_last(DAY + number, NOON + number)
                print("undo", undone.id if undone else "", flush=True)


if __name__ == "__main__":
    main()
