"""The cut: a loss as a function of one node, and back."""

from derive.losses_ import softmax_regression

import minigraph as mg
from minigraph.derive import Knowledge, Positive, SumsToOne
from minigraph.derive.cut import cut
from minigraph.graph import topological_order


def test_what_was_a_node_is_a_leaf_that_keeps_its_facts():
    given = softmax_regression()
    know = Knowledge()
    function = cut(given.loss, given.y_hat, know)
    assert function.target.op is None
    assert function.target.name == "ŷ"
    assert know.has(function.target, Positive())
    assert know.has(function.target, SumsToOne(0))
    assert given.theta not in set(topological_order(function.output))


def test_nothing_is_cut_at_a_leaf():
    given = softmax_regression()
    function = cut(given.loss, given.theta, Knowledge())
    assert function.output is given.loss
    assert function.target is given.theta


def test_the_way_back_leads_to_what_is_there():
    given = softmax_regression()
    function = cut(given.loss, given.z, Knowledge())
    again = mg.softmax(function.target, axis=0)
    assert function.back(again) is given.y_hat
    assert function.back(function.output) is given.loss
    other = function.back(mg.exp(function.target))
    assert other.inputs[0] is given.z


def test_a_number_is_one_node():
    x = mg.parameter([0.5], name="x")
    output = (1 - x) * (1 - mg.exp(x))
    numbers = {n for n in topological_order(output) if n.kind == "scalar"}
    assert len(numbers) == 2
    function = cut(output, x, Knowledge())
    assert len({n for n in topological_order(function.output) if n.kind == "scalar"}) == 1
    assert function.back(function.output) is output
