"""Losses with their factors stated: squared error, cross-entropy on logits, label smoothing."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from studykit.attention.softmax import log_softmax, softmax

Array = NDArray[np.float64]
Reduction = Literal["mean", "sum", "none"]


def squared_loss(
    prediction: ArrayLike, target: ArrayLike, factor: float = 1.0, reduction: Reduction = "mean"
) -> Array:
    """factor · (ŷ − y)²; the mean is over all entries. factor = ½ gives the gradient ŷ − y."""
    off = np.asarray(prediction, dtype=np.float64) - np.asarray(target, dtype=np.float64)
    return _reduced(factor * off * off, reduction)


def squared_loss_backward(
    prediction: ArrayLike, target: ArrayLike, factor: float = 1.0, reduction: Reduction = "mean"
) -> Array:
    """∂L/∂ŷ = 2 · factor · (ŷ − y), over the number of entries for the mean."""
    off = np.asarray(prediction, dtype=np.float64) - np.asarray(target, dtype=np.float64)
    gradient: Array = 2.0 * factor * off
    return gradient / off.size if reduction == "mean" else gradient


def smoothed_targets(labels: ArrayLike, classes: int, smoothing: float = 0.0) -> Array:
    """(1 − ε)·one-hot + ε/C: the mass ε is spread over all C classes, the right one included.

    (...) → (..., C); Szegedy et al. 2016, §7.
    """
    y = np.asarray(labels, dtype=np.int64)
    targets: Array = np.eye(classes)[y] * (1.0 - smoothing) + smoothing / classes
    return targets


def cross_entropy(
    logits: ArrayLike,
    labels: ArrayLike,
    *,
    smoothing: float = 0.0,
    class_weights: ArrayLike | None = None,
    ignore: int | None = None,
    reduction: Reduction = "mean",
) -> Array:
    """−Σ_c t_c ln softmax(z)_c in nats; logits (..., C), labels (...).

    Labels equal to `ignore` count nothing. With class weights the mean divides by the sum of the
    weights of the labels, as ONNX and PyTorch do.
    """
    weights = _label_weights(logits, labels, class_weights, ignore)
    targets = smoothed_targets(_known(labels, ignore), np.shape(logits)[-1], smoothing)
    each = -(targets * log_softmax(logits)).sum(axis=-1) * weights
    if reduction == "mean":
        mean: Array = each.sum() / weights.sum()
        return mean
    return _reduced(each, reduction)


def cross_entropy_backward(
    logits: ArrayLike,
    labels: ArrayLike,
    *,
    smoothing: float = 0.0,
    class_weights: ArrayLike | None = None,
    ignore: int | None = None,
    reduction: Reduction = "mean",
) -> Array:
    """∂L/∂z = weight · (softmax(z) − t), over the total weight for the mean; (..., C)."""
    weights = _label_weights(logits, labels, class_weights, ignore)
    targets = smoothed_targets(_known(labels, ignore), np.shape(logits)[-1], smoothing)
    gradient: Array = (softmax(logits) - targets) * weights[..., None]
    return gradient / weights.sum() if reduction == "mean" else gradient


def perplexity(mean_loss: float) -> float:
    """e^L for a mean cross-entropy L in nats: as uncertain as a choice among so many."""
    return float(np.exp(mean_loss))


def _label_weights(
    logits: ArrayLike, labels: ArrayLike, class_weights: ArrayLike | None, ignore: int | None
) -> Array:
    y = np.asarray(labels, dtype=np.int64)
    per_class = np.ones(np.shape(logits)[-1]) if class_weights is None else class_weights
    weights: Array = np.asarray(per_class, dtype=np.float64)[_known(labels, ignore)]
    return weights if ignore is None else np.where(y == ignore, 0.0, weights)


def _known(labels: ArrayLike, ignore: int | None) -> NDArray[np.int64]:
    """Labels that may be looked up: ignored ones, which may be no class at all, become 0."""
    y = np.asarray(labels, dtype=np.int64)
    return y if ignore is None else np.where(y == ignore, 0, y)


def _reduced(each: Array, reduction: Reduction) -> Array:
    match reduction:
        case "mean":
            return np.asarray(each.mean())
        case "sum":
            return np.asarray(each.sum())
        case _:
            return each
