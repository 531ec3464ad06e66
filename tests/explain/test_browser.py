"""The page of a walk in a real browser: gone through, played, printed, and looked at."""

import re
from importlib.resources import files

import numpy as np
import pytest

from minigraph.draw.matrices import entries
from minigraph.explain.tables import table
from minigraph.explain.wording import words

KEYS = list("ABCDE")

# The steps of a kind that has a look of its own: a leaf, a product, the loss, the seed, softmax's
# Jacobian, the gradient of θ, the update, the loss after it.
KINDS = (1, 5, 7, 8, 10, 12, 13, 14)

NUMBERS = """() => [...document.querySelectorAll('.step')].filter(s => s.offsetParent).flatMap(
  s => [...s.querySelectorAll('table')].filter(t => t.offsetParent).map(
    t => [...t.querySelectorAll('td .n')].filter(n => n.offsetParent).map(n => n.textContent)))"""

# What of the graph's cards can be seen: the ids of the values and gradients.
SEEN = """() => [...document.querySelectorAll('#graph .value, #graph .gradient')]
  .filter(g => getComputedStyle(g).visibility === 'visible')
  .map(g => g.id.replace(/^mg_[^_]+_/, ''))"""

# Everything that sticks out of the window or of its own box, and arrays that overlap.
CUT = """() => {
  const cut = [];
  const seen = (e) => e.offsetParent && e.checkVisibility({ visibilityProperty: true });
  const say = (what, ...es) => cut.push([what, ...es.map(e => e.textContent.slice(0, 40))]);
  const parts = 'h1, h2, h3, p, li, a, button, td, th, math, .title, input';
  for (const e of document.querySelectorAll(parts)) {
    const box = e.getBoundingClientRect();
    if (!box.width || e.closest('.unseen') || e.closest('.scroll')) continue;
    if (box.left < -0.5 || box.right > innerWidth + 0.5) say('outside', e);
    if (e.clientWidth && e.scrollWidth > e.clientWidth + 1) say('cut', e);
  }
  // What scrolls sideways is in the window itself, and hides nothing above or below.
  for (const e of document.querySelectorAll('.scroll')) {
    const box = e.getBoundingClientRect();
    if (seen(e) && (box.left < -0.5 || box.right > innerWidth + 0.5)) say('outside', e);
    if (seen(e) && e.scrollHeight > e.clientHeight + 1) say('low', e);
  }
  const apart = '.array, .formula, .sentence, h2, h3, .quiz, .legend, .hint, .graph .scroll,'
    + 'summary, .expression, .lead, .stands';
  const boxes = [...document.querySelectorAll(apart)].filter(seen)
    .map(e => [e, e.getBoundingClientRect()]).filter(([, b]) => b.width);
  const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1
    && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  for (const [i, [e, a]] of boxes.entries())
    for (const [f, b] of boxes.slice(i + 1)) if (meet(a, b)) say('overlap', e, f);
  // The graph is there, from top to bottom, and the node that the step is about is in sight.
  const frame = document.querySelector('#graph').getBoundingClientRect();
  for (const e of document.querySelectorAll('#graph .node')) {
    const box = e.getBoundingClientRect();
    if (box.top < frame.top || box.bottom > frame.bottom) say('out of the graph', e);
    if (e.matches('.here') && !e.contains(document.elementFromPoint(
      (box.left + box.right) / 2, (box.top + box.bottom) / 2))) say('out of sight', e);
  }
  if (document.documentElement.scrollWidth > innerWidth) say('scrolls sideways');
  for (const e of document.querySelectorAll('button, input')) {
    const box = e.getBoundingClientRect();
    if (seen(e) && Math.min(box.height, box.width) < 44) say('small', e);
  }
  return cut;
}"""


@pytest.mark.parametrize("key", KEYS)
def test_all_steps_show_the_engines_numbers(visit, walk_of, key):
    opened = visit(key)
    steps = walk_of(key).steps
    for number, step in enumerate(steps, 1):
        assert opened.step == number
        arrays = [q.value for q in step.quantities if q.role != "sum" or step.kind != "backward"]
        arrays += [value for _, value in step.equals]
        arrays += [step.check] if step.check is not None else []
        assert opened.page.evaluate(NUMBERS) == [entries(value.ravel()) for value in arrays]
        # In the graph there is what is known by now, and no more.
        known = {x.replace(":grad", "_gradient") for x in step.known}
        known = {x if "_" in x else f"{x}_value" for x in known} | {"n2_gradient", "n5_gradient"}
        assert set(opened.page.evaluate(SEEN)) == known
        assert step.sentences["en"] in opened.page.locator("#live").inner_text()
        opened.page.keyboard.press("ArrowRight")
    assert opened.step == len(steps)


