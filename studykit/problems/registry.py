"""Which families there are: a line for each. `scaled-dot` lives in `families/scaled_dot.py`.

A family is imported when it is first asked for, so serving one problem loads one file. A learner's
own families come after the shipped ones, where the settings let them be loaded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module

from studykit.own_families import allowed
from studykit.problems.family import Family, ProblemError
from studykit.problems.own import NONE, Own, load

FAMILIES = (
    "scaled-dot",
    "attention-scores",
    "softmax-row",
    "attention-output",
    "attention-shapes",
    "dot-cosine-projection",
    "score-spread",
    "score-saturation",
    "softmax-jacobian",
    "attention-entropy",
    "masked-softmax",
    "attention-backward",
    "cross-entropy",
    "linear-forward",
    "squared-loss-gradient",
    "descent-step",
    "concat-heads",
    "kv-cache",
    "layer-norm",
    "online-softmax",
    "parameter-count",
    "rotary-embedding",
    "step-size",
    "chain-rule",
    "unit-change",
    "qk-bilinear",
    "ov-merge",
    "value-mixture",
    "token-lookup",
    "affine-map",
    "initialisation",
    "optimiser-step",
    "feed-forward",
    "multiply-adds",
    "perplexity",
    "temperature-softmax",
    "log-softmax",
    "allowed-pairs",
    "alibi-bias",
    "sinusoidal-position",
    "grouped-heads",
    "low-rank-adapter",
    "norm-backward",
    "nucleus-sampling",
    "label-smoothing",
    "gradient-clipping",
    "rate-schedule",
    "cost-growth",
    "training-cost",
    "matrix-product",
    "outer-product",
    "product-shape",
    "shift-invariance",
    "two-key-softmax",
    "stable-softmax",
    "split-heads",
    "head-contributions",
    "latent-cache",
    "rotary-score",
    "rotary-wavelength",
    "sinusoid-shift",
    "value-gradient",
    "score-gradient",
    "query-key-gradient",
    "projection-gradient",
    "input-gradient",
    "masked-backward",
    "heads-backward",
    "output-projection-gradient",
    "activation-derivative",
    "query-key-gauge",
    "score-symmetry",
    "direct-logits",
    "beam-search",
    "repetition-penalty",
    "min-p",
    "speculative-decoding",
    "token-projections",
    "decode-step",
    "cross-attention",
    "query-design",
    "token-permutation",
    "additive-score",
    "linear-backward",
    "bias-gradient",
    "feed-forward-backward",
    "rms-norm-backward",
    "activation-slope",
    "gated-unit",
    "residual-gradient",
    "expert-count",
    "arithmetic-intensity",
    "decode-latency",
    "paged-cache",
    "sliding-window",
    "prefix-mask",
    "packed-sequences",
    "score-softcap",
    "relative-bias",
    "attention-sink",
    "mask-matrix",
    "masked-row",
    "quantised-cache",
    "tile-traffic",
    "activation-memory",
    "model-flops-utilisation",
    "byte-pairs",
    "number-formats",
    "attention-crossover",
    "head-composition",
    "rotary-layout",
    "rolling-cache",
    "context-extension",
    "prefill-time",
    "tensor-parallel",
    "compute-budget",
    "pooled-heads",
    "value-output-gauge",
    "softmax-vjp",
    "token-loss",
    "kl-divergence",
    "preference-loss",
    "group-advantage",
    "finite-difference",
    "quadratic-descent",
    "nesterov-momentum",
    "weight-average",
    "weight-decay",
    "gradient-accumulation",
    "norm-axis",
    "pre-post-norm",
    "contrastive-loss",
    "policy-gradient",
    "adaptive-rates",
    "saddle-descent",
    "rotary-backward",
    "tied-embedding",
    "gradient-noise",
    "qk-norm",
    "linear-attention",
    "sparsemax",
    "attention-dropout",
    "attention-rollout",
    "output-spread",
    "kernel-regression",
    "averaging-head",
    "linear-layer-formulas",
    "attention-gradient-formulas",
    "bilinear-score-gradient",
    "value-path-gradient",
    "lora-gradients",
    "least-squares-gradient",
    "logit-gradient-formulas",
    "gated-unit-gradient",
    "loss-derivative",
    "softmax-entry",
    "temperature-derivative",
    "two-layer-derivative",
    "score-moments",
    "entropy-derivative",
    "norm-derivative",
    "descent-closed-form",
    "count-formulas",
    "differential-attention",
    "sigmoid-attention",
    "length-scaling",
    "receptive-field",
    "vector-norm",
    "input-gradient-paths",
)


def family_named(name: str) -> Family:
    """The family of this name. Raises ProblemError, with the nearest name."""
    if name in FAMILIES:
        return _shipped(name)
    mine = own()
    if name in mine.families:
        return mine.families[name]
    from difflib import get_close_matches

    near = get_close_matches(name, [*FAMILIES, *mine.families], n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    raise ProblemError(f"there is no family “{name}”{hint}")


@cache
def _shipped(name: str) -> Family:
    module = import_module(f"studykit.problems.families.{name.replace('-', '_')}")
    found: tuple[Family, ...] = module.FAMILIES
    return next(family for family in found if family.name == name)


def own() -> Own:
    """The learner's own families, and what is wrong with their files; none where not allowed."""
    folder = allowed()
    return NONE if folder is None else load(folder, FAMILIES)


def each_family() -> Iterator[Family]:
    """All families in a fixed order, the shipped ones first; each is loaded when its turn comes."""
    yield from map(_shipped, FAMILIES)
    yield from own().families.values()


def families() -> Mapping[str, Family]:
    """All families by name, in the same order."""
    return {family.name: family for family in each_family()}
