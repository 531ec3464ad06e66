"""One training step of softmax regression by hand: plain NumPy, and the best NumPy.

All take θ (n, k), x (n, m) and one-hot targets as columns (k, m), return L and ∂L/∂θ, and leave
θ − η ∂L/∂θ in θ. The best ones write to memory that they were given once; which of them is the best
depends on the sizes, so all are tried, and the quickest is what others are measured against.
"""

import numpy as np

ETA = 0.01
SIZES = [
    (1, 2, 1),
    (2, 3, 3),
    (4, 3, 150),
    (64, 10, 256),
    (784, 10, 256),
    (784, 10, 60000),
    (784, 1000, 4096),
]


def data(n, k, m, dtype, seed=0):
    """Return θ, x, the labels, and the one-hot targets."""
    rng = np.random.default_rng(seed)
    theta = rng.normal(size=(n, k)).astype(dtype) / np.sqrt(n)
    x = rng.normal(size=(n, m)).astype(dtype)
    labels = rng.integers(0, k, m)
    return theta.astype(dtype), x, labels, (labels == np.arange(k)[:, None]).astype(dtype)


def closed_form(theta, x, labels):
    """Return L and ∂L/∂θ = x (ŷ − y)ᵀ/m in float64."""
    theta, x = theta.astype(np.float64), x.astype(np.float64)
    z = theta.T @ x
    z -= z.max(axis=0)
    y_hat = np.exp(z) / np.exp(z).sum(axis=0)
    places = labels, np.arange(len(labels))
    loss = -np.log(y_hat[places]).mean()
    y_hat[places] -= 1
    return loss, x @ y_hat.T / len(labels)


def plain(x, labels, y):
    m, eta = x.shape[1], x.dtype.type(ETA)

    def step(theta):
        z = theta.T @ x
        e = np.exp(z - np.max(z, axis=0, keepdims=True))
        y_hat = e / np.sum(e, axis=0, keepdims=True)
        loss = -np.mean(np.sum(y * np.log(y_hat), axis=0))
        gradient = x @ ((y_hat - y) / m).T
        theta -= eta * gradient
        return loss, gradient

    return step


def best_rows(x, labels, y):
    """Logarithms by np.logaddexp on the rows: for two or three classes."""
    (n, m), k = x.shape, len(y)
    z, s, log_y_hat = np.empty((k, m), x.dtype), np.empty(m, x.dtype), np.empty((k, m), x.dtype)
    gradient = np.empty((n, k), x.dtype)
    weights, share, eta = (y / -m).astype(x.dtype).ravel(), np.array(1 / m, x.dtype), _eta(x)
    first, *rows = z
    log_flat, z_t, change = log_y_hat.reshape(-1), z.T, np.empty((n, k), x.dtype)

    def step(theta):
        np.dot(theta.T, x, out=z)
        np.logaddexp(first, rows[0], out=s)
        for row in rows[1:]:
            np.logaddexp(s, row, out=s)
        np.subtract(z, s, out=log_y_hat)
        loss = np.dot(log_flat, weights)
        np.exp(log_y_hat, out=z)
        np.subtract(z, y, out=z)
        np.multiply(z, share, out=z)
        np.dot(x, z_t, out=gradient)
        np.multiply(gradient, eta, out=change)
        np.subtract(theta, change, out=theta)
        return loss, gradient

    return step


def best_whole(x, labels, y):
    """Softmax in place, and the labels' entries by their places."""
    (n, m), k = x.shape, len(y)
    z, top, s = np.empty((k, m), x.dtype), np.empty(m, x.dtype), np.empty(m, x.dtype)
    picked, ones, shares = np.empty(m, x.dtype), np.ones(k, x.dtype), np.full(m, 1 / m, x.dtype)
    share, eta, gradient = np.array(1 / m, x.dtype), _eta(x), np.empty((n, k), x.dtype)
    places, z_flat = labels * m + np.arange(m), z.reshape(-1)
    change = np.empty((n, k), x.dtype)

    left, right, out, gradient = _product(x, z, gradient)

    def step(theta):
        np.dot(theta.T, x, out=z)
        np.maximum.reduce(z, 0, None, top)
        np.subtract(z, top, out=z)
        z_flat.take(places, None, picked, "clip")
        np.exp(z, out=z)
        np.dot(ones, z, out=s)
        np.log(s, out=top)
        np.subtract(top, picked, out=top)
        loss = np.dot(top, shares)
        np.divide(share, s, out=s)
        np.multiply(z, s, out=z)
        z_flat[places] -= share
        np.dot(left, right, out=out)
        np.multiply(gradient, eta, out=change)
        np.subtract(theta, change, out=theta)
        return loss, gradient

    return step


