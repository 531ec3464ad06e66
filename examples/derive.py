"""∂L/∂z = ŷ − y, step by step, and the lecture's own derivation beside it.

python derive.py [derivation.html]
"""

import sys
import tempfile
from pathlib import Path

import minigraph as mg
from minigraph.derive import by_components

theta = mg.parameter([[0.1, 0.05], [0.2, -0.1]], name="θ")
x = mg.constant([[1.0, 1.0], [1.4, 4.5]], name="x")
y = mg.one_hot([0, 1], classes=2, axis=0, name="y")
z = (theta.T @ x).named("z")
y_hat = mg.softmax(z, axis=0).named("ŷ")
loss = mg.cross_entropy(y_hat, y, axis=0).named("L")

of_z, of_theta = mg.derive(loss, [z, theta])
print(of_z)
print()
print(of_theta.formula)
print()
print(by_components(loss, z))

# The same with a loss of one's own: logistic regression.
a = mg.parameter([0.3, -0.2], name="a")
p = mg.sigmoid(a).named("p")
t = mg.constant([1.0, 0.0], name="t")
own = mg.negative(mg.sum(t * mg.log(p) + (1 - t) * mg.log(1 - p))).named("L")
print()
print(mg.derive(own, a).formula)

given = sys.argv[1] if sys.argv[1:] else ""
path = Path(given) if given.endswith(".html") else Path(tempfile.mkdtemp()) / "derivation.html"
print("wrote", of_theta.save(path))
