"""What `attend` promises beyond the ONNX cases."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from studykit.attention import AttentionError, attend, causal_mask, open_pairs

RNG = np.random.default_rng(7)
Q, K, V = RNG.normal(size=(2, 3, 4)), RNG.normal(size=(2, 5, 4)), RNG.normal(size=(2, 5, 6))


def test_the_trace_holds_every_step_of_the_formula() -> None:
    trace = attend(Q, K, V)
    np.testing.assert_allclose(trace.scores, Q @ K.transpose(0, 2, 1))
    np.testing.assert_allclose(trace.scaled, trace.scores / sqrt(4))
    np.testing.assert_allclose(trace.weights.sum(axis=-1), 1.0)
    np.testing.assert_allclose(trace.output, trace.weights @ V)
    assert trace.output.shape == (2, 3, 6)


def test_a_boolean_mask_and_its_additive_form_agree() -> None:
    may = RNG.random((3, 5)) > 0.4
    may[1] = True
    added = np.where(may, 0.0, -np.inf)
    np.testing.assert_array_equal(
        attend(Q, K, V, mask=may).output, attend(Q, K, V, mask=added).output
    )


def test_a_query_that_may_see_nothing_gets_zeros() -> None:
    trace = attend(Q, K, V, mask=np.array([[True] * 5, [False] * 5, [True] * 5]))
    assert not trace.weights[:, 1].any()
    assert not trace.output[:, 1].any()
    np.testing.assert_allclose(trace.weights[:, 0].sum(axis=-1), 1.0)


def test_decoding_with_a_cache_gives_the_last_rows_of_the_whole() -> None:
    X = RNG.normal(size=(6, 4))
    whole = attend(X, X, X, causal=True).output
    cached = attend(X[4:], X[4:], X[4:], causal=True, past_key=X[:4], past_value=X[:4]).output
    np.testing.assert_allclose(cached, whole[4:])


def test_causal_without_a_cache_is_aligned_top_left() -> None:
    weights = attend(Q[0], K[0], V[0], causal=True).weights
    np.testing.assert_array_equal(weights > 0, causal_mask(3, 5))
    assert open_pairs(causal_mask(4, 4)) == 4 * 5 // 2


def test_a_window_counts_keys_back_and_ahead() -> None:
    X = RNG.normal(size=(5, 4))
    weights = attend(X, X, X, window=(1, 2)).weights
    gaps = np.arange(5)[:, None] - np.arange(5)
    np.testing.assert_array_equal(weights > 0, (gaps <= 1) & (gaps >= -2))


def test_grouped_heads_share_neighbours_not_every_other_one() -> None:
    Qh, Kh, Vh = RNG.normal(size=(4, 3, 2)), RNG.normal(size=(2, 5, 2)), RNG.normal(size=(2, 5, 2))
    grouped = attend(Qh, Kh, Vh).output
    for i in range(4):
        np.testing.assert_allclose(grouped[i], attend(Qh[i], Kh[i // 2], Vh[i // 2]).output)


def test_a_cap_bounds_the_scores_before_the_mask() -> None:
    trace = attend(10 * Q, 10 * K, V, softcap=2.0, causal=True)
    assert np.abs(trace.capped).max() <= 2.0
    assert np.isneginf(trace.masked[:, 0, 1:]).all()
    assert (trace.weights[:, 0, 1:] == 0).all()


def test_padded_keys_do_not_matter_whatever_they_hold() -> None:
    bad = K.copy()
    bad[:, 3:] = 1e6
    lengths = np.array([3, 3])
    np.testing.assert_allclose(
        attend(Q, bad, V, key_lengths=lengths).output,
        attend(Q, K[:, :3], V[:, :3]).output,
    )


@pytest.mark.parametrize(
    ("shapes", "words"),
    [
        (((3, 4), (5, 3), (5, 2)), "width"),
        (((3, 4), (5, 4), (6, 2)), "values"),
        (((3, 3, 4), (2, 5, 4), (2, 5, 2)), "evenly"),
        (((4,), (5, 4), (5, 2)), "axes"),
    ],
)
def test_shapes_that_do_not_fit_are_named(shapes: tuple[tuple[int, ...], ...], words: str) -> None:
    q, k, v = (np.zeros(shape) for shape in shapes)
    with pytest.raises(AttentionError, match=words):
        attend(q, k, v)


def test_a_past_key_without_its_value_is_refused() -> None:
    with pytest.raises(AttentionError, match="together"):
        attend(Q, K, V, past_key=K)
    with pytest.raises(AttentionError, match="give one"):
        attend(Q, K, V, past_key=K, past_value=V, key_lengths=[5, 5])
