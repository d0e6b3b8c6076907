"""Counting: parameters, multiply–adds, cache bytes, arithmetic intensity. All in whole numbers.

A multiply–add (MAC) is two FLOPs. A product of m×k and k×n takes m·k·n multiply–adds.
"""

from __future__ import annotations

from fractions import Fraction


def attention_parameters(
    d_model: int, heads: int, d_k: int, *, kv_heads: int | None = None, bias: bool = False
) -> int:
    """W_Q, W_K, W_V, W_O with d_v = d_k; 4·d_model² for full heads with d_k = d_model/heads."""
    kv = heads if kv_heads is None else kv_heads
    weights = 2 * d_model * heads * d_k + 2 * d_model * kv * d_k
    biases = heads * d_k + 2 * kv * d_k + d_model
    return weights + (biases if bias else 0)


def feed_forward_parameters(
    d_model: int, d_ff: int, *, gated: bool = False, bias: bool = False
) -> int:
    """Two matrices, or three if gated (SwiGLU)."""
    matrices = 3 if gated else 2
    biases = (matrices - 1) * d_ff + d_model
    return matrices * d_model * d_ff + (biases if bias else 0)


def expert_parameters(
    d_model: int, d_ff: int, experts: int, chosen: int, *, shared: int = 0, gated: bool = True
) -> tuple[int, int]:
    """All parameters of a mixture of experts, and those one token uses: router d·E, then
    `chosen` of `experts` networks and `shared` ones that every token uses.

    Shazeer et al. 2017; with shared experts, DeepSeekMoE (Dai et al. 2024).
    """
    each = feed_forward_parameters(d_model, d_ff, gated=gated)
    router = d_model * experts
    return router + (experts + shared) * each, router + (chosen + shared) * each


def adapter_parameters(d_in: int, d_out: int, rank: int) -> int:
    """A low-rank adapter, A (d_in×r) and B (r×d_out): r·(d_in + d_out) (Hu et al. 2022)."""
    return rank * (d_in + d_out)


def norm_parameters(d_model: int, *, rms: bool = False) -> int:
    """Gain and bias for LayerNorm, gain alone for RMSNorm."""
    return d_model if rms else 2 * d_model


def embedding_parameters(vocabulary: int, d_model: int, *, tied: bool = True) -> int:
    """One table, or two when the output layer has its own."""
    return vocabulary * d_model * (1 if tied else 2)


def block_parameters(
    d_model: int,
    heads: int,
    d_ff: int,
    *,
    kv_heads: int | None = None,
    gated: bool = False,
    bias: bool = False,
    rms: bool = False,
) -> int:
    """Attention, feed-forward network and two norms; about 12·d_model² for d_ff = 4·d_model."""
    attention = attention_parameters(d_model, heads, d_model // heads, kv_heads=kv_heads, bias=bias)
    network = feed_forward_parameters(d_model, d_ff, gated=gated, bias=bias)
    return attention + network + 2 * norm_parameters(d_model, rms=rms)


def projection_macs(tokens: int, d_model: int) -> int:
    """Q, K, V and the output projection of full heads: 4·n·d²."""
    return 4 * tokens * d_model * d_model


def score_macs(n_q: int, n_k: int, d_model: int, *, causal: bool = False) -> int:
    """QKᵀ and AV over all heads: 2·n_q·n_k·d; causal n × n counts the open pairs alone."""
    pairs = n_q * (n_q + 1) // 2 if causal else n_q * n_k
    return 2 * pairs * d_model


def feed_forward_macs(tokens: int, d_model: int, d_ff: int, *, gated: bool = False) -> int:
    return (3 if gated else 2) * tokens * d_model * d_ff


def flops(macs: int) -> int:
    """A multiply–add is one multiplication and one addition."""
    return 2 * macs


def crossover_length(d_model: int) -> int:
    """The length at which scores cost as much as projections: 2n²d = 4nd², so n = 2d."""
    return 2 * d_model


def training_flops(parameters: int, tokens: int) -> int:
    """6·N·D: 2 forward, 4 backward for each parameter and token (Kaplan et al. 2020)."""
    return 6 * parameters * tokens


def cache_bytes(
    layers: int, kv_heads: int, d_k: int, tokens: int, batch: int = 1, bytes_each: int = 2
) -> int:
    """Keys and values of all layers: 2·L·H_kv·d_k·n·B numbers."""
    return 2 * layers * kv_heads * d_k * tokens * batch * bytes_each


def latent_cache_bytes(
    layers: int, width: int, rotary: int, tokens: int, batch: int = 1, bytes_each: int = 2
) -> int:
    """Multi-head latent attention keeps one latent vector and one rotated key part a token:
    L·(d_c + d_r)·n·B numbers, whatever the number of heads (DeepSeek-V2, 2024)."""
    return layers * (width + rotary) * tokens * batch * bytes_each


def training_bytes(parameters: int, *, weights: int = 2, gradients: int = 2, adam: int = 12) -> int:
    """Weights, gradients and Adam in mixed precision: 2 + 2 + 12 = 16 bytes a parameter, the last
    being a 32-bit copy and both running means (Rajbhandari et al. 2020, §3.1)."""
    return parameters * (weights + gradients + adam)


def attention_intensity(n_q: int, n_k: int, d_k: int, bytes_each: int = 2) -> Fraction:
    """FLOPs per byte of one head when only Q, K, V and the output are moved (FlashAttention):
    4·n_q·n_k·d over (2·n_q + 2·n_k)·d numbers, so about n for self-attention in 16 bits."""
    return Fraction(4 * n_q * n_k * d_k, bytes_each * 2 * (n_q + n_k) * d_k)


def matmul_intensity(m: int, k: int, n: int, bytes_each: int = 2) -> Fraction:
    """FLOPs per byte moved for (m×k)(k×n): 2mkn over both inputs and the result."""
    return Fraction(2 * m * k * n, bytes_each * (m * k + k * n + m * n))


def decode_intensity(heads: int, kv_heads: int, bytes_each: int = 2) -> Fraction:
    """FLOPs per byte of cache when one token attends: each number read serves H/H_kv queries."""
    return Fraction(2 * heads, bytes_each * kv_heads)
