"""The engine against all 93 Attention node cases of ONNX.

What belongs to the operator and not to the mathematics is done here: splitting (B, n, H·d) into
heads, the number formats, and which intermediate is asked for as the second output.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from studykit.attention import Trace, attend
from tests.attention.onnx_cases import Case, cases

CASES = cases("attention", "Attention")


def test_all_93_cases_are_there() -> None:
    assert len({case.name for case in CASES}) == len(CASES) == 93


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_the_engine_agrees_with_onnx(case: Case) -> None:
    trace = _run(case)
    kind = case.inputs["Q"].dtype
    for name, expected in case.outputs.items():
        got = _output(case, trace, name).astype(kind)
        assert got.shape == expected.shape, name
        # Half precision is rounded after every operation there, once here.
        eps = _eps(kind)
        np.testing.assert_allclose(
            got.astype(np.float64),
            expected.astype(np.float64),
            rtol=max(2e-5, 4 * eps),
            atol=max(1e-6, eps),
            err_msg=name,
        )


def _run(case: Case) -> Trace:
    given = {
        name: x if x.dtype in (np.bool_, np.int64) else x.astype(np.float64)
        for name, x in case.inputs.items()
    }
    how = case.attributes
    if case.inputs["Q"].ndim == 3:
        given["Q"] = _heads(given["Q"], how["q_num_heads"])
        given["K"] = _heads(given["K"], how["kv_num_heads"])
        given["V"] = _heads(given["V"], how["kv_num_heads"])
    left, right = how.get("left_window_size", -1), how.get("right_window_size", -1)
    return attend(
        given["Q"],
        given["K"],
        given["V"],
        scale=how.get("scale"),
        mask=given.get("attn_mask"),
        causal=bool(how.get("is_causal", 0)),
        window=(None if left < 0 else left, None if right < 0 else right),
        softcap=how.get("softcap"),
        past_key=given.get("past_key"),
        past_value=given.get("past_value"),
        key_lengths=given.get("nonpad_kv_seqlen"),
    )


def _output(case: Case, trace: Trace, name: str) -> NDArray[Any]:
    match name:
        case "Y" if case.inputs["Q"].ndim == 3:
            return _merged(trace.output)
        case "Y":
            return trace.output
        case "present_key":
            return trace.key
        case "present_value":
            return trace.value
        case _:
            mode = case.attributes.get("qk_matmul_output_mode", 0)
            return (trace.scaled, trace.capped, trace.masked, trace.weights)[mode]


def _heads(x: NDArray[Any], heads: int) -> NDArray[Any]:
    """(B, n, H·d) → (B, H, n, d)"""
    batch, n, width = x.shape
    return x.reshape(batch, n, heads, width // heads).transpose(0, 2, 1, 3)


def _merged(x: NDArray[Any]) -> NDArray[Any]:
    """(B, H, n, d) → (B, n, H·d)"""
    batch, heads, n, width = x.shape
    return x.transpose(0, 2, 1, 3).reshape(batch, n, heads * width)


def _eps(kind: np.dtype[Any]) -> float:
    return {"float16": 2.0**-10, "bfloat16": 2.0**-7}.get(kind.name, 0.0)
