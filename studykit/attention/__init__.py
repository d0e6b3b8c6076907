"""The attention engine: forward and backward with every intermediate, nothing but NumPy.

Rows are tokens, arrays are float64 with any leading axes, dZ means ∂L/∂Z.
"""

from studykit.attention.backward import Gradients, attend_backward
from studykit.attention.masks import additive, causal_mask, open_pairs, padding_mask, window_mask
from studykit.attention.scaled_dot import AttentionError, Trace, attend
from studykit.attention.softmax import softmax, softmax_backward

__all__ = [
    "AttentionError",
    "Gradients",
    "Trace",
    "additive",
    "attend",
    "attend_backward",
    "causal_mask",
    "open_pairs",
    "padding_mask",
    "softmax",
    "softmax_backward",
    "window_mask",
]
