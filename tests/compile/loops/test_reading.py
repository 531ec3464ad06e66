"""Views on views: an entry is read where it is."""

import numpy as np
import pytest
from compile.loops.plain_ import alike

import minigraph as mg

X = np.arange(120.0).reshape(2, 3, 4, 5)

VIEWS = {
    "a slice of a slice": lambda x: x[:, :, ::2][:, :, 1:],
    "backwards and cut": lambda x: x[..., ::-1][..., 1:],
    "backwards twice": lambda x: x[..., ::-2][..., ::-1],
    "backwards by two": lambda x: x[..., 3::-2, ::2],
    "one of a slice of a slice": lambda x: x[:, ::2][:, 1:][:, 0],
    "backwards, one entry": lambda x: x[..., :1:-3],
    "ints and new axes": lambda x: x[-1, None, ..., 2, None],
    "nothing but one": lambda x: x[1, 2, 3, 4],
    "all of it": lambda x: x[...],
    "none of it": lambda x: x[:, 3:],
    "transposed": lambda x: x.mT[..., 1:, :].mT,
    "permuted from the end": lambda x: mg.permute_dims(x, (-1, 0, -2, 1)),
    "permuted and cut": lambda x: mg.permute_dims(x, (3, 1, 0, 2))[1:, ::-1],
    "reshaped": lambda x: mg.reshape(x, (6, 20)),
    "reshaped and transposed": lambda x: mg.reshape(x, (6, 20)).T,
    "transposed and reshaped": lambda x: mg.reshape(x.mT, (6, 20)),
    "reshaped, cut, reshaped": lambda x: mg.reshape(mg.reshape(x, (6, 20))[1:, ::-1], (10, 10)),
    "reshaped with ones": lambda x: mg.reshape(x, (1, 2, 3, 1, 4, 5)),
    "reshaped twice": lambda x: mg.reshape(mg.reshape(x[:, 1:], (4, 20)), (2, 40)),
    "flat": lambda x: mg.reshape(x[..., 0], (-1,)),
    "repeated": lambda x: mg.broadcast_to(x[:, :1], (2, 2, 3, 4, 5)),
    "squeezed": lambda x: mg.squeeze(mg.expand_dims(x, axis=2)[:, ::-1], axis=2),
    "repeated and reshaped": lambda x: mg.reshape(mg.broadcast_to(x[0, 0, 0], (3, 5)), (5, 3)),
}


@pytest.mark.parametrize("name", VIEWS)
def test_views(name):
    x = mg.constant(X, name="x")
    view = VIEWS[name]
    for output in (view(x), view(mg.exp(x / 100)), mg.sum(view(x), axis=0) if view(x).ndim else x):
        alike(output, [x], None, X)
    alike(view(x) + view(mg.sin(x)) * view(x), [x], None, X)
