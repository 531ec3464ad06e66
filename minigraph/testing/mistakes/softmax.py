"""The well-known mistakes in a softmax, z → ŷ."""

from __future__ import annotations

from typing import Any

import numpy as np

from minigraph.testing.classification import Classification
from minigraph.testing.mistakes.mistake import Mistake
from minigraph.testing.mistakes.parts import (
    AXIS_FIX,
    SHIFT,
    SHIFT_FIX,
    class_sum,
    global_shift,
    global_sum,
    no_shift,
    shifted,
    wrong_axis,
)


def _no_keepdims(case: Classification, e: Any) -> Any:
    if case.z.ndim < 2 or case.axis % 2 == 0:
        return NotImplemented  # sums over columns line up without their axis
    return e / e.sum(axis=case.axis)


SOFTMAX = (
    Mistake(
        "the wrong axis",
        "it normalises over the examples instead of the classes",
        AXIS_FIX,
        (lambda case, _: wrong_axis(case),),
    ),
    Mistake(
        "one sum over the whole array",
        "all entries together sum to 1, instead of each example's",
        AXIS_FIX,
        (lambda case, _: global_sum(case),),
    ),
    Mistake(
        "not normalised",
        "it returns exponentials that do not sum to 1",
        "divide by their sum along the axis of the classes",
        (lambda case, _: np.exp(case.z), lambda case, _: np.exp(shifted(case))),
    ),
    Mistake(
        "keepdims forgotten",
        "sums without their axis line up with the wrong axis, or with none",
        AXIS_FIX,
        (
            lambda case, _: _no_keepdims(case, np.exp(shifted(case))),
            lambda case, _: _no_keepdims(case, np.exp(case.z)),
            lambda case, _: _no_keepdims(case, np.exp(case.z - case.z.max(axis=case.axis))),
        ),
    ),
    Mistake(
        "transposed",
        "the numbers are right, but rows and columns are swapped",
        "return ŷ in the shape of z",
        (lambda case, _: case.y_hat.T,),
    ),
    Mistake(
        "its logarithm",
        "it returns log ŷ, not ŷ",
        "return the probabilities",
        (lambda case, _: case.log_y_hat,),
    ),
    Mistake(
        "a sigmoid",
        "each logit goes through 1/(1 + exp(−z)) alone, without the other classes",
        "divide exp(z) by the sum over the classes",
        (lambda case, _: 1 / (1 + np.exp(-case.z)),),
    ),
    Mistake(
        "wrong sign",
        "it takes exp(−z): the smallest logit gets the largest probability",
        "take exp(z)",
        (lambda case, _: Classification(-case.z, case.y, case.axis).y_hat,),
    ),
    Mistake(
        "no exponential",
        "it divides the logits themselves by their sum",
        "take exp(z) first",
        (lambda case, _: case.z / class_sum(case, case.z),),
    ),
    Mistake("no max-shift", SHIFT, SHIFT_FIX, (lambda case, _: no_shift(case),)),
    Mistake(
        "the maximum of the whole array",
        "an example far below another one underflows to 0/0",
        SHIFT_FIX,
        (lambda case, _: global_shift(case),),
    ),
)
