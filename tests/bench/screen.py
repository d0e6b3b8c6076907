"""First frame, key to screen and memory of the real program, beside a trivial Textual app."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from tests.bench.decks import write_deck
from tests.bench.measure import Row, interleaved, median, ms, percentile, seconds
from tests.terminal import Terminal

RUNS = 11
STUDYKIT = [str(Path(sys.executable).with_name("studykit"))]
"""The command as it is installed; `python -m` would add what it costs to find the package."""
TRIVIAL = [sys.executable, str(Path(__file__).with_name("trivial.py"))]
KEYS = 60
SWAP = 4.1e-3
"""Seconds of one `Static.update`, as the trivial app does it, where the bars were set. Where it
takes longer now, the bars grow with it; they never fall below the design's own figures."""


def environment(home: str) -> dict[str, str]:
    """What a terminal gives a program, and a home of its own."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return kept | {"STUDYKIT_HOME": home, "HOME": home, "PYTHONPATH": str(Path.cwd())}


def first_frame(command: list[str], mark: str, home: str) -> float:
    with Terminal(command, env=environment(home), columns=120, rows=40) as terminal:
        terminal.wait_for(mark)
        return terminal.first_seen(mark)


def swaps(command: list[str], home: str, start: str, keys: list[tuple[str, bool]]) -> list[float]:
    """Seconds from each timed key to the first chunk that answers it."""
    figures = []
    with Terminal(command, env=environment(home), columns=120, rows=40) as terminal:
        terminal.wait_for(start)
        terminal.settle()
        for _ in range(KEYS):
            for key, timed in keys:
                before = len(terminal.chunks)
                typed = terminal.send(key)
                arrived = terminal.wait_chunk(before)
                terminal.settle()
                if timed:
                    figures.append(arrived - typed)
    return figures


def rss(command: list[str], home: str, mark: str) -> float:
    """Resident MB once `mark` is shown."""
    with Terminal(command, env=environment(home), columns=120, rows=40) as terminal:
        terminal.wait_for(mark)
        terminal.settle()
        status = Path(f"/proc/{terminal.process.pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory() as big:
        decks = Path(big) / "decks"
        decks.mkdir()
        for number in range(10):
            write_deck(decks / f"d{number}.yaml", 10_000, f"d{number}")
        first_frame(STUDYKIT, "Softmax", home)
        first_frame(STUDYKIT, "Bench", big)
        ours, large, trivial = interleaved(
            RUNS,
            lambda: first_frame(STUDYKIT, "Softmax", home),
            lambda: first_frame(STUDYKIT, "Bench", big),
            lambda: first_frame(TRIVIAL, "yardstick", home),
        )
        frame, big_frame, base = median(ours), median(large), median(trivial)
        memory = rss(STUDYKIT, big, "Bench")
        small = rss(TRIVIAL, home, "yardstick")
        version, bare = interleaved(
            RUNS,
            lambda: seconds(lambda: run([*STUDYKIT, "--version"])),
            lambda: seconds(lambda: run([sys.executable, "-c", "pass"])),
        )
        said, passed = median(version), median(bare)
    with tempfile.TemporaryDirectory() as home:
        deck = write_deck(Path(home) / "bench.yaml", 500)
        study = [*STUDYKIT, "study", str(deck), "bench", "--new", "400"]
        graded = swaps(study, home, "Card number 0", [(" ", True), ("4", True)])
        swapped = swaps(TRIVIAL, home, "yardstick", [("n", True)])
    key, key95 = median(graded), percentile(graded, 0.95)
    yard, yard95 = median(swapped), percentile(swapped, 0.95)
    slow = max(1.0, yard / SWAP)
    return [
        Row(
            "first frame",
            ms(frame),
            ms(base),
            f"{frame / base:.2f}",
            "≤ 1.25 × trivial app",
            frame <= 1.25 * base,
        ),
        Row(
            "first frame, 100 000 cards",
            ms(big_frame),
            ms(base),
            f"{big_frame / base:.2f}",
            "≤ 1.25 × trivial app",
            big_frame <= 1.25 * base,
        ),
        Row(
            "`studykit --version`",
            ms(said),
            ms(passed),
            f"{said / passed:.2f}",
            "≤ 2.5 × python -c pass",
            said <= 2.5 * passed,
        ),
        Row(
            "key → screen, median",
            ms(key),
            ms(yard),
            f"{key / yard:.2f}",
            f"≤ 6 ms × {slow:.1f}",
            key <= 6e-3 * slow,
        ),
        Row(
            "key → screen, p95",
            ms(key95),
            ms(yard95),
            f"{key95 / yard95:.2f}",
            f"≤ 12 ms × {slow:.1f}",
            key95 <= 12e-3 * slow,
        ),
        Row(
            "memory at home, 100 000 cards",
            f"{memory:.0f} MB",
            f"{small:.0f} MB",
            f"{memory / small:.2f}",
            "≤ 50 MB",
            memory <= 50,
        ),
    ]


def run(command: list[str]) -> None:
    import subprocess

    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=dict(os.environ))
