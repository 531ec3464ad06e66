"""Picture: a graph drawn, which shows itself in a notebook and saves itself."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import graphviz

from minigraph.draw import views
from minigraph.draw.description import Description
from minigraph.draw.engine import Engine, find_engine, run
from minigraph.draw.names import caller_variables
from minigraph.draw.pdf import pdf
from minigraph.draw.svg import finish
from minigraph.draw.theme import DARK, LIGHT
from minigraph.draw.views import Zoom
from minigraph.errors import DrawingError, GraphError, OptionError
from minigraph.node import Node

Theme = Literal["auto", "light", "dark"]

# Pixels an inch of saved PNGs: twice a usual screen's, as slides need it.
_RESOLUTION = 192


class Picture(graphviz.Digraph):
    """A drawn graph: what `draw` returns.

    It is a ``graphviz.Digraph``, so all that can be done to one can be done to it; but it lays
    itself out with the engine that minigraph found, and needs no system Graphviz.

    Attributes
    ----------
    description : Description
        What is drawn.
    theme : {"auto", "light", "dark"}
    dot : path or None
        The engine that was asked for.
    """

    description: Description = Description((), ())
    theme: Theme = "auto"
    dot: str | os.PathLike[str] | None = None
    precision: int = 4
    prefix: str = "mg"

    def copy(self) -> Picture:
        """Return a copy of the picture."""
        twin = super().copy()
        for name in ("description", "theme", "dot", "precision", "prefix"):
            setattr(twin, name, getattr(self, name))
        return twin

    def svg(self) -> str:
        """Return the picture as SVG that can stand in an HTML page.

        With the theme "auto" it is dark on a dark screen.
        """
        return self._svg(find_engine(self.dot), adaptive=self.theme == "auto")

    def _svg(self, engine: Engine, adaptive: bool) -> str:
        raw = run(engine, self.source, "svg").decode("utf-8")
        return finish(raw, self.description, self.prefix, adaptive=adaptive)

    def save(  # pyright: ignore[reportIncompatibleMethodOverride]
        self,
        filename: str | os.PathLike[str] | None = None,
        directory: str | os.PathLike[str] | None = None,
        *,
        skip_existing: bool | None = False,
    ) -> Path:
        """Save the picture in the format that the file's suffix names.

        Parameters
        ----------
        filename : path
            It ends in .svg, .png, .pdf, .dot (.gv) or .txt. Folders are made. By default the DOT is
            saved under Digraph's own default name.
        directory : path, optional
            Where the file goes.
        skip_existing : bool
            Leave a file alone that exists.

        Returns
        -------
        Path

        Raises
        ------
        OptionError
            If the suffix is another one.
        DrawingError
            If there is no engine, or none that writes the format.
        """
        path = Path(directory or "", filename if filename is not None else self.filename)
        writers = {
            ".svg": lambda: self.svg().encode("utf-8"),
            ".png": lambda: self.pipe("png"),
            ".pdf": lambda: self.pipe("pdf"),
            ".dot": lambda: self.source.encode("utf-8"),
            ".gv": lambda: self.source.encode("utf-8"),
            ".txt": lambda: f"{self}\n".encode(),
        }
        write = writers.get(path.suffix.lower())
        if write is None:
            raise OptionError(
                "a picture is saved as .svg, .png, .pdf, .dot or .txt, "
                f"not as {path.suffix or path.name!r}",
                fix='name the file so: picture.save("graph.svg")',
            )
        if not (skip_existing and path.exists()):
            content = write()
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return path

    def pipe(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, format: str | None = None, *, encoding: str | None = None, **_: Any
    ) -> bytes | str:
        """Return the picture in a format, as bytes or, with an encoding, as text.

        Parameters
        ----------
        format : str, optional
            "svg" (default), "png", "pdf", or another one that the engine knows.
        encoding : str, optional
        """
        format = format or "svg"
        if format == "svg":
            content = self.svg().encode("utf-8")
        elif format == "pdf":
            content = pdf(self.source, lambda: self._svg(find_engine(self.dot), False), self.dot)
        else:
            options = [f"-Gdpi={_RESOLUTION}"] if format == "png" else []
            content = run(find_engine(self.dot), self.source, format, *options)
        return content.decode(encoding) if encoding else content

    def render(  # pyright: ignore[reportIncompatibleMethodOverride]
        self,
        filename: str | os.PathLike[str] | None = None,
        directory: str | os.PathLike[str] | None = None,
        view: bool = False,
        cleanup: bool = False,
        format: str | None = None,
        **_: Any,
    ) -> str:
        """Save the DOT and the picture beside it, as ``graphviz.Digraph.render`` does."""
        path = Path(directory or "", filename if filename is not None else self.filename)
        written = self.save(f"{path}.{format or 'svg'}")
        if not cleanup:
            path.write_text(self.source, encoding="utf-8")
        if view:
            graphviz.view(os.fspath(written))
        return os.fspath(written)

    def __str__(self) -> str:
        return views.text(self.description, self.precision)

    def __repr__(self) -> str:
        nodes, ops = len(self.description.nodes), len(self.description.ops)
        return f"<Picture: {self.description.title}, {nodes} data nodes, {ops} ops>"

    def _repr_svg_(self) -> str | None:
        try:
            return self.svg()
        except DrawingError:
            return None

    def _repr_mimebundle_(
        self, include: Any = None, exclude: Any = None, **_: Any
    ) -> dict[str, bytes | str]:
        try:
            bundle: dict[str, bytes | str] = {"image/svg+xml": self.svg(), "text/plain": str(self)}
        except DrawingError as error:
            bundle = {"text/plain": f"{self}\n\n{error}"}
        return {
            kind: content
            for kind, content in bundle.items()
            if (not include or kind in include) and not (exclude and kind in exclude)
        }


def draw(
    *outputs: Node,
    theme: Theme = "auto",
    precision: int = 4,
    limit: int = 300,
    dot: str | os.PathLike[str] | None = None,
    mark: Mapping[Node, str] = MappingProxyType({}),
    zoom: Zoom = "composite",
    components: Mapping[Node, Any] = MappingProxyType({}),
    gradients: Node | Sequence[Node] | None = None,
    rules: bool = False,
    fold: bool | int | None = None,
) -> Picture:
    """Draw the graph of some outputs, with values and gradients.

    Data nodes are cards: name, shape, value, and below it the gradient, or a dash where none was
    computed. Ops are dark ellipses. Forward edges are solid; backward edges are dashed and
    labelled with the cotangent that they carry. Unnamed nodes take the names of the caller's
    variables.

    Parameters
    ----------
    *outputs : Node
        One or more; a tuple or list of them counts as its items, and None is left out.
    theme : {"auto", "light", "dark"}
        "auto" is light, but for an SVG on a dark screen.
    precision : int
        The most decimals of the numbers.
    limit : int
        The most nodes that are drawn whole; larger graphs are folded.
    dot : path, optional
        The engine that lays the picture out. By default: what the environment variable
        MINIGRAPH_DOT names, else the package graphviz-pure's, else ``dot`` on PATH.
    mark : mapping of Node to str, optional
        Nodes to point out, each with a word or two that its card then bears on a band.
    zoom : {"composite", "primitive", "component"}
        "composite" draws each op as one; "primitive" opens the composites (Softmax, ...) into
        what they are written in; "component" draws each entry of each array by itself, and on
        each edge its local derivative, so that a gradient is the sum over paths of products.
    components : mapping of Node to nested sequence of str, optional
        For the component zoom: what the entries of a node are called, in the node's shape:
        ``{theta: [["b₁", "b₂"], ["w₁", "w₂"]]}``. By default its name with subscripts.
    gradients : Node or sequence of Node, optional
        Draw the graph of the gradients by these, ``mg.grad(loss, theta)``, below the loss's own:
        each gradient stands below the node that it is of, linked by a dotted line.
    rules : bool
        Write each op's local rule on its edges: ∂L/∂θ = x (∂L/∂z)ᵀ.
    fold : bool or int, optional
        Whether repeated and deep parts are drawn as one: "×12", "… 340 nodes". By default only
        in graphs over the limit, which are folded to some 60 nodes, if they have no more than
        200,000. True folds what comes three times or more, in small graphs too; a number is how
        many nodes there should be to see; False folds nothing.

    Returns
    -------
    Picture
        It shows itself in a notebook, prints as a tree of text, and saves itself
        (``save("graph.svg")``, .png, .pdf, .dot, .txt).

    Raises
    ------
    GraphError
        If an output is no Node, or the graph has more nodes than the limit and is not folded.

    Examples
    --------
    >>> import minigraph as mg
    >>> x = mg.parameter([[1.0], [2.0]], name="x")
    >>> y = mg.sum(x).named("y")
    >>> y.backward()
    >>> print(mg.draw(y))
    y = Sum: scalar, 3; ∂y/∂y 1
    └─ x (parameter): 2×1, [[1], [2]]; ∂y/∂x [[1], [1]]
    """
    variables = caller_variables(sys._getframe())
    return _draw(
        outputs,
        variables,
        theme=theme,
        precision=precision,
        limit=limit,
        dot=dot,
        mark=mark,
        zoom=zoom,
        components=components,
        gradients=gradients,
        rules=rules,
        fold=fold,
    )


def _draw(
    outputs: tuple[Any, ...],
    variables: tuple[Mapping[str, Any], ...],
    *,
    theme: Theme = "auto",
    precision: int = 4,
    limit: int | None = 300,
    dot: str | os.PathLike[str] | None = None,
    mark: Mapping[Node, str] = MappingProxyType({}),
    zoom: Zoom = "composite",
    components: Mapping[Node, Any] = MappingProxyType({}),
    gradients: Node | Sequence[Node] | None = None,
    rules: bool = False,
    fold: bool | int | None = None,
) -> Picture:
    if theme not in ("auto", "light", "dark"):
        raise OptionError(f"theme={theme!r} is not known", fix="it is 'auto', 'light' or 'dark'")
    description = views.describe_view(
        _nodes(outputs),
        variables,
        zoom=zoom,
        components=components,
        mark=mark,
        limit=limit,
        gradients=gradients,
        rules=rules,
        fold=fold,
    )
    picture = Picture("minigraph", format="svg")
    picture.description, picture.theme = description, theme
    picture.precision, picture.dot = precision, dot
    palette = DARK if theme == "dark" else LIGHT
    # A light picture and one that follows the screen have the same DOT, and other styles.
    seed = "" if theme == "auto" else theme
    picture.prefix = views.write(picture, description, palette, precision, seed)
    return picture


def _nodes(outputs: tuple[Any, ...]) -> list[Node]:
    nodes = []
    for output in outputs:
        nodes += output if isinstance(output, tuple | list) else (output,)
    nodes = [node for node in nodes if node is not None]
    for node in nodes:
        if not isinstance(node, Node):
            raise GraphError(
                f"draw: a {type(node).__name__} was given where a Node is needed",
                fix="draw what an op returned, such as the loss: mg.draw(loss)",
            )
    if not nodes:
        raise GraphError(
            "draw: there is nothing to draw", fix="give it a Node, such as the loss: mg.draw(loss)"
        )
    return nodes


def notebook_bundle(node: Node, include: Any = None, exclude: Any = None) -> dict[str, bytes | str]:
    """Return what a notebook shows of a node: its picture; of too large a graph, a text.

    Names come from the notebook's own variables.
    """
    variables = (vars(sys.modules["__main__"]),)
    try:
        picture = _draw((node,), variables)
    except GraphError:
        return {"text/plain": repr(node)}
    return picture._repr_mimebundle_(include, exclude)
