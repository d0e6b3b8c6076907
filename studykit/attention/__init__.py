"""The attention engine: forward and backward with every intermediate, nothing but NumPy.

Rows are tokens, arrays are float64 with any leading axes, dZ means ∂L/∂Z.
"""

from studykit.attention.backward import Gradients, attend_backward
from studykit.attention.blocks import Block, BlockGradients, BlockTrace, Norm, block, block_backward
from studykit.attention.feed_forward import (
    ACTIVATIONS,
    FeedForward,
    SwiGLU,
    feed_forward,
    feed_forward_backward,
    swiglu,
    swiglu_backward,
)
from studykit.attention.heads import (
    HeadsGradients,
    HeadsTrace,
    HeadWeights,
    head_contributions,
    merge_heads,
    multi_head,
    multi_head_backward,
    split_heads,
)
from studykit.attention.linear import LinearGradients, linear, linear_backward
from studykit.attention.losses import (
    cross_entropy,
    cross_entropy_backward,
    perplexity,
    smoothed_targets,
    squared_loss,
    squared_loss_backward,
)
from studykit.attention.masks import additive, causal_mask, open_pairs, padding_mask, window_mask
from studykit.attention.norms import (
    NormGradients,
    NormTrace,
    layer_norm,
    layer_norm_backward,
    rms_norm,
    rms_norm_backward,
)
from studykit.attention.optimisers import (
    AdamState,
    adam,
    adam_start,
    clipped,
    gradient_descent,
    momentum,
)
from studykit.attention.positions import (
    alibi_bias,
    alibi_slopes,
    rope,
    rope_backward,
    rotary_angles,
    rotate,
    sinusoidal,
)
from studykit.attention.sampling import distribution, top_k, top_p
from studykit.attention.scaled_dot import AttentionError, Trace, attend
from studykit.attention.softmax import (
    entropy,
    log_softmax,
    log_softmax_backward,
    softmax,
    softmax_backward,
    softmax_jacobian,
)
from studykit.attention.streaming import Partial, merge, streamed, tile

__all__ = [
    "ACTIVATIONS",
    "AdamState",
    "AttentionError",
    "Block",
    "BlockGradients",
    "BlockTrace",
    "FeedForward",
    "Gradients",
    "HeadWeights",
    "HeadsGradients",
    "HeadsTrace",
    "LinearGradients",
    "Norm",
    "NormGradients",
    "NormTrace",
    "Partial",
    "SwiGLU",
    "Trace",
    "adam",
    "adam_start",
    "additive",
    "alibi_bias",
    "alibi_slopes",
    "attend",
    "attend_backward",
    "block",
    "block_backward",
    "causal_mask",
    "clipped",
    "cross_entropy",
    "cross_entropy_backward",
    "distribution",
    "entropy",
    "feed_forward",
    "feed_forward_backward",
    "gradient_descent",
    "head_contributions",
    "layer_norm",
    "layer_norm_backward",
    "linear",
    "linear_backward",
    "log_softmax",
    "log_softmax_backward",
    "merge",
    "merge_heads",
    "momentum",
    "multi_head",
    "multi_head_backward",
    "open_pairs",
    "padding_mask",
    "perplexity",
    "rms_norm",
    "rms_norm_backward",
    "rope",
    "rope_backward",
    "rotary_angles",
    "rotate",
    "sinusoidal",
    "smoothed_targets",
    "softmax",
    "softmax_backward",
    "softmax_jacobian",
    "split_heads",
    "squared_loss",
    "squared_loss_backward",
    "streamed",
    "swiglu",
    "swiglu_backward",
    "tile",
    "top_k",
    "top_p",
    "window_mask",
]
