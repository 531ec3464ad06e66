"""The page of a walk, as text: what is in it, and what never is."""

import json
import re
from collections import Counter
from html.parser import HTMLParser
from importlib.resources import files

import numpy as np
import pytest

import minigraph as mg
from minigraph.derive.page import WORDS
from minigraph.draw.matrices import entries
from minigraph.errors import DrawingError
from minigraph.explain.page import page, shown
from minigraph.explain.wording import LANGUAGES, words
from minigraph.formula import PackageError
from minigraph.formula.names import visible

KEYS = list("ABCDE")
VOID = {"meta", "input", "br"}


class Elements(HTMLParser):
    """All elements of a page, and the texts of those that hold any."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.scripts: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        (self.scripts if self.open[-1:] == ["script"] else self.texts).append(data)

    def count(self) -> Counter:
        return Counter(tag for tag, _ in self.found)


@pytest.fixture(scope="module")
def html(walk_of):
    return {key: walk_of(key).html() for key in KEYS}


@pytest.mark.parametrize("key", KEYS)
def test_a_page_is_one_small_file(html, key):
    assert len(html[key].encode("utf-8")) < 300_000
    elements = Elements(html[key])
    assert elements.open == []
    for tag, attributes in elements.found:
        assert "src" not in attributes, tag
        assert tag not in {"link", "img", "iframe", "object", "embed", "base", "image", "use"}
        for name in ("href", "xlink:href", "action", "formaction"):
            assert attributes.get(name, "#").startswith("#")
    # The namespaces of SVG and MathML are names, and nothing is fetched from them.
    addresses = set(re.findall(r"https?://[^\s\"'<>]+", html[key]))
    assert addresses <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
        "http://www.w3.org/1998/Math/MathML",
    }
    assert "url(" not in html[key]
    assert "@import" not in html[key]


@pytest.mark.parametrize("key", KEYS)
def test_ids_are_unique_and_what_refers_to_one_finds_it(html, key):
    found = Elements(html[key]).found
    ids = [attributes["id"] for _, attributes in found if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in found:
        for name in ("aria-labelledby", "aria-describedby", "for"):
            assert set(attributes.get(name, "").split()) <= set(ids)
        if "href" in attributes:
            assert attributes["href"][1:] in ids


@pytest.mark.parametrize("key", KEYS)
def test_every_number_of_every_step_is_there(html, walk_of, key):
    sections = html[key].split('<section class="step ')[1:]
    walk = walk_of(key)
    assert len(sections) == len(walk.steps)
    for section, step in zip(sections, walk.steps, strict=True):
        tables = [
            re.findall(r'<span class="n">([^<]*)</span>', part)
            for part in section.split("<table")[1:]
        ]
        expected = [
            entries(q.value.ravel())
            for q in step.quantities
            if not (q.role == "sum" and step.kind == "backward" and step.place[1] == 1)
        ]
        expected += [entries(value.ravel()) for _, value in step.equals]
        expected += [entries(step.check.ravel())] if step.check is not None else []
        assert tables == expected
        for formula in step.formulas:
            assert formula.mathml in section
        for language in LANGUAGES:
            texts = "".join(Elements("<p>" + section.split("</p>")[0] + "</p>").texts)
            assert visible(step.sentences[language]) in texts


@pytest.mark.parametrize("key", KEYS)
def test_the_answers_are_the_engines_numbers(html, walk_of, key):
    given = [
        float(attributes["data-answer"])
        for _, attributes in Elements(html[key]).found
        if "data-answer" in attributes
    ]
    asked = [
        step.quantities[step.asked].value for step in walk_of(key).steps if step.asked is not None
    ]
    np.testing.assert_allclose(
        given, np.concatenate([value.ravel() for value in asked]), rtol=1e-12
    )


def test_what_would_give_an_answer_away_is_secret(walk_of):
    for step in walk_of("C").steps:
        arrays = list(shown(step))
        assert sum(array.asked for array in arrays) == (step.asked is not None)
        for array in arrays:
            found = {"gradient", "contribution", "sum", "total", "equal", "check"} | (
                {"output"} if step.kind == "forward" else {"seed"}
            )
            if step.kind == "update":
                found = {"after"}
            assert array.secret == (step.asked is not None and array.label in found)


def test_origins_point_at_entries_on_show(walk_of):
    step = next(s for s in walk_of("C").steps if s.kind == "forward" and s.node == "n3")
    *_, z = shown(step)
    sources, made = json.loads(z.origin)
    assert sources == [0, 1]
    # z₂₁ = the second row of θᵀ times the first column of x.
    assert made["3"] == [[3, 4, 5], [0, 3, 6]]


def test_entries_that_are_left_out_are_no_origins():
    x = mg.parameter(np.arange(40.0).reshape(2, 20), name="x")
    walk = mg.explain(mg.sum(mg.sum(x * x, axis=1)).named("L"))
    step = next(s for s in walk.steps if s.kind == "forward" and s.op == "n2_op")
    *_, rows = shown(step)
    kept = [*range(10), 19]
    assert json.loads(rows.origin)[1] == {"0": [kept], "1": [[20 + i for i in kept]]}


def test_contributions_are_summed_up():
    x = mg.parameter([3.0], name="x")
    walk = mg.explain(mg.sum(x * x + x).named("L"))
    labels = [
        [(array.label, array.sign) for array in shown(step)][-2:]
        for step in walk.steps
        if step.kind == "backward" and step.node == "n0"
    ]
    assert labels[0] == [("contribution", "→"), ("sum", "+=")]
    # The last sum is the gradient, with its check beside it.
    assert labels[-1] == [("total", "+="), ("check", "≈")]


def test_both_languages_have_the_same_words():
    def keys(table):
        return {
            (name, *inner) if isinstance(value, dict) else (name,)
            for name, value in table.items()
            for inner in (keys(value) if isinstance(value, dict) else [()])
        }

    english, vietnamese = (words(language) for language in LANGUAGES)
    for name in ("page", "derivation", "quiz"):
        assert keys(english[name]) == keys(vietnamese[name])
    # What a derivation's own page says around the steps, this one says too.
    assert english["derivation"].items() >= WORDS.items()


def test_every_word_of_the_page_is_used():
    room = files("minigraph.explain")
    sources = [room / "templates" / "walk.html", room / "templates" / "numbers.html"]
    sources += [room / "page.py", room / "tables.py", room / "static" / "walk.css"]
    sources += [room / "templates" / "why.html"]
    sources += [files("minigraph.derive") / "templates" / "steps.html"]
    text = "".join(source.read_text(encoding="utf-8") for source in sources)
    for name in ("page", "quiz"):
        for key, value in words("en")[name].items():
            assert isinstance(value, dict) or f'"{key}"' in text or f".{key}" in text, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_starts_in_the_language_of_the_walk(walk_of, language):
    walk = walk_of("A", language)
    html = page(walk)
    elements = Elements(html)
    root = next(attributes for tag, attributes in elements.found if tag == "html")
    assert root["lang"] == language
    assert f"<title>{walk.title}</title>" in html
    both = Counter(
        a["lang"] for tag, a in elements.found if tag == "span" and a.get("class") == "w"
    )
    assert both["en"] == both["vi"] > 100
    assert words("en")["page"]["next"] in html
    assert words("vi")["page"]["next"] in html


def test_a_title_that_somebody_chose_stays(walk_of):
    from dataclasses import replace

    html = page(replace(walk_of("A"), title="A <b>"))
    assert html.count("A &lt;b&gt;") >= 5
    assert "A <b>" not in html


HOSTILE = [
    "</script><script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    "\" onload='alert(1)'",
    "&lt;b&gt;{{ 7 * 7 }}{% raw %}",
    "\\N\\E $x ${y} \\href{javascript:1}{z}",
    "\u202eevil\u2066",
    "line\nbreak\u2028\x00",
    "🧮" * 3,
    "",
    "long" * 2500,
]


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_names_are_text(name):
    x = mg.parameter([[1.0, 2.0]], name=name)
    y = mg.constant([[3.0], [4.0]], name=name + "'")
    loss = mg.sum(mg.exp((x @ y).named(name + '"'))).named(name)
    plain = mg.sum(
        mg.exp(
            (mg.parameter([[1.0, 2.0]], name="x") @ mg.constant([[3.0], [4.0]], name="y")).named(
                "z"
            )
        )
    )
    html = page(mg.explain(loss, update=0.1))
    elements = Elements(html)
    script = (files("minigraph.explain") / "static" / "walk.js").read_text(encoding="utf-8")
    assert elements.scripts == [script]
    # The same elements as with any other name, but for what formulas make of a name.
    outside = {
        "script",
        "style",
        "img",
        "iframe",
        "b",
        "a",
        "form",
        "button",
        "input",
        "table",
        "td",
        "th",
    }
    count = Elements(page(mg.explain(plain.named("L"), update=0.1))).count()
    assert {tag: n for tag, n in elements.count().items() if tag in outside} == {
        tag: n for tag, n in count.items() if tag in outside
    }
    for tag, attributes in elements.found:
        assert not [a for a in attributes if a.startswith("on")], tag
        assert "javascript:" not in attributes.get("href", "")
    texts = "".join(elements.texts)
    assert visible(name) in texts
    for character in "\u202e\u2066\u2028\x00":
        assert character not in html


def test_without_a_drawing_engine_the_page_says_what_the_graph_is(walk_of, monkeypatch):
    walk = walk_of("A")

    def broken():
        raise DrawingError("there is no engine")

    monkeypatch.setattr(walk.picture, "svg", broken)
    html = page(walk)
    assert "<svg id=" not in html
    assert "z = MatMul(θᵀ, x)" in html


def test_without_jinja_there_is_a_remedy(walk_of, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "jinja2", None)
    with pytest.raises(PackageError, match=r"minigraph\[explain\]"):
        page(walk_of("A"))


def test_the_policy_lets_only_the_pages_own_script_run(html):
    import base64
    import hashlib

    elements = Elements(html["A"])
    (script,) = elements.scripts
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode()
    policy = next(a["content"] for t, a in elements.found if a.get("http-equiv"))
    assert f"script-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
