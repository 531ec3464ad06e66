"""The loss of labelled examples, in the form that takes NumPy the fewest passes and keeps digits.

For logits z with the label's class y, and all sums over the classes of one example:

    d = z − max z,  e = exp d,  r = Σ e without the label's
    L = log1p(r + expm1 d_y) − d_y
    ∂L/∂z = e / Σ e off the label, −r / Σ e on it

Nothing cancels: where the label has the largest logit, d_y is 0; where it has not, L is at least
log 2. It is what `softmax_cross_entropy` has, with what is known of one-hot targets.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np

from minigraph import namespace
from minigraph.arrays import NUMPY
from minigraph.compile.naming import called
from minigraph.compile.pieces import LabelsOf, Together, log_add_exp, put_at
from minigraph.derive.knowledge import Knowledge
from minigraph.facts import OneHot
from minigraph.leaves import constant
from minigraph.node import Node
from minigraph.op import Composite
from minigraph.ops import probability


@dataclass(frozen=True)
class OfLabels(Composite):
    """What the losses of labels have in common: how the examples' losses are put together."""

    axis: int
    reduction: probability.Reduction

    def _reduced(self, xp: Any, losses: Any) -> Any:
        if self.reduction == "none":
            return losses
        examples = math.prod(losses.shape)
        if examples == 1:
            return xp.reshape(losses, ())
        if self.reduction == "sum":
            return xp.sum(losses)
        shares = np.full(examples, 1 / max(examples, 1), losses.dtype)
        return xp.reshape(losses, (-1,)) @ xp.asarray(shares)

    def _share(self, g: Any, losses: Any) -> Any:
        examples = math.prod(losses.shape)
        return g / examples if self.reduction == "mean" and examples > 1 else g


@dataclass(frozen=True)
class LabelledLoss(OfLabels):
    """The softmax cross-entropy of integer labels, which have been checked.

    Parameters
    ----------
    z : array_like of float, shape (..., k, ...)
        The logits.
    labels : array_like of int
        Of z's shape without the axis.
    axis : int
        The axis of the classes, from the front.
    reduction : {"mean", "sum", "none"}
    """

    def forward(self, xp: Any, z: Any, labels: Any) -> Any:
        """Return the loss."""
        _, losses, _ = self._parts(xp, z, labels)
        return self._reduced(xp, losses)

    def backward(self, xp: Any, cotangent: Any, output: Any, z: Any, labels: Any) -> Any:
        """Return the cotangent of z."""
        return lambda: self._gradient(xp, cotangent, z, labels), None

    def _gradient(self, xp: Any, g: Any, z: Any, labels: Any) -> Any:
        places, _, (others, minus, above) = self._parts(xp, z, labels)
        scale = called(self._share(g, minus) / called(above + 1, "Σe"), "scale")
        signed = called(put_at.on(xp, others, places, minus), "signed")
        return signed * xp.expand_dims(scale, axis=self.axis)

    def _parts(self, xp: Any, z: Any, labels: Any) -> tuple[Any, ...]:
        """Return the labels' places, the losses, and e without the label's, −r, and Σ e − 1."""
        places = called(places_of(xp, z.shape, labels, self.axis), "places")
        d = called(z - xp.max(z, axis=self.axis, keepdims=True), "d")
        d_y = called(xp.take(xp.reshape(d, (-1,)), places), "d_y")
        others = called(put_at.on(xp, xp.exp(d), places, 0), "others")
        minus = called(self._minus_sum(xp, others), "minus_r")
        above = called(xp.expm1(d_y) - minus, "above")
        return places, called(xp.log1p(above) - d_y, "losses"), (others, minus, above)

    def _minus_sum(self, xp: Any, others: Any) -> Any:
        """Return −Σ over the classes: of matrices as a product, which is quicker than a sum."""
        if others.ndim != 2:
            return -xp.sum(others, axis=self.axis)
        ones = xp.asarray(np.full(others.shape[self.axis], -1, others.dtype))
        return others @ ones if self.axis else ones @ others


