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


def torch_compiled(x, labels, y):
    import torch

    torch._dynamo.reset()
    a, t = torch.from_numpy(x), torch.from_numpy(labels)

    @torch.compile(dynamic=False)
    def loss_of(w):
        return torch.nn.functional.cross_entropy((w.T @ a).T, t)

    def step(theta):
        w = torch.from_numpy(theta).requires_grad_()
        loss = loss_of(w)
        loss.backward()
        with torch.no_grad():
            w.sub_(ETA * w.grad)
        return loss.item(), w.grad.numpy()

    return step


def jax_step(x, y):
    """Return a step of JAX's, and the data as its arrays."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)

    def loss(w, a, t):
        return -jnp.mean(jnp.sum(t * jax.nn.log_softmax(w.T @ a, axis=0), axis=0))

    def whole(w, a, t):
        value, gradient = jax.value_and_grad(loss)(w, a, t)
        return value, gradient, w - w.dtype.type(ETA) * gradient

    return whole, jnp.asarray(x), jnp.asarray(y)


def jax_jit(x, labels, y):
    import jax
    import jax.numpy as jnp

    whole, a, t = jax_step(x, y)
    whole = jax.jit(whole)
    kept = {}

    def step(theta):
        # θ stays with JAX, as it would in a loop; only the first one comes from outside.
        w = kept.get("w") if kept.get("of") is theta else jnp.asarray(theta.copy())
        value, gradient, new = whole(w, a, t)
        kept["w"], kept["of"] = jax.block_until_ready(new), theta
        return value, gradient

    step.result = lambda: np.asarray(kept["w"])
    return step


def jax_scan(x, labels, y, steps=100):
    import jax
    import jax.numpy as jnp

    whole, a, t = jax_step(x, y)

    def body(w, _, a, t):
        value, _, new = whole(w, a, t)
        return new, value

    @jax.jit
    def many(w, a, t):
        return jax.lax.scan(lambda w, _: body(w, _, a, t), w, None, length=steps)

    kept = {}

    def step(theta):
        w = kept.get("w") if kept.get("of") is theta else jnp.asarray(theta.copy())
        new, losses = many(w, a, t)
        kept["w"], kept["of"] = jax.block_until_ready(new), theta
        return losses, None

    step.steps = steps
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
    "PyTorch compiled": ("torch", torch_compiled),
    "JAX jit": ("jax", jax_jit),
    "HIPS autograd": ("autograd", hips_autograd),
    "MyGrad": ("mygrad", my_grad),
}


LOOPS = {"JAX lax.scan of 100 steps": ("jax", jax_scan)}


def peers(among=PEERS):
    """Return the peers that are installed, by name."""
    return {name: make for name, (module, make) in among.items() if installed(module)}


def loops():
    """Return those that take many steps in one call."""
    return peers(LOOPS)
