"""Training on iris in the three ways."""

import numpy as np
import pytest

from minigraph.demo.training import EPOCHS, WAYS, Way, score, split, train
from minigraph.lecture import load_iris

DATA = split()
BY_NAME = {way.name: way for way in WAYS}


@pytest.fixture(scope="module")
def trainings():
    return {way.name: train(way, DATA) for way in WAYS}


def test_the_three_ways():
    assert [(way.name, way.size) for way in WAYS] == [
        ("stochastic", 1),
        ("mini-batch", 10),
        ("batch", None),
    ]


@pytest.mark.parametrize(
    ("name", "updates", "loss", "accuracy"),
    [
        ("stochastic", 12000, 0.06, 0.97),
        ("mini-batch", 1200, 0.13, 0.95),
        ("batch", 100, 0.36, 0.88),
    ],
)
def test_each_way_learns(trainings, name, updates, loss, accuracy):
    training = trainings[name]
    assert training.updates == updates
    assert training.theta.shape == (5, 3)
    assert training.trained[-1].loss < loss
    assert training.trained[-1].accuracy >= accuracy
    assert training.held_out[-1].accuracy >= 0.85
    assert training.held_out[-1].loss < 0.4
    assert training.seconds > 0


@pytest.mark.parametrize("name", BY_NAME)
def test_every_epoch_is_scored(trainings, name):
    training = trainings[name]
    assert len(training.trained) == len(training.held_out) == EPOCHS + 1
    assert training.trained[0].loss == pytest.approx(np.log(3))
    assert training.trained[-1] == score(training.theta, DATA.x, DATA.labels)
    losses = [of.loss for of in training.trained]
    assert losses[-1] < losses[10] < losses[1] < losses[0]


def test_the_loss_of_a_batch_falls_with_every_step(trainings):
    losses = [of.loss for of in trainings["batch"].trained]
    assert np.all(np.diff(losses) < 0)


def test_a_batch_step_is_gradient_descent_on_the_whole():
    training = train(BY_NAME["batch"], DATA, epochs=1, eta=0.5)
    target = np.eye(3)[:, DATA.labels]
    expected = -0.5 * DATA.x @ (np.full((3, 120), 1 / 3) - target).T / 120
    np.testing.assert_allclose(training.theta, expected, atol=1e-15)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_other_splits_do_as_well(seed):
    training = train(BY_NAME["mini-batch"], split(seed), seed=seed)
    assert training.held_out[-1].accuracy >= 0.85


def test_the_same_seed_gives_the_same_numbers():
    runs = [train(BY_NAME["mini-batch"], split(s), epochs=3, seed=s) for s in (7, 7, 8)]
    np.testing.assert_array_equal(runs[0].theta, runs[1].theta)
    assert runs[0].trained == runs[1].trained
    assert runs[0].held_out == runs[1].held_out
    assert runs[0].trained != runs[2].trained


def test_the_order_changes_from_epoch_to_epoch():
    seen = []

    class Watched(Way):
        def batches(self, order):
            seen.append(order.tolist())
            return super().batches(order)

    train(Watched("stochastic", 1), DATA, epochs=2)
    assert seen[0] != seen[1]
    assert sorted(seen[0]) == sorted(seen[1]) == list(range(120))


def test_progress_is_told():
    calls = []
    train(BY_NAME["batch"], DATA, epochs=4, advance=lambda: calls.append(1))
    assert len(calls) == 4


@pytest.mark.parametrize("seed", range(5))
def test_a_split_is_stratified_and_whole(seed):
    data = split(seed)
    assert np.bincount(data.labels).tolist() == [40, 40, 40]
    assert np.bincount(data.held_out_labels).tolist() == [10, 10, 10]
    together = np.hstack([data.x, data.held_out_x])
    assert np.all(together[0] == 1)
    flowers = together[1:].T * data.deviation + data.mean
    assert sorted(flowers.round(6).tolist()) == sorted(load_iris().x.tolist())


def test_the_features_are_standardised_by_what_is_trained_on():
    np.testing.assert_allclose(DATA.x[1:].mean(axis=1), 0, atol=1e-12)
    np.testing.assert_allclose(DATA.x[1:].std(axis=1), 1)
    assert not np.allclose(DATA.held_out_x[1:].mean(axis=1), 0, atol=1e-3)