@dataclass(frozen=True)
class FewClassesLoss(OfLabels):
    """The same for two or three classes and few examples: fewer calls, on smaller arrays.

    With t = z − z_y for the other classes: L = log(1 + Σ exp t), ∂L/∂z = exp t / (1 + Σ exp t) off
    the label, and minus the sum of these on it: of two classes that is exp(−L) − 1. Where the
    exponential, or a difference of logits, overflows is beyond it.

    Parameters
    ----------
    z : array_like of float
        The logits.
    own : array_like of int, shape (m,)
        The places of the labels' entries, counted in row-major order.
    again, others : array_like of int, shape (2, m), or (m,) of two classes
        The same once more for each other class, and the places of these.
    """

    examples: tuple[int, ...]

    def forward(self, xp: Any, z: Any, own: Any, again: Any, others: Any) -> Any:
        """Return the loss."""
        return self._reduced(xp, xp.reshape(self._losses(xp, z, again, others)[0], self.examples))

    def backward(self, xp: Any, cotangent: Any, output: Any, z: Any, *places: Any) -> Any:
        """Return the cotangent of z."""
        return lambda: self._spread(xp, cotangent, z, *places), None, None, None

    def _losses(self, xp: Any, z: Any, again: Any, others: Any) -> tuple[Any, Any, Any]:
        """Return the losses, and of three classes e = exp t, and Σ e."""
        flat = xp.reshape(z, (-1,))
        t = called(called(xp.take(flat, others), "z_others") - xp.take(flat, again), "t")
        if t.ndim == 1:
            return called(log_add_exp.on(xp, t, 0), "losses"), None, None
        e = called(xp.exp(t), "e")
        r = called(xp.sum(e, axis=0), "r")
        return called(xp.log1p(r), "losses"), e, r

    def _spread(self, xp: Any, g: Any, z: Any, own: Any, again: Any, others: Any) -> Any:
        losses, e, r = self._losses(xp, z, again, others)
        share = self._share(g, losses)
        share = xp.reshape(share, (-1,)) if self.reduction == "none" else share
        if e is None:  # not exp(t − L): where t is large, that has lost its digits
            on = xp.expm1(-losses) * share
            off = -on
        else:
            off = e / called(r + 1, "Σe") * share
            on = -xp.sum(off, axis=0)
        on, off = called(on, "on_label"), called(off, "off_label")
        return Together(tuple(z.shape)).on(xp, own, on, others, off)


def places_of(xp: Any, shape: tuple[int, ...], labels: Any, axis: int) -> Any:
    """Return where the labels' entries are in an array of logits, counted in row-major order."""
    after = math.prod(shape[axis + 1 :])
    index = np.arange(math.prod(labels.shape)).reshape(labels.shape)
    first = index // after * (shape[axis] * after) + index % after if index.size else index
    return xp.asarray(first) + (labels if after == 1 else labels * after)


FEW = 30
"""How many logits are few."""


def fused(
    node: Node,
    know: Knowledge,
    given: Collection[Node],
    declared: Collection[Node] = (),
    few: bool = True,
) -> Node:
    """Return a loss of one-hot targets or labels in the form of this file, or the node itself.

    Only what is known of the targets counts: that they are labels, or declared to be one-hot. Of
    what is given as an argument that is not known but looked at in each call, and only where it was
    ``declared`` of the leaf whose place it takes. ``few`` allows the form for few logits.
    """
    op = node.op
    if not isinstance(op, probability.SoftmaxCrossEntropy):
        return node
    z, y = node.inputs
    axis = op.axis % z.ndim
    if y in declared and y.ndim == z.ndim:
        y = LabelsOf(axis)(y)
    elif y.ndim == z.ndim:
        if y in given or y.op is not None or OneHot((axis,)) not in know.of(y):
            return node
        y = constant(np.argmax(y.value, axis=axis), name=y.name)
    if y.dtype != np.intp:
        y = namespace.astype(y, np.intp)
    k = z.shape[axis]
    if few and z.size <= FEW and k in (2, 3) and y.op is None and y not in given:
        places = [places_of(NUMPY, z.shape, (y.value + i) % k, axis).ravel() for i in range(k)]
        own, *others = places
        leaves = (own, own, *others) if k == 2 else (own, np.stack([own, own]), np.stack(others))
        names = ("places", "again", "others")
        given_places = [constant(a, name=n) for a, n in zip(leaves, names, strict=True)]
        return FewClassesLoss(axis, op.reduction, y.shape)(z, *given_places)
    return LabelledLoss(axis, op.reduction)(z, y)
