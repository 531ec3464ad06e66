"""Build the lecture's graph from ops, differentiate it, and draw it."""

import minigraph as mg

theta = mg.parameter([[0.1, 0.05], [0.2, -0.1]], name="θ")
x = mg.constant([[1.0], [1.4]], name="x")
y = mg.one_hot([1], classes=[1, 2], axis=0, name="y")

z = (theta.T @ x).named("z")
y_hat = mg.softmax(z, axis=0).named("ŷ")
loss = mg.cross_entropy(y_hat, y, axis=0).named("L")
loss.backward()

print("∂L/∂z   =", z.grad.ravel().round(3))
print("ŷ − y   =", (y_hat.value - y.value).ravel().round(3))
print("wrote", mg.draw(loss).save("lecture-graph.svg"))
