"""The stepping page of a network of your own: two layers, relu, and one update.

python two_layers_walk.py [walk.html]
"""

import sys
import tempfile
from pathlib import Path

import numpy as np

import minigraph as mg

random = np.random.default_rng(0)

x = mg.constant([[1.4, 0.2], [4.7, 1.4], [5.1, 1.9]], name="x")
y = mg.one_hot([0, 1, 2], classes=3, name="y")
W1 = mg.parameter(random.normal(0, 0.5, (2, 4)).round(2), name="W₁")
b1 = mg.parameter(np.zeros(4), name="b₁")
W2 = mg.parameter(random.normal(0, 0.5, (4, 3)).round(2), name="W₂")
b2 = mg.parameter(np.zeros(3), name="b₂")

h = mg.relu(x @ W1 + b1).named("h")
z = (h @ W2 + b2).named("z")
y_hat = mg.softmax(z).named("ŷ")
loss = mg.cross_entropy(y_hat, y).named("L")

walk = mg.explain(loss, update=0.1)
for step in walk.steps:
    print(f"{step.phase:10}  {step.sentences['en']}")

given = sys.argv[1] if sys.argv[1:] else ""
path = Path(given) if given.endswith(".html") else Path(tempfile.mkdtemp()) / "walk.html"
print("wrote", walk.save(path))
