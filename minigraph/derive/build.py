"""derive: from a loss and a node to the derivation of the gradient."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, overload

import numpy as np

from minigraph import autodiff
from minigraph.derive.cut import cut
from minigraph.derive.derivation import Derivation, Step
from minigraph.derive.knowledge import Knowledge, Missing
from minigraph.derive.lemmas import REASON, put_in
from minigraph.derive.rewrite import Rewriter, Run, hide
from minigraph.derive.rules import RULES
from minigraph.derive.words import Words
from minigraph.errors import GradientError, GraphError
from minigraph.formula import expression
from minigraph.formula.names import visible
from minigraph.graph import dependents, topological_order
from minigraph.node import Node
from minigraph.ops import probability

LARGEST = 1000
"""Of how many nodes a graph, with its gradient, is derived at most."""

MOST = 300
"""How many times rules are applied at most in a derivation."""


@overload
def derive(output: Node, wrt: Node) -> Derivation | None: ...
@overload
def derive(output: Node, wrt: Sequence[Node]) -> tuple[Derivation | None, ...]: ...
def derive(output: Any, wrt: Any) -> Any:
    """Derive ∂output/∂wrt step by step, from the chain rule to its simplest form.

    Parameters
    ----------
    output : Node
        A scalar: the loss.
    wrt : Node or sequence of Node
        The nodes to differentiate by: leaves or not, of floating dtype.

    Returns
    -------
    Derivation, or tuple of Derivation
        One per node of ``wrt``; None where no path leads to it.

    Raises
    ------
    GradientError
        If output is no scalar; or if the result is not the gradient, since a fact that an op
        declares is not so.
    DTypeError
        If output or a node of ``wrt`` holds integers or booleans.
    GraphError
        If output or ``wrt`` is no Node, or the graph is too large to follow.

    Examples
    --------
    >>> import minigraph as mg
    >>> theta = mg.parameter([[0.1, 0.05], [0.2, -0.1]], name="θ")
    >>> x = mg.constant([[1.0, 1.0], [1.4, 4.5]], name="x")
    >>> y = mg.one_hot([0, 1], classes=2, axis=0, name="y")
    >>> z = (theta.T @ x).named("z")
    >>> y_hat = mg.softmax(z, axis=0).named("ŷ")
    >>> loss = mg.cross_entropy(y_hat, y, axis=0).named("L")
    >>> print(mg.derive(loss, theta).formula)
    ∂L/∂θ = (x (ŷ − y)ᵀ) / 2
    """
    targets, single = autodiff.targets_of(wrt)
    for node in (output, *targets):
        autodiff.check_differentiable(node, "output" if node is output else "wrt")
    if output.size != 1:
        raise GradientError(
            f"a derivation is of a scalar loss, but the output has shape {output.shape}",
            nodes=[output],
            fix="reduce it first: mg.sum(node) or mg.mean(node)",
        )
    order = topological_order(output)
    _check_size(output, len(order))
    known = set(order)
    found = tuple(written(output, x) if x in known else None for x in targets)
    return found[0] if single else found


def written(
    output: Node, target: Node, lemmas: Mapping[Node, Derivation] | None = None
) -> Derivation | None:
    """Return the derivation of one gradient of a graph: the body of `derive`.

    Parameters
    ----------
    output, target : Node
        A scalar, and a node that it depends on.
    lemmas : mapping of Node to Derivation, optional
        Gradients that were derived before, by the node that they are by: where one comes up, its
        last form is put in, and not its chain rule's.
    """
    return _Writing(output, target, lemmas or {}).derivation()


def _check_size(output: Node, size: int) -> None:
    if size > LARGEST:
        raise GraphError(
            f"a graph of {size} nodes, gradient included, is too large for a derivation that one "
            f"can follow; the limit is {LARGEST}",
            nodes=[output],
            fix="derive a part of it: a loss of fewer layers, or the gradient of a node near it",
        )


class _Writing:
    """The derivation of one gradient, while it is being written."""

    def __init__(self, output: Node, target: Node, lemmas: Mapping[Node, Derivation]) -> None:
        self.lemmas = lemmas
        self.know, self.words = Knowledge(), Words()
        self.cut = cut(output, target, self.know)
        self.output, self.target = self.cut.output, self.cut.target
        if target.name is None:
            self.words.names[self.target] = target.label
        self.user_output, self.user_target = output, target
        self.loss = output.name or "L"
        self.title = autodiff.symbol(output.name, target) or f"∂{self.loss}/∂{target.label}"
        self.taken = {node.name for node in self.cut.order}
        self.introduced: dict[Node, None] = {}
        self.steps: list[Step] = []

    def derivation(self) -> Derivation | None:
        self._simplify_loss()
        gradient = autodiff.grad(self.output, self.target)
        if gradient is None:
            return None
        forward = topological_order(self.output)
        both = topological_order(self.output, gradient)
        _check_size(self.user_output, len(both))
        self.sources = {
            node.name: node.source
            for node in both
            if node.name is not None and node.source is not None
        }
        first, hidden = hide(gradient, forward)
        # A lemma would be of another loss, where this one was written anew.
        self.known = {} if self.steps else put_in(hidden, self.lemmas, self.cut)
        self.taken |= {node.name for node in topological_order(*hidden.values())}
        self.words.name_labels(topological_order(first, *hidden.values()))
        rewriter = Rewriter(
            first,
            [rule for rule in RULES if rule.stage != "loss"],
            self.know,
            forward,
            lambda node: node.name is not None or node in self.words.names,
            MOST,
            hidden,
        )
        self.steps.append(
            Step(
                "the chain rule",
                self._chain(self.target),
                (),
                None,
                self.words.formula(self.title, first),
            )
        )
        shown = len(self.steps)
        self._simplify_gradient(rewriter)
        return self._finished(rewriter, gradient.value, rewritten=len(self.steps) > shown)

    def _simplify_loss(self) -> None:
        """Write the loss in simpler words, before it is differentiated."""
        order = topological_order(self.output)
        path = dependents(order, [self.target])
        self.words.name_labels(order)
        rewriter = Rewriter(
            self.output,
            [rule for rule in RULES if rule.stage != "gradient"],
            self.know,
            [node for node in order if node not in path or node is self.target],
            lambda node: node is self.target,
            MOST,
        )
        while (run := rewriter.step()) is not None:
            subject = _subject(run)
            name = self.loss if subject is run.before else subject.name or self.loss
            self._add(run, "loss", name, subject)
            self.output = rewriter.root
        self.output.named(self.user_output.name)

    def _simplify_gradient(self, rewriter: Rewriter) -> None:
        while True:
            run = rewriter.step()
            if run is not None:
                self._introduce(run)
            else:
                run = rewriter.reveal()
                if run is None:
                    return
            self._add(run, "gradient", self.title, run.before)

    def _add(self, run: Run, stage: str, name: str, subject: Node) -> None:
        lemma = None
        if run.rule is None:
            (node,) = run.changed
            hidden, lemma = node.name or "", self.known.get(node)
            rule = f"put in {visible(hidden)}"
            reason = REASON if lemma else self._chain(self.sources[hidden])
        else:
            rule, reason = run.rule.name, run.rule.reason
        between = None
        if run.rule is not None and run.rule.between is not None and len(run.changed) == 1:
            between = run.rule.between(next(iter(run.changed)))
        self.steps.append(
            Step(
                rule,
                reason,
                self.words.facts(run.facts),
                self.words.formula(name, *run.shown_before(subject)),
                self.words.formula(name, *run.shown_after(subject)),
                stage,
                None if between is None else expression(between, self.words.names),
                lemma,
            )
        )

    def _introduce(self, run: Run) -> None:
        """Call a softmax that a rule has brought in ŷ, if nothing else is called so."""
        for node in topological_order(run.after):
            unnamed = isinstance(node.op, probability.Softmax) and node.name is None
            if unnamed and node not in run.images and "ŷ" not in self.taken:
                self.taken.add("ŷ")
                self.introduced[node.named("ŷ")] = None

    def _chain(self, node: Node) -> str:
        return self.words.chain(self.output, node, self.loss)

    def _finished(self, rewriter: Rewriter, value: np.ndarray, rewritten: bool) -> Derivation:
        result = self.cut.back(rewriter.root)
        if result.op is None or result in set(self.cut.order):
            result = autodiff.twin(result)
        result.named(self.title)
        autodiff.own_memory(result)
        self._check(result, value)
        missing = _distinct(rewriter.missing)
        notes = [self.words.missing(m) for m in missing]
        if rewriter.applied >= MOST:
            notes.append(f"It was stopped after {MOST} steps of rules.")
        elif not rewritten and not notes:
            notes.append("No rule applies: the chain rule's form is as simple as it gets.")
        return Derivation(
            visible(self.title),
            tuple(self.steps),
            result,
            self.words.formula(self.title, rewriter.root),
            tuple(missing),
            tuple(notes),
            self._where(),
        )

    def _where(self) -> tuple[str, ...]:
        """Say what symbols stand for, those of what was put in among them."""
        others = [line for step in self.steps if step.lemma for line in step.lemma.where]
        return tuple(dict.fromkeys((*others, *self.words.where(self.introduced))))

    def _check(self, result: Node, gradient: np.ndarray) -> None:
        """Compare the result with the gradient, where that is finite."""
        a, b = result.value, gradient
        with np.errstate(all="ignore"):
            good = np.isfinite(b)
            scale = 1 + np.abs(b[good]).max(initial=0)
            close = np.abs(a - b)[good] <= scale * np.sqrt(np.finfo(b.dtype).eps)
        if a.shape != b.shape or a.dtype != b.dtype or not close.all():
            raise GradientError(
                f"the derivation of {visible(self.title)} does not end at the gradient",
                nodes=[self.user_output],
                fix="look at the facts that your own ops declare: one of them is not so",
            )


def _subject(run: Run) -> Node:
    """Return the nearest node with a name that a change is within: what to show of a loss."""
    order = topological_order(run.before)
    inside: dict[Node, set[Node]] = {}
    for node in order:
        found = {node} & run.changed
        for x in node.inputs:
            found |= inside[x] if x.name is None or x in run.changed else set()
        inside[node] = found
        if found and node.name is not None:
            return node
    return run.before


def _distinct(missing: list[Missing]) -> list[Missing]:
    found: dict[Any, Missing] = {}
    for m in missing:
        found.setdefault((m.fact, m.node), m)
    return list(found.values())
