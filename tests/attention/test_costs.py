"""Counts against real arrays and published models."""

from __future__ import annotations

from fractions import Fraction

from studykit.attention import costs


def test_a_block_is_about_twelve_squares_of_its_width() -> None:
    d = 768
    exact = costs.block_parameters(d, 12, 4 * d, bias=True)
    assert exact == 7_087_872  # GPT-2 small: (124 439 808 − embeddings − final norm) / 12
    total = 12 * exact + costs.norm_parameters(d) + costs.embedding_parameters(50_257, d)
    assert total + 1024 * d == 124_439_808


def test_llama_3_8b_from_its_configuration() -> None:
    block = costs.block_parameters(4096, 32, 14_336, kv_heads=8, gated=True, rms=True)
    tables = costs.embedding_parameters(128_256, 4096, tied=False)
    assert 32 * block + tables + costs.norm_parameters(4096, rms=True) == 8_030_261_248


def test_caches_shrink_with_the_key_heads() -> None:
    full = costs.cache_bytes(32, 32, 128, 4096)
    grouped = costs.cache_bytes(32, 8, 128, 4096)
    assert grouped == 512 * 2**20  # half a GiB
    assert full == 4 * grouped


def test_multiply_adds_of_attention() -> None:
    assert costs.score_macs(10, 10, 64) == 2 * 10 * 10 * 64
    assert costs.score_macs(10, 10, 64, causal=True) == 2 * 55 * 64
    n = costs.crossover_length(64)
    assert costs.score_macs(n, n, 64) == costs.projection_macs(n, 64)
    assert costs.flops(costs.feed_forward_macs(3, 4, 16)) == 2 * 2 * 3 * 4 * 16
    assert costs.feed_forward_macs(1, 4, 16, gated=True) == 3 * 64
    assert costs.training_flops(10**9, 10**10) == 6 * 10**19


def test_intensity_grows_with_sharing() -> None:
    assert costs.decode_intensity(32, 32) == 1
    assert costs.decode_intensity(32, 8) == 4
    assert costs.matmul_intensity(1, 1000, 1000) == Fraction(2_000_000, 2 * 1_002_000)


def test_experts_are_counted_in_all_and_for_one_token() -> None:
    total, active = costs.expert_parameters(4096, 14_336, 8, 2)  # Mixtral 8×7B
    attention = costs.attention_parameters(4096, 32, 128, kv_heads=8)
    rest = 2 * costs.norm_parameters(4096, rms=True) + attention
    ends = costs.embedding_parameters(32_000, 4096, tied=False) + 4096
    assert 32 * (total + rest) + ends == 46_702_792_704
    assert 32 * (active + rest) + ends == 12_879_925_248


def test_caches_and_memory_of_newer_methods() -> None:
    assert costs.adapter_parameters(4096, 4096, 8) == 65_536
    assert costs.latent_cache_bytes(60, 512, 64, 1) == 60 * 576 * 2
    assert costs.training_bytes(7_500_000_000) == 120 * 10**9
    assert costs.attention_intensity(1024, 1024, 64) == 512
