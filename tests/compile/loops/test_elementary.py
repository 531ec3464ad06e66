"""exp, log and their kin beside 60 digits, and NumPy's own where numbers are special."""

import mpmath
import numpy as np
import pytest

from minigraph.compile.loops import elementary

rng = np.random.default_rng(0)


def far(low, high, size=250):
    """Return numbers of all magnitudes between two."""
    most = np.log10(max(abs(low), abs(high)))
    numbers = rng.choice([-1, 1], 2 * size) * 10.0 ** rng.uniform(-320, most, 2 * size)
    return np.concatenate(
        [rng.uniform(low, high, size), numbers[(numbers > low) & (numbers < high)]]
    )


RANGES = {
    "exp": far(-745.13, 709.78),
    "expm1": np.concatenate([far(-745.0, 709.78), rng.uniform(-2, 2, 500)]),
    "log": np.concatenate([far(0.0, 1.7e308), 1 + rng.uniform(-0.5, 1, 500), [5e-324, 2e-308]]),
    "log1p": np.concatenate(
        [far(-1.0, 1e300), rng.uniform(-1, 3, 500), 10.0 ** rng.uniform(-16, 0, 100) - 1]
    ),
    "tanh": np.concatenate([far(-30.0, 30.0), rng.uniform(-1, 1, 300)]),
}

SPECIAL = [
    *(0.0, -0.0, np.inf, -np.inf, np.nan, -np.nan, -1.0, 1.0, 5e-324, -5e-324, 2.2e-308, -2.2e-308),
    *(709.78, 709.782712893384, 709.7827128933841, 710.0, 760.0, 761.0, 1.7e308, -1.7e308),
    *(-745.13, -745.1332191019411, -745.1332191019412, -745.14, -746.0, -760.0, -761.0, -1e308),
    *(22.0, 22.5, -22.5, 1e-300, -1e-16, -0.9999999999999999, -1.0000000000000002, 2.0, 0.5),
]


@pytest.mark.parametrize("name", RANGES)
def test_within_units_of_the_last_place(name):
    function, exact = getattr(elementary, name), getattr(mpmath, name)
    with mpmath.workprec(200), np.errstate(all="ignore"):
        for x in RANGES[name]:
            true = exact(mpmath.mpf(float(x)))
            unit = mpmath.mpf(float(np.spacing(abs(float(true)))))
            assert abs(mpmath.mpf(float(function(x))) - true) <= 2.5 * unit, x


def test_logaddexp():
    pairs = [*rng.uniform(-40, 40, (300, 2)), *(rng.uniform(-1, 1, (200, 2)) + 500.0)]
    with mpmath.workprec(200):
        for a, b in pairs:
            true = mpmath.log(mpmath.exp(mpmath.mpf(float(a))) + mpmath.exp(mpmath.mpf(float(b))))
            # Close to 0 digits cancel, as they do in NumPy's.
            unit = np.spacing(max(abs(float(true)), abs(a), abs(b)))
            assert abs(mpmath.mpf(float(elementary.logaddexp(a, b))) - true) <= 2.5 * unit


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", [*RANGES, "sign"])
def test_special_numbers_are_numpys(name, dtype):
    with np.errstate(all="ignore"):
        for x in np.array(SPECIAL).astype(dtype):
            found = getattr(elementary, name)(x)
            expected = getattr(np, name)(np.float64(x))
            np.testing.assert_array_max_ulp(found, expected, 2)
            assert np.signbit(found) == np.signbit(expected) or np.isnan(expected)


def test_special_pairs_of_logaddexp_are_numpys():
    with np.errstate(all="ignore"):
        for a in SPECIAL:
            for b in SPECIAL:
                found, expected = elementary.logaddexp(a, b), np.logaddexp(a, b)
                np.testing.assert_allclose(found, expected, rtol=1e-15)


def test_single_precision_is_rounded_once():
    x = rng.uniform(-80, 80, 300).astype(np.float32)
    found = np.array([np.float32(elementary.exp(v)) for v in x])
    np.testing.assert_array_equal(found, np.exp(x.astype(float)).astype(np.float32))


def test_sums():
    a, b = rng.normal(size=700), rng.normal(size=700)
    assert elementary.total(a, 3, 600) == pytest.approx(a[3:603].sum(), rel=1e-12)
    assert elementary.inner(a, 3, b, 7, 600) == pytest.approx(a[3:603] @ b[7:607], rel=1e-12)
    assert elementary.total(a, 3, 0) == elementary.inner(a, 3, b, 7, 0) == 0
    single = a.astype(np.float32)
    assert elementary.total(single, 0, 700).dtype == np.float32
    assert elementary.fetch(a, 0, 8) is None
