"""A graph compiled to NumPy source: training on it, and reading it."""

import numpy as np

import minigraph as mg

rng = np.random.default_rng(0)
features, labels = rng.normal(size=(2, 60)), rng.integers(0, 3, 60)
features += np.array([[0, 3, 0], [0, 0, 3]])[:, labels]
data = np.vstack([np.ones(60), features])

theta = mg.parameter(np.zeros((3, 3)), name="θ")
x = mg.constant(data, name="x")
y = mg.constant(labels, name="y")
y_hat = mg.softmax((theta.T @ x).named("z"), axis=0).named("ŷ")
loss = mg.cross_entropy(y_hat, y, axis=0).named("L")

step = mg.compile(loss, [theta, x, y], wrt=[theta])

parameters = np.zeros((3, 3))
for _ in range(20):
    for start in range(0, 60, 16):  # the last batch is smaller, and has a plan of its own
        batch = slice(start, start + 16)
        value, (gradient,) = step(parameters, data[:, batch], labels[batch])
        parameters -= 0.5 * gradient
print("L =", step(parameters, data, labels)[0].round(4))
print(step.source)
