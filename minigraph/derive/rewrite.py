"""Rewriting: rules applied to a graph until none applies, in runs of one rule each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field

from minigraph.derive.cut import Literals, inputs_on
from minigraph.derive.knowledge import Knowledge, Missing
from minigraph.derive.measure import UNSEEN, measure
from minigraph.derive.rule import Rule
from minigraph.facts import Fact
from minigraph.graph import added, rebuild, topological_order
from minigraph.node import Node
from minigraph.tidy import tidy


@dataclass(frozen=True, eq=False)
class Run:
    """What one step changed.

    Attributes
    ----------
    rule : Rule or None
        The rule, applied wherever it applied; None if a name was opened.
    before, after : Node
        The whole graph.
    changed : frozenset of Node
        The nodes of ``before`` that gave way, none of them within another.
    images : dict of Node to Node
        What took the place of each node of ``before``.
    facts : tuple of (Fact, Node)
        What the rule needed to know.
    """

    rule: Rule | None
    before: Node
    after: Node
    changed: frozenset[Node]
    images: Mapping[Node, Node]
    facts: tuple[tuple[Fact, Node], ...] = ()

    def shown_before(self, subject: Node) -> tuple[Node, list[Node]]:
        """Return a part of the graph before it, with what gave way as nodes of their own to mark.

        One of them may stand within another, too; there it is not to be marked.
        """
        if subject in self.changed:
            return subject, [subject]
        spots = {
            node: {_seen(x) for x in node.inputs if x in self.changed}
            for node in self._around(subject)
        }
        return _with_twins(subject, spots)

    def shown_after(self, subject: Node) -> tuple[Node, list[Node]]:
        """Return what became of a part of the graph, with what is new in it to mark.

        What took a node's place may stand elsewhere, too; there it is not to be marked.
        """
        if subject in self.changed:
            return self.images[subject], [self.images[subject]]
        spots: dict[Node, set[Node]] = {}
        for node in self._around(subject):
            found = {_seen(self.images[x]) for x in node.inputs if x in self.changed}
            spots.setdefault(self.images[node], set()).update(found)
        return _with_twins(self.images[subject], spots)

    def _around(self, subject: Node) -> list[Node]:
        """Return the nodes that one comes upon before what changed."""
        return topological_order(subject, within=lambda x: x not in self.changed)


@dataclass(eq=False)
class Rewriter:
    """A graph that is being rewritten.

    Attributes
    ----------
    root : Node
    rules : sequence of Rule
    know : Knowledge
    kept : list of Node
        Nodes that are not rewritten, each after its inputs, leaves among them.
    closed : callable
        Nodes that are not looked at for now, since they are written as a name.
    most : int
        How many times rules are applied at most, all in all.
    hidden : dict of Node to Node
        What is still to come: leaves that stand for a node, with what they stand for.
    applied : int
        How many times they were.
    missing : list of Missing
        The facts of leaves that were asked for in vain since the last step.
    """

    root: Node
    rules: Sequence[Rule]
    know: Knowledge
    kept: list[Node]
    closed: Callable[[Node], bool]
    most: int
    hidden: dict[Node, Node] = field(default_factory=dict)
    applied: int = 0
    missing: list[Missing] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._kept = set(self.kept)
        self._literals = Literals()
        for node in self.kept:
            self._literals.one(node)

    def open_nodes(self) -> list[Node]:
        """Return the nodes that rules may rewrite, each after its inputs."""
        order = topological_order(
            self.root, within=lambda x: x not in self._kept and not self.closed(x)
        )
        return [node for node in order if node.op is not None and node not in self._kept]

    def step(self) -> Run | None:
        """Apply the first rule that applies, wherever it does; None if none does."""
        self._settle({})
        self.missing = []
        for rule in self.rules:
            if not rule.silent and (run := self._run(rule)) is not None:
                return run
        return None

    def reveal(self) -> Run | None:
        """Put what is hidden nearest to the root in its place; None if nothing is hidden."""
        before = self.root
        there = set(topological_order(before))
        # What is hidden comes in topological order: the last of them is within no other.
        found = [leaf for leaf in self.hidden if leaf in there]
        if not found:
            return None
        leaf = found[-1]
        images = {node: node for node in there}
        _advance(images, self._replace({leaf: self.hidden[leaf]}))
        return Run(None, before, self.root, frozenset({leaf}), images)

    def _replace(self, changes: Mapping[Node, Node]) -> dict[Node, Node]:
        """Put nodes in the place of others, and tidy up; return what took each node's place."""
        new: dict[Node, Node] = {}
        for node in topological_order(self.root, within=lambda x: x not in self._kept):
            inputs = inputs_on(node, new)
            if node in changes:
                new[node] = changes[node]
            elif any(x is not y for x, y in zip(inputs, node.inputs, strict=True)):
                new[node] = _remade(node, inputs)
            else:
                new[node] = node
        root, merged = self._literals.merged(new[self.root], self._kept)
        tidied = tidy(added(root, self._kept), self.kept)
        self.root = tidied.get(root, root)
        merged = {node: merged.get(twin, twin) for node, twin in new.items()}
        return {node: tidied.get(twin, twin) for node, twin in merged.items()}

    def _run(self, rule: Rule) -> Run | None:
        before = self.root
        images = {node: node for node in topological_order(before)}
        changed: set[Node] = set()
        facts: list[tuple[Fact, Node]] = []
        while (found := self._found(rule)) is not None:
            node, replacement = found
            facts += self.know.used
            changed |= {old for old, image in images.items() if image is node}
            _advance(images, self._replace({node: replacement}))
            self._settle(images)
            if rule.once:
                break
        if self.root is before:
            return None
        outermost = _outermost(before, changed)
        return Run(rule, before, self.root, outermost, images, tuple(facts))

    def _settle(self, images: dict[Node, Node]) -> None:
        """Apply the silent rules."""
        silent = [rule for rule in self.rules if rule.silent]
        while found := next(filter(None, map(self._found, silent)), None):
            _advance(images, self._replace({found[0]: found[1]}))

    def _found(self, rule: Rule) -> tuple[Node, Node] | None:
        """Return the first node that a rule applies to, and what takes its place."""
        if self.applied >= self.most:
            return None
        for node in self.open_nodes():
            self.know.used.clear()
            self.know.missed.clear()
            replacement = rule.replace(node, self.know)
            self.missing += self.know.missed
            # Whatever a rule says: only what lowers the measure is done, so that there is an end.
            if replacement is not None and measure(replacement, self.closed) < measure(
                node, self.closed
            ):
                self.applied += 1
                return node, _placed(replacement, node)
        return None


