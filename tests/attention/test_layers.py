"""Every backward pass of the layers against central differences, and what the layers promise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import pytest

from studykit.attention import (
    ACTIVATIONS,
    AttentionError,
    Block,
    FeedForward,
    HeadWeights,
    Norm,
    SwiGLU,
    adam,
    adam_start,
    alibi_bias,
    alibi_slopes,
    attend,
    block,
    block_backward,
    causal_mask,
    clipped,
    cross_entropy,
    cross_entropy_backward,
    distribution,
    entropy,
    entropy_backward,
    feed_forward,
    feed_forward_backward,
    gradient_descent,
    head_contributions,
    layer_norm,
    layer_norm_backward,
    linear,
    linear_backward,
    log_softmax,
    log_softmax_backward,
    merge,
    merge_heads,
    min_p,
    momentum,
    multi_head,
    multi_head_backward,
    perplexity,
    rms_norm,
    rms_norm_backward,
    rope,
    rope_backward,
    sinusoidal,
    smoothed_targets,
    softmax,
    softmax_backward,
    softmax_jacobian,
    split_heads,
    squared_loss,
    squared_loss_backward,
    streamed,
    swiglu,
    swiglu_backward,
    temperature_backward,
    tile,
    top_k,
    top_p,
)
from tests.attention.finite_differences import Array, assert_gradient

RNG = np.random.default_rng(5)


def draw(*shape: int) -> Array:
    return RNG.normal(size=shape)


X, G = draw(2, 3, 4), draw(2, 3, 4)


def dotted(f: Callable[[Array], Any], G: Array) -> Callable[[Array], float]:
    """L = ⟨G, f(x)⟩, so that ∂L/∂f is G."""
    return lambda x: float((np.asarray(f(x)) * G).sum())


def test_softmax_its_logarithm_and_their_gradients() -> None:
    p = softmax(X)
    assert_gradient(dotted(softmax, G), X, softmax_backward(p, G))
    assert_gradient(dotted(log_softmax, G), X, log_softmax_backward(log_softmax(X), G))
    np.testing.assert_allclose(np.exp(log_softmax(X)), p)
    vjp = (softmax_jacobian(p) @ G[..., None])[..., 0]
    np.testing.assert_allclose(vjp, softmax_backward(p, G))
    np.testing.assert_allclose(softmax_jacobian(p).sum(axis=-1), 0, atol=1e-15)
    assert_gradient(
        dotted(lambda x: softmax(x, 2.0), G), X, softmax_backward(softmax(X, 2.0), G) / 2.0
    )


def test_the_temperature_and_the_entropy_have_gradients_too() -> None:
    scores, g, T = draw(3, 5), draw(3, 5), 0.7
    p = softmax(scores, T)
    assert_gradient(dotted(lambda s: softmax(s, T), g), scores, softmax_backward(p, g, T))
    rates = temperature_backward(scores, p, g, T)
    for row in range(3):
        assert_gradient(
            lambda t, r=row: float((softmax(scores[r], float(t[0])) * g[r]).sum()),  # type: ignore[misc]
            np.array([T]),
            rates[row : row + 1],
        )
    h = draw(3)
    assert_gradient(
        lambda s: float((entropy(softmax(s)) * h).sum()),
        scores,
        entropy_backward(softmax(scores), h),
    )
    closed = np.array([[1.0, -np.inf, 2.0]])
    assert np.isfinite(temperature_backward(closed, softmax(closed), [[1.0, 5.0, 2.0]])).all()
    assert entropy_backward(softmax(closed), [1.0])[0, 1] == 0.0


def test_entropy_is_nothing_for_one_key_and_all_for_a_uniform_row() -> None:
    np.testing.assert_allclose(entropy([[1.0, 0.0], [0.5, 0.5]]), [0.0, np.log(2)])


def test_the_linear_layer() -> None:
    W, b, d_y = draw(4, 5), draw(5), draw(2, 3, 5)
    g = linear_backward(X, W, d_y)
    assert_gradient(dotted(lambda x: linear(x, W, b), d_y), X, g.d_x)
    assert_gradient(dotted(lambda w: linear(X, w, b), d_y), W, g.d_weight)
    assert_gradient(dotted(lambda c: linear(X, W, c), d_y), b, g.d_bias)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations_and_their_slopes(name: str) -> None:
    act = ACTIVATIONS[name]
    assert_gradient(dotted(act.value, G), X, G * act.slope(X))
    big = np.array([-800.0, 800.0])
    ends = {"sigmoid": [0.0, 1.0], "tanh": [-1.0, 1.0]}.get(name, [0.0, 800.0])
    np.testing.assert_allclose(act.value(big), ends, atol=1e-12)


def _check_weights(
    weights: Any, gradients: Any, names: tuple[str, ...], loss: Callable[[Any], float]
) -> None:
    """Each named array of the weights against differences."""
    for name in names:
        assert_gradient(
            lambda a, n=name: loss(replace(weights, **{n: a})),  # type: ignore[misc]
            getattr(weights, name),
            getattr(gradients, name),
        )


@pytest.mark.parametrize("activation", ["relu", "gelu"])
def test_the_feed_forward_network(activation: str) -> None:
    W = FeedForward(draw(4, 6), draw(6), draw(6, 4), draw(4), activation)
    d_x, d_W = feed_forward_backward(feed_forward(X, W), G)
    assert_gradient(dotted(lambda x: feed_forward(x, W).output, G), X, d_x)
    _check_weights(
        W,
        d_W,
        ("W_1", "b_1", "W_2", "b_2"),
        lambda w: float((feed_forward(X, w).output * G).sum()),
    )


def test_the_gated_network() -> None:
    W = SwiGLU(draw(4, 6), draw(4, 6), draw(6, 4))
    d_x, d_W = swiglu_backward(swiglu(X, W), G)
    assert_gradient(dotted(lambda x: swiglu(x, W).output, G), X, d_x)
    _check_weights(
        W,
        d_W,
        ("W_gate", "W_up", "W_down"),
        lambda w: float((swiglu(X, w).output * G).sum()),
    )


def test_both_norms() -> None:
    gain, bias = draw(4), draw(4)
    g = layer_norm_backward(layer_norm(X, gain, bias), G)
    assert_gradient(dotted(lambda x: layer_norm(x, gain, bias).output, G), X, g.d_x)
    assert_gradient(dotted(lambda a: layer_norm(X, a, bias).output, G), gain, g.d_gain)
    assert_gradient(dotted(lambda b: layer_norm(X, gain, b).output, G), bias, g.d_bias)
    r = rms_norm_backward(rms_norm(X, gain), G)
    assert_gradient(dotted(lambda x: rms_norm(x, gain).output, G), X, r.d_x)
    assert_gradient(dotted(lambda a: rms_norm(X, a).output, G), gain, r.d_gain)
    moved = layer_norm(3 * X + 7, gain, bias, epsilon=0.0).output
    np.testing.assert_allclose(moved, layer_norm(X, gain, bias, epsilon=0.0).output)


HEADS = HeadWeights(draw(4, 4), draw(4, 2), draw(4, 2), draw(4, 5))
FULL = HeadWeights(draw(4, 6), draw(3, 6), draw(3, 4), draw(4, 5))


@pytest.mark.parametrize("how", [{}, {"causal": True}, {"softcap": 2.0}])
def test_grouped_self_attention_through_all_paths(how: dict[str, Any]) -> None:
    d_y = draw(2, 3, 5)
    trace = multi_head(X, HEADS, 4, kv_heads=2, **how)
    g = multi_head_backward(trace, d_y)
    assert g.d_memory is None

    def loss(x: Array, w: HeadWeights) -> float:
        return float((multi_head(x, w, 4, kv_heads=2, **how).output * d_y).sum())

    assert_gradient(lambda x: loss(x, HEADS), X, g.d_x)
    _check_weights(HEADS, g.d_weights, ("W_Q", "W_K", "W_V", "W_O"), lambda w: loss(X, w))


def test_cross_attention_with_its_own_width() -> None:
    memory, d_y = draw(2, 5, 3), draw(2, 3, 5)
    g = multi_head_backward(multi_head(X, FULL, 2, memory=memory), d_y)

    def loss(x: Array, m: Array, w: HeadWeights) -> float:
        return float((multi_head(x, w, 2, memory=m).output * d_y).sum())

    assert g.d_memory is not None
    assert_gradient(lambda x: loss(x, memory, FULL), X, g.d_x)
    assert_gradient(lambda m: loss(X, m, FULL), memory, g.d_memory)
    _check_weights(FULL, g.d_weights, ("W_Q", "W_K", "W_V", "W_O"), lambda w: loss(X, memory, w))


def test_heads_are_columns_side_by_side_and_their_contributions_sum_to_the_output() -> None:
    split = split_heads(X, 2)
    np.testing.assert_array_equal(split[:, 1], X[..., 2:])
    np.testing.assert_array_equal(merge_heads(split), X)
    trace = multi_head(X, HEADS, 4, kv_heads=2)
    np.testing.assert_allclose(head_contributions(trace).sum(axis=-3), trace.output)
    with pytest.raises(AttentionError, match="does not split"):
        split_heads(X, 3)


def _block(order: Literal["pre", "post"], *, decoder: bool, modern: bool) -> Block:
    """`modern` has RMSNorm, grouped heads and a gated network."""

    def norm() -> Norm:
        return Norm(1.0 + 0.1 * draw(4), None if modern else draw(4))

    def heads() -> HeadWeights:
        keys = 2 if modern else 4
        return HeadWeights(draw(4, 4), draw(4, keys), draw(4, keys), draw(4, 4))

    plain = FeedForward(draw(4, 6), draw(6), draw(6, 4), draw(4), "gelu")

    return Block(
        attention=heads(),
        attention_norm=norm(),
        network=SwiGLU(draw(4, 6), draw(4, 6), draw(6, 4)) if modern else plain,
        network_norm=norm(),
        heads=2,
        kv_heads=1 if modern else None,
        cross=heads() if decoder else None,
        cross_norm=norm() if decoder else None,
        order=order,
    )


@pytest.mark.parametrize("order", ["pre", "post"])
@pytest.mark.parametrize("decoder", [False, True])
@pytest.mark.parametrize("modern", [False, True])
def test_blocks_pass_gradients_to_inputs_and_all_weights(
    order: Literal["pre", "post"], decoder: bool, modern: bool
) -> None:
    W, memory = _block(order, decoder=decoder, modern=modern), draw(2, 5, 4)
    mask = causal_mask(3, 3) if decoder else None

    def loss(x: Array, m: Array, w: Block) -> float:
        return float((block(x, w, memory=m, mask=mask).output * G).sum())

    g = block_backward(block(X, W, memory=memory, mask=mask), G)
    assert_gradient(lambda x: loss(x, memory, W), X, g.d_x)
    parts = ["attention", "attention_norm", "network", "network_norm"]
    if decoder:
        assert g.d_memory is not None
        assert_gradient(lambda m: loss(X, m, W), memory, g.d_memory)
        parts += ["cross", "cross_norm"]
    for part in parts:
        old, new = getattr(W, part), getattr(g.d_weights, part)
        names = tuple(
            n for n in old.__dataclass_fields__ if isinstance(getattr(old, n), np.ndarray)
        )
        assert all(
            getattr(new, n) is None for n in old.__dataclass_fields__ if n == "bias" and modern
        )
        _check_weights(
            old,
            new,
            names,
            lambda w, p=part: loss(X, memory, replace(W, **{p: w})),  # type: ignore[misc]
        )


def test_rotated_scores_depend_on_the_distance_alone() -> None:
    q, k = draw(1, 4), draw(1, 4)
    for pairs in ("neighbours", "halves"):
        scores = [
            (rope(q, [m], pairs=pairs) @ rope(k, [m - 3], pairs=pairs).T).item()
            for m in (3, 10, 100)
        ]
        np.testing.assert_allclose(scores, scores[0])
    at = np.arange(3)
    assert_gradient(dotted(lambda x: rope(x, at), G), X, rope_backward(G, at))
    assert_gradient(
        dotted(lambda x: rope(x, at, pairs="halves"), G), X, rope_backward(G, at, pairs="halves")
    )


def test_sinusoidal_encodings_alternate_and_shift_by_rotation() -> None:
    code = sinusoidal(np.arange(4), 6)
    np.testing.assert_allclose(code[0], [0, 1, 0, 1, 0, 1])
    np.testing.assert_allclose(code[2, 2], np.sin(2 / 10_000 ** (2 / 6)))
    np.testing.assert_allclose(code @ code.T, (code @ code.T).T)
    np.testing.assert_allclose((code[1] @ code[2]).item(), (code[2] @ code[3]).item())


def test_linear_biases_fall_with_the_distance() -> None:
    np.testing.assert_allclose(alibi_slopes(8)[:3], [1 / 2, 1 / 4, 1 / 8])
    bias = alibi_bias(3, 3, 2)
    np.testing.assert_allclose(bias[0, 2], [-2 / 16, -1 / 16, 0])
    assert attend(X, X, X, mask=alibi_bias(3, 3, 2), causal=True).weights.shape == (2, 3, 3)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_losses_and_their_factors(reduction: Literal["mean", "sum"]) -> None:
    def squared(x: Array) -> float:
        return float(squared_loss(x, G, 0.5, reduction))

    assert_gradient(squared, X, squared_loss_backward(X, G, 0.5, reduction))
    labels = np.array([[0, 3, 1], [2, 2, 0]])
    how: dict[str, Any] = {
        "smoothing": 0.1,
        "class_weights": [1.0, 2.0, 0.5, 1.0],
        "ignore": 1,
        "reduction": reduction,
    }
    assert_gradient(
        lambda x: float(cross_entropy(x, labels, **how)),
        X,
        cross_entropy_backward(X, labels, **how),
    )


def test_uniform_logits_lose_the_logarithm_of_the_classes() -> None:
    loss = float(cross_entropy(np.zeros((2, 5)), [0, 4]))
    assert loss == pytest.approx(np.log(5))
    assert perplexity(loss) == pytest.approx(5)
    np.testing.assert_allclose(smoothed_targets(1, 4, 0.2), [0.05, 0.85, 0.05, 0.05])


def test_steps_of_the_optimisers() -> None:
    np.testing.assert_allclose(gradient_descent([1.0, 2.0], [10.0, -10.0], 0.1), [0.0, 3.0])
    state = adam(adam_start([1.0]), [4.0], rate=0.1)
    np.testing.assert_allclose(state.x, [0.9])  # the first step is the rate, whatever the gradient
    shrunk = adam(adam_start([1.0]), [4.0], rate=0.1, decay=0.5)
    np.testing.assert_allclose(shrunk.x, [0.95 - 0.1])
    second = adam(state, [-2.0], rate=0.1)
    m_hat = (0.9 * 0.4 + 0.1 * -2.0) / (1 - 0.9**2)
    v_hat = (0.999 * 0.016 + 0.001 * 4.0) / (1 - 0.999**2)
    np.testing.assert_allclose(second.x, state.x - 0.1 * m_hat / np.sqrt(v_hat), rtol=1e-7)
    half = clipped([np.array([3.0]), np.array([4.0])], 2.5)
    np.testing.assert_allclose(np.concatenate(half), [1.5, 2.0])
    assert clipped(half, 5.0) is half
    x, v = momentum([1.0], [2.0], [4.0], rate=0.1, decay=0.5)
    np.testing.assert_allclose([x[0], v[0]], [1.0 - 0.1 * 4.0, 4.0])
    ahead, v = momentum([1.0], [2.0], [4.0], rate=0.1, decay=0.5, nesterov=True)
    np.testing.assert_allclose([ahead[0], v[0]], [1.0 - 0.1 * (2.0 + 0.5 * 4.0), 4.0])


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_tiles_of_any_size_give_the_whole(size: int) -> None:
    Q, K, V = 4 * draw(3, 4), draw(7, 4), draw(7, 2)
    whole = attend(Q, K, V, causal=True)
    part = streamed(whole.masked, V, size)
    np.testing.assert_allclose(part.output, whole.output)
    left, right = tile(whole.masked[:, :3], V[:3]), tile(whole.masked[:, 3:], V[3:])
    np.testing.assert_allclose(merge(right, left).output, whole.output)
    np.testing.assert_allclose(
        np.log(part.total) + part.maximum,
        np.log(np.exp(whole.masked).sum(axis=-1, keepdims=True)),
    )


def test_cuts_keep_the_likeliest_and_renormalise() -> None:
    p = np.array([0.1, 0.5, 0.15, 0.25])
    np.testing.assert_allclose(top_k(p, 2), [0, 2 / 3, 0, 1 / 3])
    np.testing.assert_allclose(top_p(p, 0.7), [0, 2 / 3, 0, 1 / 3])
    np.testing.assert_allclose(top_p(p, 0.76), [0, 0.5 / 0.9, 0.15 / 0.9, 0.25 / 0.9])
    np.testing.assert_allclose(top_p(p, 0.1), [0, 1, 0, 0])
    np.testing.assert_allclose(min_p(p, 0.4), [0, 2 / 3, 0, 1 / 3])
    np.testing.assert_allclose(min_p(p, 0.5), [0, 2 / 3, 0, 1 / 3])
    np.testing.assert_allclose(distribution(np.log(p), k=2, mass=0.6), [0, 1, 0, 0])
    np.testing.assert_allclose(distribution(np.log(p), temperature=0.5), p**2 / (p**2).sum())
