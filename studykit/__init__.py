"""studykit: learn the mathematics of attention in a terminal."""

__version__ = "0.1.0"
