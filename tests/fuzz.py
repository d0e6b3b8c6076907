"""`make fuzz`: coverage-guided fuzzing of the answer reader, from right and nearly right answers.

Whatever is typed ends in a reading or in AnswerError, within the time and memory that are allowed.
A finding is written to a file `crash-…` whose text belongs into the table of hostile inputs.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["studykit.answers"]):
    from tests.answers.corpus import SEEDS
    from tests.answers.test_fuzz import everything

SECONDS = 300
SLOWEST = 2
"""Seconds for all ways of reading one text, instrumented: ten times what a learner would wait."""
MEGABYTES = 512
LONGEST = 400


def one(data: bytes) -> None:
    """Read these bytes as typed text, in every way there is."""
    everything(data.decode("utf-8", "replace"))


def main(seconds: int) -> None:
    """Fuzz for so long; libFuzzer ends the process, with 0 if nothing was found."""
    with tempfile.TemporaryDirectory() as folder:
        for number, seed in enumerate(SEEDS):
            Path(folder, str(number)).write_text(seed, encoding="utf-8")
        limits = [
            f"-max_total_time={seconds}",
            f"-timeout={SLOWEST}",
            f"-rss_limit_mb={MEGABYTES}",
            f"-max_len={LONGEST}",
        ]
        atheris.Setup([sys.argv[0], *limits, folder], one)
        atheris.Fuzz()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SECONDS)
