"""A network of one's own, two layers with relu between them, in three pictures."""

import minigraph as mg

W = mg.parameter([[0.5, -1.0], [1.0, 0.5]], name="W")
V = mg.parameter([[1.0, -0.5], [0.5, 1.0]], name="V")
x = mg.constant([[1.0, 0.2]], name="x")  # an example a row
y = mg.one_hot([0], classes=[0, 1], name="y")

a = (x @ W).named("a")
h = mg.relu(a).named("h")
z = (h @ V).named("z")
y_hat = mg.softmax(z).named("ŷ")
loss = mg.cross_entropy(y_hat, y).named("L")
loss.backward()

# Each op and each array as one: the whole at a glance.
print("wrote", mg.draw(loss).save("two-layers.svg"))

# Each number by itself: relu's slope is 1 where a > 0 and 0 where it is not, so nothing flows
# back through h₂, and the gradient of the weights before it is 0.
picture = mg.draw(loss, zoom="component")
print("wrote", picture.save("two-layers-components.svg"))
print(picture)

# The gradient's own graph, below that of the loss.
print("wrote", mg.draw(loss, gradients=[W, V]).save("two-layers-gradient.svg"))
