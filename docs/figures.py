"""The figures of the documentation: each is made by the build, as a reader would make it."""

from pathlib import Path

import minigraph as mg
from minigraph.lecture import EXAMPLES, component_symbols, graph

IMAGES = Path(__file__).parent / "images"


def write(folder: Path = IMAGES) -> list[Path]:
    """Write all figures; return their files."""
    example = EXAMPLES["A"]
    nodes = graph(example.theta, example.x, example.labels, example.classes)
    nodes.loss.backward()
    symbols = component_symbols(nodes, example.classes)
    z = mg.parameter([0.38, -0.09], name="z")
    y_hat = mg.softmax(z).named("ŷ")
    mg.sum(y_hat * mg.constant([1.0, 0.0], name="y")).named("L").backward()
    fused = graph(example.theta, example.x, example.labels, example.classes, fused=True)
    pictures = {
        "zoom-composite": mg.draw(nodes.loss),
        "zoom-primitive": mg.draw(y_hat, zoom="primitive"),
        "zoom-component": mg.draw(nodes.loss, zoom="component", components=symbols),
        "rules": mg.draw(nodes.loss, rules=True),
        "gradients-beside": mg.draw(fused.loss, gradients=fused.theta),
    }
    return [picture.save(folder / f"{name}.svg") for name, picture in pictures.items()]


if __name__ == "__main__":
    for path in write():
        print("wrote", path)
