"""What the tests compare with: finite differences, and the definitions in 350 digits."""

import mpmath as mp
import numpy as np
from forms_ import EAGER

import minigraph as mg

STEP = 1e-5
# So many that 1 − ŷ still has all the digits of a float where it is as small as a float can be.
DIGITS = 350


def finite_differences(function, arrays, cotangent):
    """Return ∂Σ(cotangent · function)/∂array for each array, by central differences."""

    def project(changed):
        return float(np.sum(cotangent * function(*map(mg.constant, changed)).value))

    arrays = list(map(np.asarray, arrays))
    gradients = []
    for i, array in enumerate(arrays):
        gradient = np.empty_like(array)
        for index in np.ndindex(array.shape):
            ends = []
            for step in (STEP, -STEP):
                moved = np.array(array)
                moved[index] += step
                ends.append(project([*arrays[:i], moved, *arrays[i + 1 :]]))
            gradient[index] = (ends[0] - ends[1]) / (2 * STEP)
        gradients.append(gradient)
    return gradients


def check_gradients(function, *arrays, rtol=1e-6, atol=1e-7, form=EAGER):
    """Compare the gradients of a function of nodes with differences, for a random cotangent.

    In the eager form both readings are compared: the gradient as a graph, and `.backward()`.
    """
    nodes = [mg.parameter(array) for array in arrays]
    output = function(*nodes)
    # Its sum says nothing: the gradient of softmax along a constant cotangent is 0.
    cotangent = np.random.default_rng(output.size).normal(size=output.shape)
    found = form.slopes(output, nodes, cotangent)
    expected = finite_differences(function, arrays, cotangent)
    for slope, gradient in zip(found, expected, strict=True):
        if slope is None:  # nothing flows here, and nothing must
            np.testing.assert_array_equal(gradient, 0)
        else:
            np.testing.assert_allclose(slope, gradient, rtol=rtol, atol=atol)


# The definitions, of one example, as lists of numbers of so many digits. The exponential of a
# difference of more than a few thousand is 0 to any digit that a float has.


def _exp(difference):
    return mp.exp(difference) if difference > -5000 else mp.mpf(0)


@mp.workdps(DIGITS)
def logsumexp(x):
    x = [mp.mpf(float(entry)) for entry in x]
    top = max(x)
    return top if mp.isinf(top) else top + mp.log(mp.fsum(_exp(entry - top) for entry in x))


@mp.workdps(DIGITS)
def softmax(x):
    x = [mp.mpf(float(entry)) for entry in x]
    top = max(x)
    e = [_exp(entry - top) for entry in x]
    return [entry / mp.fsum(e) for entry in e]


@mp.workdps(DIGITS)
def log_softmax(x):
    x = [mp.mpf(float(entry)) for entry in x]
    top = max(x)
    total = mp.log(mp.fsum(_exp(entry - top) for entry in x))
    return [entry - top - total for entry in x]


@mp.workdps(DIGITS)
def cross_entropy(x, y):
    terms = zip(y, log_softmax(x), strict=True)
    return -mp.fsum(mp.mpf(float(weight)) * entry for weight, entry in terms if weight)


@mp.workdps(DIGITS)
def cross_entropy_gradient(x, y):
    y = [mp.mpf(float(weight)) for weight in y]
    total = mp.fsum(y)
    return [p * total - weight for p, weight in zip(softmax(x), y, strict=True)]


def rounded(numbers):
    """Return numbers of many digits as floats."""
    return np.array([float(number) for number in numbers])
