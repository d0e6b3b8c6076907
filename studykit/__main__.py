"""The program's door. A bare run goes straight to the app; arguments load the command line.

Nothing is imported here that the first frame or `--version` does not need.
"""

from __future__ import annotations

import sys


def main() -> int:
    """Run studykit; returns the exit code: 0 done, 1 failed or wrong, 2 usage or unreadable."""
    arguments = sys.argv[1:]
    if arguments in (["--version"], ["-V"]):
        from studykit import __version__

        sys.stdout.write(f"studykit {__version__}\n")
        return 0
    if not arguments:
        from studykit.launch import launch

        return launch()
    from studykit.cli.group import run
    from studykit.launch import keys, launch

    return run(arguments, launch, keys)


if __name__ == "__main__":
    sys.exit(main())