def best_one_hot(x, labels, y):
    """Softmax in place, and the targets as a matrix."""
    (n, m), k = x.shape, len(y)
    z, top, s = np.empty((k, m), x.dtype), np.empty(m, x.dtype), np.empty(m, x.dtype)
    ones, shares, share = np.ones(k, x.dtype), np.full(m, 1 / m, x.dtype), np.array(1 / m, x.dtype)
    weights, eta, gradient = (y / m).astype(x.dtype), _eta(x), np.empty((n, k), x.dtype)
    z_flat, weights_flat = z.reshape(-1), weights.reshape(-1)
    change = np.empty((n, k), x.dtype)

    left, right, out, gradient = _product(x, z, gradient)

    def step(theta):
        np.dot(theta.T, x, out=z)
        np.maximum.reduce(z, 0, None, top)
        np.subtract(z, top, out=z)
        picked = np.dot(z_flat, weights_flat)
        np.exp(z, out=z)
        np.dot(ones, z, out=s)
        np.log(s, out=top)
        loss = np.dot(top, shares) - picked
        np.divide(share, s, out=s)
        np.multiply(z, s, out=z)
        np.subtract(z, weights, out=z)
        np.dot(left, right, out=out)
        np.multiply(gradient, eta, out=change)
        np.subtract(theta, change, out=theta)
        return loss, gradient

    return step


def best_tiles(size):
    """Softmax in place on tiles of so many examples, each read from memory once."""

    def make(x, labels, y):
        (n, m), k = x.shape, len(y)
        gradient, eta, change = np.empty((n, k), x.dtype), _eta(x), np.empty((n, k), x.dtype)
        share, part = np.array(1 / m, x.dtype), np.empty((n, k), x.dtype)
        ones = np.ones(k, x.dtype)
        tiles = []
        memory = {}
        for start in range(0, m, size):
            stop = min(start + size, m)
            b = stop - start
            if b not in memory:
                z = np.empty((k, b), x.dtype)
                memory[b] = z, z.reshape(-1), *(np.empty(b, x.dtype) for _ in range(3))
            tile, z = x[:, start:stop], memory[b][0]
            left, right, out, own = _product(tile, z, part, n * k * 96)
            places = labels[start:stop] * b + np.arange(b)
            tiles.append((tile, left, right, out, own, places, *memory[b]))

        def step(theta):
            gradient.fill(0)
            loss, theta_t = 0.0, theta.T
            for tile, left, right, out, own, places, z, z_flat, top, s, picked in tiles:
                np.dot(theta_t, tile, out=z)
                np.maximum.reduce(z, 0, None, top)
                np.subtract(z, top, out=z)
                z_flat.take(places, None, picked, "clip")
                np.exp(z, out=z)
                np.dot(ones, z, out=s)
                np.log(s, out=top)
                np.subtract(top, picked, out=top)
                loss += np.add.reduce(top)
                np.divide(share, s, out=s)
                np.multiply(z, s, out=z)
                z_flat[places] -= share
                np.dot(left, right, out=out)
                np.add(gradient, own, out=gradient)
            np.multiply(gradient, eta, out=change)
            np.subtract(theta, change, out=theta)
            return loss / m, gradient

        return step

    return make


def _product(x, z, gradient, size=None):
    """Return what to multiply for x zᵀ, where to, and the result: the better way round."""
    size = x.shape[0] * z.size if size is None else size
    if x.dtype == np.float64 and size >= 500_000:
        turned = np.empty(gradient.shape[::-1])
        return z, x.T, turned, turned.T
    return x, z.T, gradient, gradient


def _eta(x):
    return np.array(ETA, x.dtype)


def hands(n, k, m):
    """Return the ways of the best NumPy by hand that are worth a try, by name."""
    found = {"whole": best_whole, "one-hot": best_one_hot}
    if k <= 3:
        found["rows"] = best_rows
    if n * m > 10000:
        found |= {
            f"tiles of {size}": best_tiles(size) for size in (64, 96, 128, 256, 512) if size < m
        }
    return found