def test_each_number_has_been_lit_with_what_made_it(visit):
    opened = visit("C", 5)
    page = opened.page
    entry = page.locator(".step.current [data-array='2'] td[data-i='3']")
    lit = ".step.current [data-array='{}'] .source"
    page.locator(".step.current [data-array='2'] td[data-i='0']").hover()
    assert page.locator(lit.format(0)).evaluate_all("x => x.map(e => e.dataset.i)") == [
        "0",
        "1",
        "2",
    ]
    entry.hover()
    assert page.locator(lit.format(0)).evaluate_all("x => x.map(e => e.dataset.i)") == [
        "3",
        "4",
        "5",
    ]
    assert page.locator(lit.format(1)).evaluate_all("x => x.map(e => e.dataset.i)") == [
        "0",
        "3",
        "6",
    ]
    page.mouse.move(1, 1)
    assert page.locator(".source, .made").count() == 0
    # The same by keyboard: the table is one stop, and arrow keys move inside it.
    page.locator(".step.current [data-array='2'] td[data-i='0']").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.dataset.i") == "4"
    assert page.locator(lit.format(1)).evaluate_all("x => x.map(e => e.dataset.i)") == [
        "1",
        "4",
        "7",
    ]
    assert opened.step == 5


def test_keys_slider_links_and_the_address_go_to_a_step(visit):
    opened = visit("A", 7)
    page = opened.page
    assert opened.step == 7
    assert page.evaluate("scrollY") == 0
    for key, step in (("ArrowRight", 8), ("ArrowLeft", 7), ("End", 14), ("ArrowRight", 14),
                      ("Home", 1), ("ArrowLeft", 1)):  # fmt: skip
        page.keyboard.press(key)
        assert opened.step == step
        assert page.evaluate("location.hash") == f"#step={step}"
    slider = page.get_by_role("slider")
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert opened.step == 2
    slider.fill("9")
    assert opened.step == 9
    assert slider.get_attribute("aria-valuetext").startswith("Step 9 of 14:")
    for name, step in (("First step", 1), ("Last step", 14), ("Previous step", 13)):
        page.get_by_role("button", name=name).click()
        assert opened.step == step
    page.get_by_role("link", name="Compute the output").click()
    assert opened.step == 4
    page.evaluate("location.hash = '#step=10'")
    page.wait_for_function("document.querySelector('.place').textContent === '10 / 14'")
    # A step that there is none of, and an address that is none.
    assert visit("A", 99).step == 14
    assert visit("A", 0).step == 1


def test_nodes_of_the_graph_go_to_their_steps(visit):
    opened = visit("A")
    page = opened.page
    for name, step in (("ŷ: computed", 6), ("θ: parameter", 1), ("MatMul", 5), ("L: computed", 7)):
        page.get_by_role("button", name=re.compile(f"^{name}")).click()
        assert opened.step == step
    page.keyboard.press("End")
    page.locator("#graph [id$=_n3_gradient]").click()
    assert opened.step == 10
    # By keyboard, too.
    page.get_by_role("button", name=re.compile("^z: computed")).focus()
    for key in ("Enter", " "):
        page.keyboard.press("Home")
        page.keyboard.press(key)
        assert opened.step == 5


def solve(page, step) -> None:
    """Type what a step asks for, as it is printed."""
    shown = table(step.quantities[step.asked].value)
    texts = [cell.text for _, cells in shown.rows for cell in cells]
    fields = page.locator(".step.current td.open input")
    assert fields.count() == len(texts)
    for i, text in enumerate(texts):
        # In turn as it is printed, and with a comma and a minus from the keyboard.
        fields.nth(i).fill(text if i % 2 else text.replace(".", ",").replace("−", "-"))
    page.get_by_role("button", name="Check").click()


