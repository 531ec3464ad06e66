"""Writing one function of the source: a line for each node, in memory that is made once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from minigraph.compile import quick, write
from minigraph.compile.fused import OfLabels
from minigraph.compile.own import caller
from minigraph.compile.pieces import PutAt, Together
from minigraph.compile.store import Storing
from minigraph.compile.trace import UnplannedError
from minigraph.node import Node
from minigraph.ops import indexing, linear_algebra


@dataclass(eq=False)
class Writing(Storing):
    """One function of the source, while it is being written."""

    def function(self, name: str, arguments: Sequence[str], single: bool) -> list[str]:
        """Return the lines of the function."""
        for leaf, argument in zip(self.inputs, arguments, strict=True):
            self.call(leaf, argument, leaf.name)
        for y, k in self.labels:
            self.body += label_check(self.text[y], k)
        for node in self.order:
            self._write(node)
        value, *gradients = self._results()
        inside = ", ".join(gradients) + ("," if len(gradients) == 1 else "")
        self.body.append(f"return {value}" if single else f"return {value}, ({inside})")
        return [f"def {name}({self._parameters(arguments)}):", *(f"    {x}" for x in self.body)]

    def _parameters(self, arguments: Sequence[str]) -> str:
        """Return the parameters: the arguments, and where there are many names, the memory too.

        Python takes time that grows with the square of how many names a function has from outside.
        """
        outside = [line.partition(" = ")[0] for line in self.above]
        if len(outside) <= MANY:
            return ", ".join(arguments)
        return ", ".join([*arguments, "*", *(f"{name}={name}" for name in outside)])

    def _write(self, node: Node) -> None:
        if write.is_view(node):
            return
        if isinstance(node.op, PutAt):
            self.put(node)
        elif isinstance(node.op, Together):
            pieces = list(map(self.ref, node.inputs))
            self.set(self.buffer(node, beside=False), *pieces)
        elif (ufunc := write.ufunc(node)) is not None:
            operands = [self._operand(x) for x in node.inputs]
            if quick.row_by_row(self, node, ufunc, operands):
                return
            self.into(node, f"np.{ufunc}({', '.join(operands)}{{out}})", beside=True)
        elif quick.by_rows(self, node) or quick.by_dot(self, node):
            pass
        elif isinstance(node.op, tuple(write.REDUCTIONS)):
            line = write.reduction_text(node, self.ref(node.inputs[0]), "{out}")
            self.into(node, line, beside=False)
        elif isinstance(node.op, linear_algebra.MatMul):
            a, b = map(self.ref, node.inputs)
            self.into(node, write.matmul_text(node, a, b, "{out}"), beside=False)
        elif self._is_flat_take(node):
            x, places = map(self.ref, node.inputs)
            self.into(node, f'{x}.take({places}{{out}}, mode="clip")', beside=False)
        else:
            self._fresh(node)
        self.explain(node)

    def _operand(self, node: Node) -> str:
        """Return an operand of a ufunc, which broadcasts by itself."""
        return self.ref(self.unwidened(node))

    def _is_flat_take(self, node: Node) -> bool:
        source = node.source
        return (
            isinstance(node.op, indexing.Take)
            and source is not None
            and isinstance(source.op, OfLabels)  # its places have been checked
            and write.is_view(node.inputs[0])
        )

    def _fresh(self, node: Node) -> None:
        if isinstance(node.op, indexing.Index) and any(
            x.dtype.kind == "b" and x in self.moving for x in node.inputs[1:]
        ):
            raise UnplannedError(f"{node.label}: a mask that is given decides the shape")
        inputs = [self.ref(x) for x in node.inputs]
        name = self.name(node)
        made = write.fresh(node)
        if made is None:
            self._own_op(node, name, inputs)
        else:
            self.body += made(name, inputs)
        self.memory.release(node, None)

    def _own_op(self, node: Node, name: str, inputs: Sequence[str]) -> None:
        """Call an op of the user's own as it is."""
        op: Any = node.op
        rule = self.names.new(op.label.lower(), "op")
        self.given[rule] = caller(op, node.shape)
        self.body.append(f"{name} = {rule}({', '.join(inputs)})")

    def _results(self) -> list[str]:
        """Return how the results are written: each with memory of its own."""
        results, seen = [], set()
        for node in self.results:
            if node is None:
                results.append("None")
                continue
            name = self.ref(node)
            own = node in self.moving and not write.is_view(node) and not self._is_shared(node)
            own = own or any(node is x for x in self.turned.values())
            if not self.copy or (own and node not in seen):
                results.append(name)
            else:
                results.append(f"np.array({name})")
            seen.add(node)
        return results

    def _is_shared(self, node: Node) -> bool:
        """Return whether an output may be in memory that is not its own."""
        return node in self.static or not (
            write.ufunc(node) is not None
            or isinstance(node.op, (*write.REDUCTIONS, linear_algebra.MatMul))
        )


MANY = 1000
"""How many names of the memory a function has from outside at most."""


def label_check(name: str, k: int) -> list[str]:
    """Write the check that labels are classes, which indexing would not make of negative ones."""
    return [
        f"if {name}.size and not 0 <= {name}.min() <= {name}.max() < {k}:",
        f'    raise IndexError("a label is none of the {k} classes")',
    ]
