"""Iris is whole, and the edition without UCI's two errors."""

from importlib.resources import files

import numpy as np
import pytest

from minigraph.lecture import load_iris


def test_shape_and_names():
    iris = load_iris()
    assert iris.x.shape == (150, 4)
    assert iris.x.dtype == np.float64
    assert iris.labels.shape == (150,)
    assert iris.labels.dtype == np.int64
    assert iris.feature_names == ("sepal length", "sepal width", "petal length", "petal width")
    assert iris.class_names == ("setosa", "versicolor", "virginica")
    assert np.bincount(iris.labels).tolist() == [50, 50, 50]


@pytest.mark.parametrize(
    ("row", "flower"), [(35, [4.9, 3.1, 1.5, 0.2]), (38, [4.9, 3.6, 1.4, 0.1])]
)
def test_the_rows_that_uci_has_wrong_are_fishers(row, flower):
    assert load_iris().x[row - 1].tolist() == flower


def test_the_means_are_those_of_fishers_table():
    # Fisher 1936, table II: the means of the three species, in centimetres.
    iris = load_iris()
    means = [iris.x[iris.labels == species].mean(axis=0) for species in range(3)]
    np.testing.assert_allclose(
        means,
        [
            [5.006, 3.428, 1.462, 0.246],
            [5.936, 2.770, 4.260, 1.326],
            [6.588, 2.974, 5.552, 2.026],
        ],
        rtol=1e-12,
    )


def test_nobody_can_write_it():
    iris = load_iris()
    with pytest.raises(ValueError, match="read-only"):
        iris.x[0, 0] = 0
    with pytest.raises(ValueError, match="read-only"):
        iris.labels[0] = 0


def test_source_and_licence_lie_beside_the_data():
    text = files("minigraph.lecture").joinpath("iris.md").read_text(encoding="utf-8")
    for fact in ("Fisher", "1936", "UCI Machine Learning Repository", "CC BY 4.0"):
        assert fact in text
