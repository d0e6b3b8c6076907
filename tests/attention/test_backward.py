"""Every gradient of attention against central differences, with and without each option."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from studykit.attention import attend, attend_backward
from tests.attention.finite_differences import Array, assert_gradient

RNG = np.random.default_rng(11)
MAY: NDArray[np.bool_] = np.array([[1, 0, 1, 1, 0], [0, 0, 0, 0, 0], [1, 1, 1, 1, 1]], dtype=bool)


def _draw(*shape: int) -> Array:
    return RNG.normal(size=shape)


SELF = (_draw(3, 4), _draw(5, 4), _draw(5, 2))
HEADS = (_draw(2, 4, 3, 2), _draw(2, 2, 5, 2), _draw(2, 2, 5, 3))

CASES: dict[str, tuple[tuple[Array, Array, Array], dict[str, Any]]] = {
    "plain": (SELF, {}),
    "own scale": (SELF, {"scale": 0.3}),
    "boolean mask with a closed row": (SELF, {"mask": MAY}),
    "numbers added": (SELF, {"mask": _draw(3, 5)}),
    "causal": (SELF, {"causal": True}),
    "window": (SELF, {"window": (1, 1)}),
    "softcap": (SELF, {"softcap": 1.5}),
    "softcap, mask and scale": (SELF, {"softcap": 1.5, "mask": MAY, "scale": 0.7}),
    "grouped heads": (HEADS, {}),
    "grouped heads, causal, softcap": (HEADS, {"causal": True, "softcap": 2.0}),
    "padding": (HEADS, {"key_lengths": np.array([3, 5]), "causal": True}),
    "one key head for all": ((_draw(4, 3, 2), _draw(1, 5, 2), _draw(1, 5, 3)), {}),
}


@pytest.mark.parametrize("name", CASES)
def test_gradients_agree_with_central_differences(name: str) -> None:
    (Q, K, V), how = CASES[name]
    trace = attend(Q, K, V, **how)
    G = np.random.default_rng(3).normal(size=trace.output.shape)
    gradients = attend_backward(trace, G)

    assert_gradient(lambda x: _loss(x, K, V, G, how), Q, gradients.d_query)
    assert_gradient(lambda x: _loss(Q, x, V, G, how), K, gradients.d_key)
    assert_gradient(lambda x: _loss(Q, K, x, G, how), V, gradients.d_value)


def test_the_gradient_of_an_added_mask_is_d_masked() -> None:
    Q, K, V = SELF
    M = _draw(3, 5)
    trace = attend(Q, K, V, mask=M)
    G = _draw(3, 2)
    assert_gradient(lambda x: _loss(Q, K, V, G, {"mask": x}), M, attend_backward(trace, G).d_masked)


def test_cached_keys_get_their_gradient_too() -> None:
    X, past = _draw(2, 4), _draw(3, 4)
    how = {"causal": True, "past_key": past, "past_value": past}
    trace = attend(X, X, X, **how)  # type: ignore[arg-type]  # one dict for all the tests
    G = _draw(2, 4)
    d_past = attend_backward(trace, G).d_key[:3]
    assert_gradient(lambda x: _loss(X, X, X, G, how | {"past_key": x}), past, d_past)


def test_gradients_of_the_scores_sum_to_zero_in_every_row() -> None:
    trace = attend(*SELF)
    d_scores = attend_backward(trace, _draw(3, 2)).d_scores
    np.testing.assert_allclose(d_scores.sum(axis=-1), 0.0, atol=1e-12)


def _loss(Q: Array, K: Array, V: Array, G: Array, how: dict[str, Any]) -> float:
    return float((attend(Q, K, V, **how).output * G).sum())
