"""What the property tests of this room draw from, and how often."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st

LAW = settings(derandomize=True, deadline=None, max_examples=120, database=None)

grades = st.integers(1, 4)
gaps = st.one_of(st.just(0), st.integers(0, 5), st.integers(0, 400))
histories = st.lists(st.tuples(grades, gaps), min_size=1, max_size=12)
retentions = st.floats(0.70, 0.97)
