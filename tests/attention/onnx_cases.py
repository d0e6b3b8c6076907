"""The ONNX node tests as an outside reference: one operator's cases, made in this process.

Importing a module of `onnx.backend.test.case.node` builds its cases (seed 0, each process once);
the twins that spell an operator out in simpler ones hold the same numbers and are left out.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx.backend.test.case import node as node_cases


@dataclass(frozen=True)
class Case:
    name: str
    opset: int
    attributes: dict[str, Any]
    inputs: dict[str, NDArray[Any]]
    outputs: dict[str, NDArray[Any]]


@cache
def cases(module: str, operator: str) -> tuple[Case, ...]:
    """All cases of one operator, by the name of ONNX's module ("attention")."""
    importlib.import_module(f"onnx.backend.test.case.node.{module}")
    found = []
    for case in node_cases._NodeTestCases:
        node = case.model.graph.node[0]
        if node.op_type != operator or "_expanded" in case.name:
            continue
        inputs, outputs = case.data_sets[0]
        found.append(
            Case(
                name=case.name,
                opset=case.model.opset_import[0].version,
                attributes={a.name: onnx.helper.get_attribute_value(a) for a in node.attribute},
                inputs=_named(node.input, inputs),
                outputs=_named(node.output, outputs),
            )
        )
    return tuple(found)


def _named(names: Any, values: Any) -> dict[str, NDArray[Any]]:
    """An operator leaves out an input by the name ""; its values skip it."""
    return {
        name: np.asarray(value) for name, value in zip([n for n in names if n], values, strict=True)
    }
