"""Which families there are: a line for each, with the module that holds it.

A family is imported when it is first asked for, so serving one problem loads one file.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType

from studykit.problems.family import Family, ProblemError

FAMILIES: Mapping[str, str] = MappingProxyType(
    {
        "scaled-dot": "scaled_dot",
        "attention-scores": "attention_scores",
        "softmax-row": "softmax_row",
        "attention-output": "attention_output",
        "attention-shapes": "attention_shapes",
        "dot-cosine-projection": "dot_cosine_projection",
        "score-spread": "score_spread",
        "score-saturation": "score_saturation",
        "softmax-jacobian": "softmax_jacobian",
        "attention-entropy": "attention_entropy",
        "masked-softmax": "masked_softmax",
        "attention-backward": "attention_backward",
        "cross-entropy": "cross_entropy",
        "linear-forward": "linear_forward",
        "squared-loss-gradient": "squared_loss_gradient",
        "descent-step": "descent_step",
        "concat-heads": "concat_heads",
        "kv-cache": "kv_cache",
        "layer-norm": "layer_norm",
        "online-softmax": "online_softmax",
        "parameter-count": "parameter_count",
        "rotary-embedding": "rotary_embedding",
        "step-size": "step_size",
        "chain-rule": "chain_rule",
        "unit-change": "unit_change",
        "qk-bilinear": "qk_bilinear",
        "ov-merge": "ov_merge",
        "value-mixture": "value_mixture",
        "token-lookup": "token_lookup",
        "affine-map": "affine_map",
        "initialisation": "initialisation",
        "optimiser-step": "optimiser_step",
        "feed-forward": "feed_forward",
        "multiply-adds": "multiply_adds",
        "perplexity": "perplexity",
        "temperature-softmax": "temperature_softmax",
        "log-softmax": "log_softmax",
        "allowed-pairs": "allowed_pairs",
        "alibi-bias": "alibi_bias",
        "sinusoidal-position": "sinusoidal_position",
        "grouped-heads": "grouped_heads",
        "low-rank-adapter": "low_rank_adapter",
        "norm-backward": "norm_backward",
        "nucleus-sampling": "nucleus_sampling",
        "label-smoothing": "label_smoothing",
        "gradient-clipping": "gradient_clipping",
        "rate-schedule": "rate_schedule",
        "cost-growth": "cost_growth",
        "training-cost": "training_cost",
    }
)


@cache
def family_named(name: str) -> Family:
    """The family of this name. Raises ProblemError, with the nearest name."""
    module = FAMILIES.get(name)
    if module is None:
        from difflib import get_close_matches

        near = get_close_matches(name, FAMILIES, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise ProblemError(f"there is no family “{name}”{hint}")
    found: tuple[Family, ...] = import_module(f"studykit.problems.families.{module}").FAMILIES
    return next(family for family in found if family.name == name)


def families() -> Mapping[str, Family]:
    """All families by name, in a fixed order."""
    return {name: family_named(name) for name in FAMILIES}
