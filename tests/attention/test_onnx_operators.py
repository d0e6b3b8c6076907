"""Norms, activations, softmax, positions, losses and optimisers against ONNX's node cases."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from studykit.attention import (
    adam,
    cross_entropy,
    layer_norm,
    log_softmax,
    momentum,
    rms_norm,
    rotate,
    softmax,
)
from studykit.attention.feed_forward import (
    gated,
    gelu,
    gelu_tanh,
    relu,
    sigmoid,
    silu,
    softplus,
    tanh,
)
from studykit.attention.optimisers import AdamState
from tests.attention.onnx_cases import Case, cases

COUNTS = {
    ("softmax", "Softmax"): 7,
    ("logsoftmax", "LogSoftmax"): 7,
    ("layernormalization", "LayerNormalization"): 19,
    ("rmsnormalization", "RMSNormalization"): 19,
    ("rotaryembedding", "RotaryEmbedding"): 8,
    ("softmax_cross_entropy_loss", "SoftmaxCrossEntropyLoss"): 34,
    ("gelu", "Gelu"): 4,
    ("relu", "Relu"): 1,
    ("swish", "Swish"): 1,
    ("swiglu", "SwiGLU"): 3,
    ("sigmoid", "Sigmoid"): 2,
    ("tanh", "Tanh"): 2,
    ("softplus", "Softplus"): 2,
    ("adam", "Adam"): 2,
    ("momentum", "Momentum"): 3,
}
CASES = [(operator, case) for module, operator in COUNTS for case in cases(module, operator)]


def test_the_cases_we_know_of_are_there() -> None:
    for (module, operator), count in COUNTS.items():
        assert len(cases(module, operator)) == count, operator


@pytest.mark.parametrize(("operator", "case"), CASES, ids=[case.name for _, case in CASES])
def test_the_engine_agrees_with_onnx(operator: str, case: Case) -> None:
    given = {
        name: x if x.dtype == np.int64 else x.astype(np.float64) for name, x in case.inputs.items()
    }
    got = RUNS[operator](case.attributes, given)
    coarse = any(x.dtype == np.float16 for x in case.inputs.values())
    asked = len(case.outputs)  # the log-probabilities of a loss are not always
    for ours, (name, expected) in zip(got[:asked], case.outputs.items(), strict=True):
        np.testing.assert_allclose(
            ours,
            expected.astype(np.float64),
            rtol=4e-3 if coarse else 2e-5,
            atol=1e-3 if coarse else 1e-6,
            err_msg=name,
        )


Given = dict[str, NDArray[Any]]
Attributes = dict[str, Any]


def _along(axis: int, f: Any, x: NDArray[Any]) -> Any:
    """A function of the last axis, applied along another one."""
    return np.moveaxis(f(np.moveaxis(x, axis, -1)), -1, axis)


def _softmax(how: Attributes, x: Given) -> list[Any]:
    return [_along(how.get("axis", -1), softmax, x["x"])]


def _log_softmax(how: Attributes, x: Given) -> list[Any]:
    return [_along(how.get("axis", -1), log_softmax, x["x"])]


def _flat(how: Attributes, x: NDArray[Any]) -> tuple[NDArray[Any], tuple[int, ...]]:
    """The axes from `axis` on as one, which is what these operators normalise over."""
    axis = how.get("axis", -1) % x.ndim
    return x.reshape(*x.shape[:axis], -1), (*x.shape[:axis], *(1,) * (x.ndim - axis))


def _layer_norm(how: Attributes, x: Given) -> list[Any]:
    X, kept = _flat(how, x["X"])
    trace = layer_norm(X, x["W"].ravel(), x["B"].ravel(), how.get("epsilon", 1e-5))
    y = trace.output.reshape(x["X"].shape)
    return [y, trace.mean.reshape(kept), trace.inverse.reshape(kept)]


def _rms_norm(how: Attributes, x: Given) -> list[Any]:
    X, _ = _flat(how, x["X"])
    y = rms_norm(X, x["W"].ravel(), how.get("epsilon", 1e-5)).output
    return [y.reshape(x["X"].shape)]


def _rotary(how: Attributes, x: Given) -> list[Any]:
    cos, sin, X = x["cos_cache"], x["sin_cache"], x["input"]
    if "position_ids" in x:
        cos, sin = cos[x["position_ids"]], sin[x["position_ids"]]
    pairs: Any = "neighbours" if how.get("interleaved", 0) else "halves"
    if X.ndim == 3:  # (B, n, H·d): the heads between tokens and width
        split = X.reshape(*X.shape[:2], how["num_heads"], -1)
        turned = rotate(split, cos[:, :, None], sin[:, :, None], pairs)
        return [turned.reshape(X.shape)]
    return [rotate(X, cos[:, None], sin[:, None], pairs)]


def _cross_entropy(how: Attributes, x: Given) -> list[Any]:
    """Classes stand on the second axis there, on the last one here."""
    logits = np.moveaxis(x["x"], 1, -1)
    reduction = how["reduction"].decode()
    loss = cross_entropy(
        logits,
        x["y"],
        class_weights=x.get("w"),
        ignore=how.get("ignore_index"),
        reduction=reduction,
    )
    return [loss, _along(1, log_softmax, x["x"])]


def _swiglu(how: Attributes, x: Given) -> list[Any]:
    alpha = how.get("alpha", 1.0)  # a σ(αa) is silu(αa)/α
    return [gated(alpha * x["a"], x["b"]) / alpha]


def _adam(how: Attributes, x: Given) -> list[Any]:
    """ONNX counts T from 0 without correction, so its step is ours with the rate adjusted."""
    tensors = sum(name.startswith("X") for name in x)
    names = [str(i + 1) for i in range(tensors)] if tensors > 1 else [""]
    done = []
    for n in names:
        X, G = x[f"X{n}"], x[f"G{n}"] + how["norm_coefficient"] * x[f"X{n}"]
        alpha, beta, t = how["alpha"], how["beta"], int(x["T"])
        # √v̂ + ε here is (√v + ε √(1 − βᵗ))/√(1 − βᵗ): ε is scaled to mean the same.
        done.append(
            adam(
                AdamState(X, x[f"V{n}"], x[f"H{n}"], 0),
                G,
                float(x["R"]) * (1 - alpha) / np.sqrt(1 - beta),
                alpha,
                beta,
                how["epsilon"] / np.sqrt(1 - beta),
            )
        )
        assert t == 0
    return [s.x for s in done] + [s.mean for s in done] + [s.square for s in done]


def _momentum(how: Attributes, x: Given) -> list[Any]:
    tensors = sum(name.startswith("X") for name in x)
    names = [str(i + 1) for i in range(tensors)] if tensors > 1 else [""]
    velocity = "H" if tensors > 1 else "V"
    done = [
        momentum(
            x[f"X{n}"],
            x[f"G{n}"] + how["norm_coefficient"] * x[f"X{n}"],
            x[f"{velocity}{n}"],
            float(x["R"]),
            how["alpha"],
            share=how["beta"] if int(x["T"]) > 0 else 1.0,
            nesterov=how["mode"] == b"nesterov",
        )
        for n in names
    ]
    return [s[0] for s in done] + [s[1] for s in done]


RUNS: dict[str, Any] = {
    "Softmax": _softmax,
    "LogSoftmax": _log_softmax,
    "LayerNormalization": _layer_norm,
    "RMSNormalization": _rms_norm,
    "RotaryEmbedding": _rotary,
    "SoftmaxCrossEntropyLoss": _cross_entropy,
    "Gelu": lambda how, x: [
        gelu_tanh(x["x"]) if how.get("approximate") == b"tanh" else gelu(x["x"])
    ],
    "Relu": lambda _, x: [relu(x["x"])],
    "Sigmoid": lambda _, x: [sigmoid(x["x"])],
    "Tanh": lambda _, x: [tanh(x["x"])],
    "Softplus": lambda _, x: [softplus(x["x"])],
    "Swish": lambda how, x: [silu(how["alpha"] * x["x"]) / how["alpha"]],
    "SwiGLU": _swiglu,
    "Adam": _adam,
    "Momentum": _momentum,
}
