"""Published sizes of models and devices, as their papers, model cards and data sheets give them.

Problems of level 3 use these true numbers. A problem's givens hold only numbers, so a family keeps
the place in the list and prints the name from here.
"""

from __future__ import annotations

from typing import NamedTuple


class Model(NamedTuple):
    """A decoder with gated networks; `billions` counts all parameters, to two places."""

    name: str
    layers: int
    d_model: int
    heads: int
    kv_heads: int
    d_k: int
    d_ff: int
    vocabulary: int
    billions: float


class Device(NamedTuple):
    """`peak` in 10¹² dense 16-bit FLOP/s, `bandwidth` of the memory in 10⁹ bytes/s."""

    name: str
    peak: int
    bandwidth: int


MODELS = (
    Model("Llama 2 7B", 32, 4096, 32, 32, 128, 11_008, 32_000, 6.74),
    Model("Llama 2 13B", 40, 5120, 40, 40, 128, 13_824, 32_000, 13.02),
    Model("Llama 3 8B", 32, 4096, 32, 8, 128, 14_336, 128_256, 8.03),
    Model("Llama 3 70B", 80, 8192, 64, 8, 128, 28_672, 128_256, 70.55),
    Model("Mistral 7B", 32, 4096, 32, 8, 128, 14_336, 32_000, 7.24),
)

DEVICES = (
    Device("NVIDIA V100", 125, 900),
    Device("NVIDIA A100 80 GB", 312, 2039),
    Device("NVIDIA H100 SXM", 989, 3350),
    Device("NVIDIA L4", 121, 300),
    Device("Google TPU v5e", 197, 819),
    Device("AMD MI300X", 1307, 5300),
)

LARGE = tuple(place for place, of in enumerate(DEVICES) if of.bandwidth > 1000)
"""The places of the devices that serve large models."""