def hide(root: Node, kept: Iterable[Node]) -> tuple[Node, dict[Node, Node]]:
    """Return a graph with leaves in place of its named nodes, and what these stand for, unnamed.

    Parameters
    ----------
    root : Node
        It is not hidden itself, and none of those that are kept.
    kept : iterable of Node
        Nodes that stay as they are.
    """
    kept = set(kept)
    new: dict[Node, Node] = {}
    hidden: dict[Node, Node] = {}
    for node in topological_order(root, within=lambda x: x not in kept):
        inputs = inputs_on(node, new)
        twin = new[node] = _copy(node, inputs)
        if node.name is not None:
            twin.name = None
            if node is not root:
                leaf = new[node] = Node(node.value, None, (), (), node._site).named(node.name)
                hidden[leaf] = twin
    return new[root], hidden


def _advance(images: dict[Node, Node], moved: Mapping[Node, Node]) -> None:
    for old, image in images.items():
        images[old] = moved.get(image, image)


def _remade(node: Node, inputs: tuple[Node, ...]) -> Node:
    """Return a node's op on other inputs, computed anew."""
    assert node.op is not None
    twin = node.op(*inputs)
    twin._source, twin._site, twin.name = node._source, node._site, node.name
    return twin


def _placed(twin: Node, node: Node) -> Node:
    """Give what a rule made in a node's place the node's line and name."""
    new = set(added(twin, set(topological_order(node))))
    for part in new:
        part._site = node._site
    return twin.named(node.name) if twin in new and twin.op is not None else twin


def _outermost(root: Node, nodes: Set[Node]) -> frozenset[Node]:
    """Return the nodes that one comes upon from the root without passing another one of them."""
    reached = topological_order(root, within=lambda x: x not in nodes)
    found = {x for node in reached for x in node.inputs if x in nodes}
    return frozenset({root} if root in nodes else found)


def _copy(node: Node, inputs: tuple[Node, ...] | None = None) -> Node:
    twin = rebuild(node, node.inputs if inputs is None else inputs)
    twin._kind = node._kind
    return twin


def _with_twins(root: Node, spots: Mapping[Node, Set[Node]]) -> tuple[Node, list[Node]]:
    """Return a graph with twins in place of some nodes' inputs, and what to mark of the twins.

    Parameters
    ----------
    root : Node
    spots : mapping of Node to set of Node
        By node, which of its inputs, for what is seen of them.
    """
    twins: dict[Node, Node] = {}
    marks: list[Node] = []
    new: dict[Node, Node] = {}
    for node in topological_order(root):
        inputs: list[Node] = []
        for x in node.inputs:
            if _seen(x) not in spots.get(node, ()):
                inputs.append(new[x])
                continue
            if x not in twins:
                # A twin of what was there, so that nothing within it is a twin.
                twins[x], mark = _marked(x)
                marks.append(mark)
            inputs.append(twins[x])
        same = all(x is y for x, y in zip(inputs, node.inputs, strict=True))
        new[node] = node if same else rebuild(node, tuple(inputs))
    return new[root], marks


def _seen(node: Node) -> Node:
    """Return what is seen of a node: what it repeats, if it does only that."""
    while isinstance(node.op, UNSEEN) and node.name is None:
        (node,) = node.inputs
    return node


def _marked(node: Node) -> tuple[Node, Node]:
    """Return a copy of a node, and the node to mark in it: what is seen of it."""
    around = []
    while node is not _seen(node):
        around.append(node)
        (node,) = node.inputs
    mark = twin = _copy(node)
    for outer in reversed(around):
        twin = _copy(outer, (twin,))
    return twin, mark
