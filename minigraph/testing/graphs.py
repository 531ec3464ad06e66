"""A function of Nodes, and the gradients of any order that its ops give."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

import numpy as np

import minigraph as mg
from minigraph.arrays import NUMPY, quietly
from minigraph.errors import GraphError
from minigraph.node import Node
from minigraph.testing.arguments import is_moved, listed, shapes_of, title_of
from minigraph.testing.batched import BatchError
from minigraph.testing.conduct import check_gradient_array, check_value
from minigraph.testing.mismatch import GradientMismatch
from minigraph.testing.recorded import Call, Recorded
from minigraph.testing.result import ordinal
from minigraph.testing.subject import Subject, random_cotangent, same_bits, widened


class NodeFunction:
    """A function of Nodes, which is called anew at each point, or replayed at many at once.

    The replay of a recorded graph would take for constants what the function computes from values
    outside the graph, and would not follow its branches. So it is replayed only if the function
    makes the same graph, of the same constants, on both sides of the point.

    The derivative of order k + 1 is that of φₖ₊₁ = Σ u · ∂φₖ/∂x with random u, where
    φ₁ = Σ v · f(x); from order 2 on the cotangent v is an input, too.
    """

    def __init__(
        self,
        f: Callable[..., Any],
        given: Sequence[Any],
        inputs: Sequence[Any],
        names: list[str],
        chosen: list[int],
        rng: np.random.Generator,
    ) -> None:
        self.f, self.inputs, self.chosen = f, inputs, chosen
        # Data come as they were given; floats that are not compared are constants.
        self.given = [
            mg.constant(x, name=name) if is_moved(x) else data
            for x, data, name in zip(inputs, given, names, strict=True)
        ]
        self.title, self.all_names, self.rng = title_of(f), names, rng
        self.names = [names[i] for i in chosen]
        self.values = [inputs[i] for i in chosen]
        self._nodes: list[Node] = []
        self.output = self._first()
        self.cotangent = random_cotangent(rng, self.output.shape, self.output.dtype)
        self._size = 0.0
        self._weights: dict[tuple[int, int], np.ndarray] = {}

    def _first(self) -> Node:
        """Call f twice at the point: it returns a Node, finite, and the same."""
        __tracebackhide__ = True
        outputs = []
        for _ in range(2):
            self._nodes = self._parameters(self.values)
            outputs.append(self._call(self._nodes))
        lines = [listed(n, x) for n, x in zip(self.all_names, self.inputs, strict=True)]
        check_value(self.title, outputs[0].value, outputs[1].value, lines)
        return outputs[1]

    def _parameters(self, values: Sequence[np.ndarray]) -> list[Node]:
        names = [*self.names, "cotangent"]
        return [mg.parameter(x, name=name) for x, name in zip(values, names, strict=False)]

    def _call(self, nodes: Sequence[Node]) -> Node:
        __tracebackhide__ = True
        arguments = list(self.given)
        for i, node in zip(self.chosen, nodes, strict=True):
            arguments[i] = node
        output = self.f(*arguments)
        if not isinstance(output, Node):
            raise GraphError(
                f"{self.title} returned a {type(output).__name__}, not a Node",
                fix="write it with minigraph's functions; for a plain function of arrays give its "
                "hand-written gradient=, or vjp=, which is then what is checked",
            )
        if output.dtype.kind != "f":
            raise GraphError(
                f"{self.title} returned {output.dtype}: there is no gradient of integers",
                fix="return floats",
            )
        return output

    def build(self, values: Sequence[np.ndarray], order: int) -> tuple[list[Node], Node | None]:
        """Return the parameters and φ of an order (for order 1: f itself) at a point.

        φ is None where it is 0 because no gradient flows.
        """
        __tracebackhide__ = True
        nodes = self._parameters(values)
        output = self._call(nodes[: len(self.chosen)])
        seed: Node | None = nodes[-1] if order > 1 else None
        for k in range(1, order):
            by = nodes[:-1] if k == 1 else nodes
            gradients = mg.grad(output, by, cotangent=seed)
            terms = [
                mg.sum(self._weight(k, i, x.value) * x)
                for i, x in enumerate(gradients)
                if x is not None
            ]
            if not terms:
                return nodes, None
            output, seed = reduce(mg.add, terms), None
        return nodes, output

    def _weight(self, order: int, i: int, like: np.ndarray) -> np.ndarray:
        if (order, i) not in self._weights:
            self._weights[order, i] = random_cotangent(self.rng, like.shape, like.dtype)
        return self._weights[order, i].astype(like.dtype)

    def subject(self, order: int) -> Subject | None:
        """Return what to compare for an order; None where all of it is 0 by construction."""
        __tracebackhide__ = True
        values = self.values if order == 1 else [*self.values, self.cotangent]
        # Of the first order f has been called at the point already.
        nodes, output = (self._nodes, self.output) if order == 1 else self.build(values, order)
        if output is None:
            return None
        cotangent = self.cotangent
        if order > 1:
            cotangent = random_cotangent(self.rng, output.shape, output.dtype)
        self._size = max(self._size, float(np.abs(cotangent * output.value).sum()))
        call = wide = Call.of(nodes, output)
        claimed = self._gradients(call, cotangent, order)
        if any(x.dtype.itemsize < 8 for x in values):
            nodes_there, output_there = self.build([widened(x) for x in values], order)
            assert output_there is not None
            wide = Call.of(nodes_there, output_there)
        eps = _precision(wide.order)

        def project(moved: list[np.ndarray]) -> float:
            __tracebackhide__ = True
            _, moved_output = self.build(moved, order)
            return 0.0 if moved_output is None else float(np.sum(cotangent * moved_output.value))

        def record(moves: list[np.ndarray]) -> Recorded:
            calls, near = [wide], np.random.default_rng(0)
            wide.width()  # before anything is called in vain
            # By parts of each move: entries that tie are to move apart.
            moves = [d * near.uniform(0.5, 1, d.shape) for d in moves]
            for sign in (1, -1):
                places = [x.value + sign * d for x, d in zip(wide.inputs, moves, strict=True)]
                there, moved_output = self.build(places, order)
                if moved_output is None:
                    raise BatchError("no gradient flows at a point nearby")
                calls.append(Call.of(there, moved_output))
            return Recorded(calls, cotangent, 1e3 * eps * self._size)

        def scaled(factor: float) -> list[np.ndarray | None]:
            return _as_arrays(mg.grad(output, nodes, cotangent=factor * cotangent))

        return Subject(
            title=self.title,
            order=order,
            names=[*self.names, "cotangent"][: len(nodes)],
            values=values,
            claimed=claimed,
            cotangent=cotangent,
            project=project,
            size=self._size,
            eps=eps,
            scaled=scaled,
            shapes=shapes_of(self.inputs, self.all_names),
            record=record,
        )

    def _gradients(self, call: Call, cotangent: np.ndarray, order: int) -> list[np.ndarray | None]:
        """Return the gradients that `.backward()` computes on arrays, and see how they behave."""
        __tracebackhide__ = True
        nodes, output = call.inputs, call.output
        total = mg.constant(cotangent) * output
        total = mg.sum(total) if total.ndim else total
        if set(call.order).isdisjoint(nodes):
            return [None] * len(nodes)
        try:
            total.backward()
        except ValueError as error:
            if "read-only" not in str(error):
                raise
            raise GradientMismatch(
                f"a backward in the graph of {self.title} writes to its inputs: {error}",
                "write a = a + b instead of a += b",
                order=order,
                output=self.output,
            ) from error
        claimed = [None if node.grad is None else node.grad.copy() for node in nodes]
        total.backward()
        for node, first in zip(nodes, claimed, strict=True):
            name = str(node.name)
            if first is None or node.grad is None:
                continue
            known = {"order": order, "output": self.output}
            check_gradient_array(
                f"{ordinal(order)} of {self.title} by {name}", first, name, node.value, **known
            )
            if not same_bits(first, node.grad):
                raise GradientMismatch(
                    f"the gradient by {name} is another each time: an op's backward is not "
                    "deterministic, or keeps something from call to call",
                    "backward depends on its arguments alone",
                    input=name,
                    **known,
                )
        if order == 1:
            self.output = output  # with the gradients that are to be drawn
            self._check_ops(call.order)
        return claimed

    def _check_ops(self, order: list[Node]) -> None:
        """See that no op's backward writes to what it is given."""
        for node in order:
            if node.op is None or node.grad is None:
                continue
            output = (node.value, *node._saved) if node.op.saves else node.value
            given = [node.grad, *(x.value for x in node.inputs)]
            copies = [x.copy() for x in given]
            parts = quietly(node.op.backward, NUMPY, copies[0], output, *copies[1:])
            for part in parts if isinstance(parts, tuple) else ():
                if callable(part):
                    quietly(part)
            for role, copy, x in zip(
                ["the cotangent", *(x.label for x in node.inputs)], copies, given, strict=True
            ):
                if not same_bits(copy, x):
                    raise GradientMismatch(
                        f"the backward of {node.op!r} writes to {role}, which others still use",
                        "write a = a + b instead of a += b",
                        node=node,
                        output=self.output,
                    )


def _as_arrays(gradients: Sequence[Node | None]) -> list[np.ndarray | None]:
    return [None if x is None else x.value for x in gradients]


def _precision(order: list[Node]) -> float:
    """Return the precision that an output was computed in, given float64: the worst on the way."""
    dtypes = {node.dtype for node in order if node._active and node.op is not None}
    return max(float(np.finfo(dtype).eps) for dtype in [*dtypes, np.dtype(float)])