@pytest.mark.parametrize("key", KEYS)
def test_the_quiz_is_played_through(visit, walk_of, key):
    opened = visit(key)
    page = opened.page
    page.get_by_role("button", name="Quiz").click()
    asked = 0
    for step in walk_of(key).steps:
        if step.asked is None:
            assert page.locator(".quiz:visible").count() == 0
        else:
            value = step.quantities[step.asked].value
            before = page.evaluate(NUMBERS)
            seen = set(page.evaluate(SEEN))
            new = f"{step.node}_{'value' if step.kind == 'forward' else 'gradient'}"
            assert (new in seen) == (step.kind == "update")
            solve(page, step)
            asked += value.size
            assert "Right!" in page.locator(".step.current .feedback").inner_text()
            assert page.locator(".step.current td input").count() == 0
            assert len(page.evaluate(NUMBERS)) >= len(before)
            assert new in page.evaluate(SEEN)
        # Wherever the focus is by now, this button goes on; after the last step nothing does.
        page.locator("[data-go=next]").click(force=True)
    assert page.locator("#score b").inner_text() == f"{asked} / {asked}"


def test_before_it_is_answered_a_number_is_nowhere(visit, walk_of):
    opened = visit("A", 5)
    page = opened.page
    z = entries(walk_of("A").steps[4].quantities[2].value.ravel())
    assert z == ["0.38", "−0.09"]
    tree = page.locator("body").aria_snapshot()
    assert all(number in tree for number in z)
    page.get_by_role("button", name="Quiz").click()
    tree = page.locator("body").aria_snapshot()
    assert not any(number in tree for number in z)
    shown = page.locator("body").inner_text()
    assert not any(number in shown for number in z)
    # Not even at the seed, whose sentence says the number.
    page.get_by_role("link", name="Compute the derivative").click()
    assert "= 1" not in page.locator("body").inner_text()
    assert "= 1" not in page.locator("body").aria_snapshot()
    solve(page, walk_of("A").steps[7])
    assert "∂L/∂L = 1" in page.locator("body").inner_text()


def test_wrong_answers_are_told_the_rule(visit, walk_of):
    opened = visit("A", 5)
    page = opened.page
    page.get_by_role("button", name="Quiz").click()
    feedback = page.locator(".step.current .feedback")
    first = page.locator(".step.current td.open input").first
    assert first.get_attribute("aria-label") == "computed: z, 2×1, row 1, column 1"
    page.get_by_role("button", name="Check").click()
    assert feedback.inner_text() == "Type a number first."
    for wrong in ("0.37", "0.381", "38", "-0.38"):
        first.fill(wrong)
        page.keyboard.press("Enter")
        assert feedback.inner_text() == "Not right yet. " + walk_of("A").steps[4].rules["en"]
        assert first.get_attribute("aria-invalid") == "true"
    first.fill("abc")
    page.get_by_role("button", name="Check").click()
    assert feedback.inner_text() == "That is not a number: abc"
    first.fill(" 0,380 ")
    page.get_by_role("button", name="Check").click()
    assert feedback.inner_text() == "Right so far; numbers are still missing."
    page.get_by_role("button", name="Show the answer").click()
    assert feedback.inner_text() == "Here is the answer. " + walk_of("A").steps[4].rules["en"]
    # Neither was right at the first try.
    assert page.locator("#score b").inner_text() == "0 / 2"
    # Where numbers are cut off, rounding and cutting are both right; a place too few is wrong.
    page.get_by_role("button", name="Next step").click()
    for given, right in (("0.6155", False), ("0.615", False), ("0.6154", True)):
        page.locator(".step.current td.open input").first.fill(given)
        page.get_by_role("button", name="Check").click()
        assert feedback.inner_text().startswith("Right so far" if right else "Not right yet")
    page.locator(".step.current td.open input").first.fill("3.846e-1")
    page.get_by_role("button", name="Check").click()
    assert feedback.inner_text() == "Right!"
    # Without the quiz all is shown again, and with it what was answered stays.
    page.get_by_role("button", name="Quiz").click()
    assert page.locator("#score").is_hidden()
    assert page.locator(".quiz:visible").count() == 0


