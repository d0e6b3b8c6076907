"""`make bench`: every number of the design beside its yardstick, measured in one run."""

from __future__ import annotations

import sys
from importlib import import_module

PARTS = ("screen", "decks", "problems", "answers", "progress", "browse", "sheets")


def main(chosen: list[str]) -> int:
    """Measure the parts named, or all; exit 1 if a bar is not held."""
    missed = 0
    form = "{:42} {:>10} {:>22} {:>7}  {:28} {}"
    print(form.format("what", "ours", "yardstick", "ratio", "bar", ""))
    for part in chosen or PARTS:
        for row in import_module(f"tests.bench.{part}").rows():
            held = "held" if row.held else "MISSED"
            print(form.format(row.what, row.ours, row.yardstick, row.ratio, row.bar, held))
            missed += not row.held
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
