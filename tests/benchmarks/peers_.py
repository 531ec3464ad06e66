"""The same training step by other libraries: those that are installed."""

import importlib.util

import numpy as np
from hand_ import ETA


def installed(name):
    return importlib.util.find_spec(name) is not None


def torch_eager(x, labels, y):
    import torch

    a, t = torch.from_numpy(x), torch.from_numpy(labels)

    def step(theta):
        w = torch.from_numpy(theta).requires_grad_()
        loss = torch.nn.functional.cross_entropy((w.T @ a).T, t)
        loss.backward()
        with torch.no_grad():
            w.sub_(ETA * w.grad)
        return loss.item(), w.grad.numpy()

    return step


def jax_jit(x, labels, y):
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    a, t = jnp.asarray(x), jnp.asarray(y)

    def loss(w, a, t):
        return -jnp.mean(jnp.sum(t * jax.nn.log_softmax(w.T @ a, axis=0), axis=0))

    @jax.jit
    def whole(w, a, t):
        value, gradient = jax.value_and_grad(loss)(w, a, t)
        return value, gradient, w - w.dtype.type(ETA) * gradient

    kept = {}

    def step(theta):
        # θ stays with JAX, as it would in a loop; only the first one comes from outside.
        w = kept.get("w") if kept.get("of") is theta else jnp.asarray(theta.copy())
        value, gradient, new = whole(w, a, t)
        kept["w"], kept["of"] = jax.block_until_ready(new), theta
        return value, gradient

    step.result = lambda: np.asarray(kept["w"])
    return step


def hips_autograd(x, labels, y):
    import autograd
    import autograd.numpy as anp

    def loss(w):
        z = anp.dot(w.T, x)
        top = anp.max(z, axis=0)
        logs = z - top - anp.log(anp.sum(anp.exp(z - top), axis=0))
        return -anp.mean(anp.sum(y * logs, axis=0))

    both = autograd.value_and_grad(loss)

    def step(theta):
        value, gradient = both(theta)
        theta -= theta.dtype.type(ETA) * gradient
        return value, gradient

    return step


def my_grad(x, labels, y):
    import mygrad
    from mygrad.nnet.losses import softmax_crossentropy

    def step(theta):
        w = mygrad.tensor(theta)
        loss = softmax_crossentropy(mygrad.matmul(w.T, x).T, labels)
        loss.backward()
        theta -= theta.dtype.type(ETA) * w.grad
        return loss.item(), w.grad

    return step


PEERS = {
    "PyTorch eager": ("torch", torch_eager),
    "JAX jit": ("jax", jax_jit),
    "HIPS autograd": ("autograd", hips_autograd),
    "MyGrad": ("mygrad", my_grad),
}


def peers():
    """Return the peers that are installed, by name."""
    return {name: make for name, (module, make) in PEERS.items() if installed(module)}