def test_cutting_off_is_right_too(visit):
    opened = visit("A", 6)
    page = opened.page
    page.get_by_role("button", name="Quiz").click()
    fields = page.locator(".step.current td.open input")
    # ŷ = 0.615384, 0.384616: the lecture cuts off.
    fields.nth(0).fill("0.6153")
    fields.nth(1).fill("0.3846")
    page.get_by_role("button", name="Check").click()
    assert page.locator(".step.current .feedback").inner_text() == "Right!"


def test_a_derivation_opens_in_its_step(visit, walk_of):
    opened = visit("C", 12)
    page = opened.page
    step, inside = page.locator(".step.current"), page.locator(".step.current .inside")
    summary = step.locator("summary")
    assert summary.inner_text() == "Why ∂L/∂θ = (x (ŷ − y)ᵀ) / 3? The derivation, in 4 steps"
    assert inside.is_hidden()
    summary.focus()
    page.keyboard.press("Enter")
    inside.wait_for()
    page.wait_for_function("() => location.hash === '#derivation=12'")
    derivation = walk_of("C").derivations[11]
    rules = [each.rule for each in derivation.steps]
    assert step.locator(".rule").all_inner_texts() == rules
    assert step.locator(".marked").count() == 6
    # It rests on another one, which says so; there and back.
    inside.get_by_role("link", name="It is derived at step 10").click()
    assert opened.step == 10
    assert page.evaluate("location.hash") == "#derivation=10"
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    box = summary.bounding_box()
    assert 0 <= box["y"] < 100
    page.go_back()
    page.wait_for_function("() => document.querySelector('.place').textContent === '12 / 14'")
    page.go_forward()
    page.wait_for_function("() => document.querySelector('.place').textContent === '10 / 14'")
    inside.get_by_role("link", name="∂L/∂θ").click()
    assert opened.step == 12
    page.keyboard.press("Enter")
    inside.wait_for(state="hidden")
    page.wait_for_function("() => location.hash === '#step=12'")
    # Who is asked what ∂L/∂z is, is not told where it comes from.
    page.get_by_role("button", name="Quiz").click()
    page.evaluate("location.hash = '#derivation=10'")
    page.locator(".step.current td.open input").first.wait_for()
    assert opened.step == 10
    assert inside.is_hidden()
    assert summary.is_hidden()
    assert "derivation" not in page.locator("body").aria_snapshot()
    solve(page, walk_of("C").steps[9])
    assert inside.is_visible()
    # On paper is what was opened.
    page.emulate_media(media="print")
    assert page.locator("details").evaluate_all("all => all.map(d => d.checkVisibility())") == [
        True,
        False,
    ]


def test_the_language_changes_on_the_page(visit, walk_of):
    opened = visit("B", 9)
    page = opened.page
    vietnamese = words("vi")
    page.get_by_role("button", name="Tiếng Việt").click()
    assert page.evaluate("document.documentElement.lang") == "vi"
    assert page.title() == page.locator("h1").inner_text() == "L, từng bước một"
    assert page.get_by_role("button", name=vietnamese["page"]["next"]).is_visible()
    step = page.locator(".step.current")
    assert "Tính đạo hàm" in step.locator("h2").inner_text()
    assert step.locator(".sentence").inner_text() == walk_of("B").steps[8].sentences["vi"]
    assert walk_of("B").steps[8].sentences["vi"] in page.locator("#live").inner_text()
    page.get_by_role("button", name=vietnamese["quiz"]["quiz"]).click()
    page.locator(".step.current td.open input").first.fill("7")
    page.keyboard.press("Enter")
    assert step.locator(".feedback").inner_text() == (
        vietnamese["quiz"]["wrong"] + " " + walk_of("B").steps[8].rules["vi"]
    )
    body = page.locator("body").inner_text()
    for group in ("page", "quiz"):
        for key, word in words("en")[group].items():
            if isinstance(word, str) and len(word) > 6 and word != vietnamese[group][key]:
                assert word not in body
    page.get_by_role("button", name="English").click()
    assert page.locator("h1").inner_text() == "L, step by step"


def test_print_shows_all_steps_in_light_colours(visit, walk_of):
    opened = visit("A", 3, color_scheme="dark")
    page = opened.page
    page.get_by_role("button", name="Quiz").click()
    page.emulate_media(media="print", color_scheme="dark")
    assert page.locator(".step:visible").count() == len(walk_of("A").steps)
    assert page.locator(".controls, .quiz, #quiz").filter(visible=True).count() == 0
    assert len(page.evaluate(SEEN)) == len(page.locator("#graph .value, #graph .gradient").all())
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(26, 34, 48)"
    opacity = "[...document.querySelectorAll('#graph .node')].map(n => getComputedStyle(n).opacity)"
    assert set(page.evaluate(opacity)) == {"1"}
    assert page.pdf()[:4] == b"%PDF"


def test_without_scripts_there_are_all_steps(visit, walk_of):
    opened = visit("A", 1, java_script_enabled=False)
    page = opened.page
    assert page.locator(".step:visible").count() == len(walk_of("A").steps)
    assert page.locator("button:visible, input:visible").count() == 0
    assert page.locator("noscript").inner_text()
    # Derivations open by themselves.
    page.get_by_text("Why ∂L/∂z = ŷ − y?").click()
    page.get_by_role("link", name="∂L/∂θ").click()
    assert page.get_by_text("the transpose of a product").is_visible()
    assert page.locator("h1").inner_text() == "L, step by step"


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_motion_is_for_those_who_want_it(visit, motion):
    opened = visit("C", 1, reduced_motion=motion, viewport={"width": 390, "height": 844})
    duration = "getComputedStyle(document.querySelector('#graph .node')).transitionDuration"
    moves = opened.page.evaluate(duration) != "0s"
    assert moves == (motion == "no-preference")
    # The current node is brought into view, at once or smoothly.
    opened.page.keyboard.press("End")
    opened.page.wait_for_function(
        "() => { const b = document.querySelector('.node.here').getBoundingClientRect();"
        " return b.left >= 0 && b.right <= innerWidth; }"
    )
    assert opened.page.evaluate(
        "document.getAnimations().every(a => a.effect.getTiming().iterations === 1)"
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1024, 1920])
def test_nothing_is_cut_and_nothing_overlaps(visit, tmp_path, width, scheme):
    opened = visit("C", color_scheme=scheme, viewport={"width": width, "height": 900})
    page = opened.page
    for language in ("en", "vi"):
        page.locator(f"[data-language={language}]").click()
        # Derivations are closed, and then open.
        page.evaluate(
            "open => document.querySelectorAll('details').forEach(d => { d.open = open; })",
            language == "vi",
        )
        for step in KINDS:
            page.evaluate("step => { location.hash = '#step=' + step; }", step)
            page.wait_for_function(
                "step => document.querySelector('.place').textContent.startsWith(step + ' /')",
                arg=step,
            )
            assert page.evaluate(CUT) == []
    page.locator("#quiz").click()
    page.keyboard.press("Escape")
    page.evaluate("location.hash = '#step=10'")
    page.locator("td.open input").first.wait_for()
    assert page.evaluate(CUT) == []
    picture = page.screenshot(path=tmp_path / f"{width}-{scheme}.png", full_page=True)
    assert picture[:4] == b"\x89PNG"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(visit, scheme):
    opened = visit("C", color_scheme=scheme, bypass_csp=True)
    page = opened.page
    page.evaluate("location.hash = '#derivation=10'")
    page.locator("details[open]").wait_for()
    page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))

    def violations():
        found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
        return [(v["id"], [node["html"][:90] for node in v["nodes"]][:3]) for v in found]

    for step in (1, 5, 8, 10, 13, 14):
        page.evaluate("step => { location.hash = '#step=' + step; }", step)
        page.wait_for_function(
            "step => document.querySelector('.place').textContent.startsWith(step + ' /')", arg=step
        )
        targets = page.locator(".step.current table[data-origin] td[data-i]")
        if targets.count():
            targets.first.focus()
        assert violations() == []
    page.get_by_role("button", name="Quiz").click()
    page.locator("[data-language=vi]").click()
    page.evaluate("location.hash = '#step=9'")
    field = page.locator(".step.current td.open input").first
    field.fill("7")
    field.press("Enter")
    assert violations() == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert violations() == []


def test_fields_are_as_wide_as_the_numbers_that_go_in(visit, walk_of):
    opened = visit("C", 9)
    opened.page.get_by_role("button", name="Quiz").click()
    field = opened.page.locator(".step.current td.open input").first
    field.fill(entries(np.array([-1.6849]))[0])
    assert field.evaluate("e => e.scrollWidth <= e.clientWidth")
