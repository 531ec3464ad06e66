// A walk, one step at a time. Without this script its page shows all steps, one below the other.
"use strict";
(() => {
  const root = document.documentElement;
  const find = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => Array.from(within.querySelectorAll(selector));
  const steps = all(".step");
  const slider = find("#slider");
  const live = find("#live");
  const graph = find("#graph");
  const svg = graph && find("svg", graph);
  const prefix = graph ? graph.dataset.prefix + "_" : "";
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const list = (text) => text.split(" ").filter(Boolean);
  // By step: what has been lit before or with it, and what is known before and after it.
  const lit = steps.map((step) => list(step.dataset.lit));
  const known = steps.map((step) => new Set(list(step.dataset.known)));
  const passed = lit.map((_, i) => new Set(lit.slice(0, i + 1).flat()));
  const solved = steps.map((step) => !find(".quiz", step));
  let current = 0;
  let quiz = false;

  // Words: in every language they stand on the page, and the style shows those of its own.
  const words = (element) => {
    const copy = element.cloneNode(true);
    all(".w", copy).forEach((word) => word.lang === root.lang || word.remove());
    return copy.textContent.replaceAll(/\s+/g, " ").trim();
  };
  const sentence = (step) => {
    const asks = quiz && !solved[steps.indexOf(step)];
    const told = find(".sentence", step);
    const said = asks && told.classList.contains("secret") ? "" : words(told);
    const task = asks ? words(find(".task", step)) : "";
    return [words(find(".count", step)) + ":", said, task].filter(Boolean).join(" ");
  };

  // The graph: what is lit, what is known, and what is still to come.
  const parts = svg ? all(".node, .edge", svg).filter((part) => part.id.startsWith(prefix)) : [];
  const bare = (part) => part.id.slice(prefix.length);
  const paint = () => {
    const hidden = quiz && !solved[current];
    const now = hidden ? known[current - 1] || new Set() : known[current];
    for (const part of parts) {
      const id = bare(part);
      const data = part.classList.contains("data");
      part.classList.toggle("lit", lit[current].includes(id));
      part.classList.toggle("here", id === steps[current].dataset.node);
      part.classList.toggle("future", data ? !known[current].has(id) : !passed[current].has(id));
      part.classList.toggle("no-value", data && !now.has(id));
      const grows = data && stepOf(id, true) >= 0;
      part.classList.toggle("no-gradient", grows && !now.has(id + ":grad"));
    }
  };
  const intoView = () => {
    const here = parts.find((part) => part.classList.contains("here"));
    if (!here || graph.scrollWidth <= graph.clientWidth) return;
    const box = here.getBoundingClientRect();
    const frame = graph.getBoundingClientRect();
    const left = graph.scrollLeft + box.left + box.width / 2 - frame.left - frame.width / 2;
    graph.scrollTo({ left, behavior: calm.matches ? "auto" : "smooth" });
  };

  // What scrolls can be reached by keyboard, and only what scrolls.
  const reach = () => {
    for (const box of all(".scroll")) {
      if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  };

  const announce = () => {
    const text = sentence(steps[current]);
    slider.setAttribute("aria-valuetext", text);
    live.textContent = text;
  };
  const write = (how, room) => {
    try {
      history[how](null, "", `#${room}=${current + 1}`);
    } catch {
      // A sandboxed frame has no address to write to.
    }
  };
  const show = (index, remember = true) => {
    current = Math.min(Math.max(index, 0), steps.length - 1);
    steps.forEach((step, i) => step.classList.toggle("current", i === current));
    const phase = steps[current].dataset.phase;
    for (const item of all(".phases li")) {
      const here = item.dataset.phase === phase;
      if (here) item.firstElementChild.setAttribute("aria-current", "step");
      else item.firstElementChild.removeAttribute("aria-current");
    }
    slider.value = current + 1;
    find(".place").textContent = current + 1 + " / " + steps.length;
    for (const button of all("[data-go]")) {
      const back = ["first", "previous"].includes(button.dataset.go);
      button.setAttribute("aria-disabled", String(current === (back ? 0 : steps.length - 1)));
    }
    ask();
    paint();
    intoView();
    reach();
    announce();
    if (remember) write("replaceState", "step");
  };
  const go = {
    first: () => show(0),
    previous: () => show(current - 1),
    next: () => show(current + 1),
    last: () => show(steps.length - 1),
  };
  // An address names a step, or the derivation that is opened in it.
  const visit = (address) => {
    const match = /^#(step|derivation)=(\d+)$/.exec(address);
    show(match ? Number(match[2]) - 1 : 0, false);
    const why = match?.[1] === "derivation" && find("details", steps[current]);
    if (!why) return;
    why.open = true;
    reach();
    find("summary", why).focus();
    why.scrollIntoView();
  };

  // Entries: pointing at one lights those that it was made of.
  const quench = (step) =>
    all(".made, .source", step).forEach((cell) => cell.classList.remove("made", "source"));
  const light = (cell) => {
    const table = cell.closest("table");
    const step = cell.closest(".step");
    quench(step);
    if (!table.dataset.origin) return;
    const [sources, entries] = JSON.parse(table.dataset.origin);
    const made = entries[cell.dataset.i];
    if (!made) return;
    cell.classList.add("made");
    sources.forEach((source, k) => {
      const from = find(`table[data-array="${source}"]`, step);
      for (const i of made[k]) find(`td[data-i="${i}"]`, from).classList.add("source");
    });
  };
  const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  const prepare = (table) => {
    const rows = all("tbody tr", table).map((row) => all("td[data-i]", row));
    const cells = rows.flat();
    const step = table.closest(".step");
    table.setAttribute("role", "grid");
    cells.forEach((cell, i) => {
      cell.tabIndex = i ? -1 : 0;
      cell.addEventListener("pointerenter", () => light(cell));
      cell.addEventListener("focusin", () => light(cell));
    });
    table.addEventListener("pointerleave", () => quench(step));
    table.addEventListener("focusout", () => quench(step));
    table.addEventListener("keydown", (event) => {
      const move = moves[event.key];
      const cell = event.target;
      if (!move || cell.tagName !== "TD") return;
      event.preventDefault();
      event.stopPropagation();
      const at = rows.findIndex((row) => row.includes(cell));
      const next = rows[at + move[0]]?.[rows[at].indexOf(cell) + move[1]];
      if (!next) return;
      cell.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    });
  };

  // The quiz: fields in place of the numbers that a step asks for.
  const parse = (text) => {
    const plain = text.trim().replaceAll(/[−–‐]/g, "-").replace(",", ".").replaceAll(/\s/g, "");
    if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain)) return Number(plain);
    const infinite = /^([+-]?)(?:inf|∞)$/i.exec(plain);
    if (infinite) return infinite[1] === "-" ? -Infinity : Infinity;
    return /^nan$/i.test(plain) ? NaN : null;
  };
  const isRight = (given, cell) => {
    const answer = Number(cell.dataset.answer.replace("inf", "Infinity"));
    const unit = Number(cell.dataset.unit);
    return Object.is(given, answer) || given === answer || Math.abs(given - answer) < unit;
  };
  const score = { right: 0, asked: 0 };
  const tell = (step, ...keys) => {
    const text = keys.map((key) => words(find(`[data-say="${key}"]`, step))).join(" ");
    find(".feedback", step).textContent = text;
  };
  const count = () => {
    find("#score").hidden = !quiz;
    find("#score b").textContent = score.right + " / " + score.asked;
  };
  // An entry is settled once it is right, or shown; the score knows how it came to be.
  const settle = (cell, how) => {
    if (!cell.dataset.how) {
      score.asked += 1;
      score.right += how === "right" ? 1 : 0;
      cell.dataset.how = how;
    }
    if (how !== "wrong") cell.classList.remove("open");
    cell.classList.toggle("was-right", how === "right" && cell.dataset.how === "right");
    if (how !== "wrong") find("input", cell)?.remove();
  };
  const finish = (step) => {
    solved[steps.indexOf(step)] = true;
    ask();
    paint();
    reach();
    announce();
  };
  const field = (cell) => {
    if (find("input", cell)) return;
    const head = cell.closest("table").tHead;
    const input = document.createElement("input");
    input.type = "text";
    input.autocomplete = "off";
    input.spellcheck = false;
    input.dataset.row = find("th", cell.parentElement)?.textContent ?? "";
    input.dataset.column = head ? head.rows[0].cells[cell.cellIndex].textContent : "";
    cell.classList.add("open");
    cell.append(input);
  };
  const check = (step) => {
    const fields = all("td.open input", step);
    const filled = fields.filter((input) => input.value.trim());
    if (!filled.length) {
      tell(step, "nothing");
      fields[0].focus();
      return;
    }
    let wrong = null;
    for (const input of filled) {
      const given = parse(input.value);
      const right = given !== null && isRight(given, input.parentElement);
      input.setAttribute("aria-invalid", String(!right));
      if (given === null) {
        tell(step, "unread");
        find(".feedback", step).textContent += " " + input.value;
        input.focus();
        return;
      }
      if (!right) wrong ??= input;
    }
    for (const input of filled) {
      const right = input.getAttribute("aria-invalid") === "false";
      settle(input.parentElement, right ? "right" : "wrong");
    }
    count();
    const open = find("td.open input", step);
    if (wrong) {
      tell(step, "wrong", "rule");
      wrong.focus();
    } else if (open) {
      tell(step, "some");
      open.focus();
    } else {
      tell(step, "right");
      finish(step);
      find('[data-go="next"]').focus();
    }
  };
  const giveUp = (step) => {
    all("td.open", step).forEach((cell) => settle(cell, "shown"));
    count();
    tell(step, "shown", "rule");
    finish(step);
    find('[data-go="next"]').focus();
  };
  const ask = () => {
    steps.forEach((step, i) => {
      const asks = quiz && i === current && !solved[i];
      step.classList.toggle("asking", asks);
      const form = find(".quiz", step);
      if (!form) return;
      form.hidden = !(quiz && i === current);
      if (i !== current) find(".feedback", form).textContent = "";
      find(".task", form).hidden = find(".buttons", form).hidden = solved[i];
      for (const cell of all("table[data-asked] td[data-i]", step)) {
        if (asks && cell.dataset.how !== "right" && cell.dataset.how !== "shown") field(cell);
        else if (!asks) {
          cell.classList.remove("open");
          find("input", cell)?.remove();
        }
      }
    });
    label();
  };
  // A word that is no text of its own: it stands on the root element, in every language.
  const word = (key) => root.getAttribute(`data-${key}-${root.lang}`);
  const label = () => {
    for (const input of all(".open input")) {
      const where = ["row", "column"]
        .filter((key) => input.dataset[key])
        .map((key) => word(key) + " " + input.dataset[key]);
      const caption = words(find("caption", input.closest("table")));
      input.setAttribute("aria-label", [caption, ...where].join(", "));
    }
  };

  const speak = (language) => {
    root.lang = language;
    document.title = word("title");
    for (const button of all(".language")) {
      button.setAttribute("aria-pressed", String(button.dataset.language === language));
    }
    for (const element of all(`[data-label-${language}]`)) {
      element.setAttribute("aria-label", element.getAttribute("data-label-" + language));
    }
    all(".feedback").forEach((feedback) => (feedback.textContent = ""));
    name();
    label();
    announce();
    reach();
  };

  // Nodes of the graph are buttons that go to the step that computes them.
  const stepOf = (id, gradient) => {
    const of = (step) =>
      id.endsWith("_op")
        ? step.dataset.op === id
        : step.dataset.node === id &&
          (gradient ? ["seed", "backward"] : ["leaf", "forward"]).includes(step.dataset.kind);
    return gradient ? steps.findLastIndex(of) : steps.findIndex(of);
  };
  const nodes = parts.filter((part) => part.classList.contains("node") && stepOf(bare(part)) >= 0);
  const name = () => {
    for (const part of nodes) {
      // The picture's own words are English; of them only the name is said in other languages.
      const said = find("title", part).textContent;
      const english = document.documentElement.lang === "en";
      const title = english ? said : said.slice(0, said.indexOf(": ")) || said;
      part.setAttribute("lang", document.documentElement.lang);
      part.setAttribute("aria-label", `${title}; ${word("jump")} ${stepOf(bare(part)) + 1}`);
    }
  };
  if (svg) {
    // Without its legend, which stands below it, the picture needs less room.
    const drawn = find("g.graph", svg);
    const box = drawn.getBBox();
    const moved = /translate\(([-\d.]+)[ ,]+([-\d.]+)\)/.exec(drawn.getAttribute("transform"));
    if (moved && box.width) {
      const margin = 9;
      const [left, top] = [box.x + Number(moved[1]) - margin, box.y + Number(moved[2]) - margin];
      const [width, height] = [box.width + 2 * margin, box.height + 2 * margin];
      svg.setAttribute("viewBox", [left, top, width, height].join(" "));
      svg.setAttribute("width", width + "pt");
      svg.setAttribute("height", height + "pt");
      svg.style.setProperty("--natural", width + "pt");
    }
    svg.setAttribute("role", "group");
    for (const part of parts.filter((other) => !nodes.includes(other))) {
      part.setAttribute("aria-hidden", "true");
    }
    for (const part of nodes) {
      part.setAttribute("role", "button");
      part.setAttribute("tabindex", "0");
      part.addEventListener("click", (event) => {
        const gradient = event.target.closest(".gradient") ? stepOf(bare(part), true) : -1;
        show(gradient >= 0 ? gradient : stepOf(bare(part)));
      });
      part.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        show(stepOf(bare(part)));
      });
    }
  }

  for (const button of all("[data-go]")) {
    button.addEventListener("click", () => go[button.dataset.go]());
  }
  slider.addEventListener("input", () => show(Number(slider.value) - 1));
  for (const link of all(".phases a")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      show(Number(link.getAttribute("href").slice("#step=".length)) - 1);
    });
  }
  for (const button of all(".language")) {
    button.addEventListener("click", () => speak(button.dataset.language));
  }
  find("#quiz").addEventListener("click", () => {
    quiz = !quiz;
    find("#quiz").setAttribute("aria-pressed", String(quiz));
    root.classList.toggle("quiz-on", quiz);
    count();
    show(current);
    find("td.open input")?.focus();
  });
  for (const form of all(".quiz")) {
    const step = form.closest(".step");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      check(step);
    });
    find(".give-up", form).addEventListener("click", () => giveUp(step));
    step.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches("td input")) check(step);
    });
  }
  const keys = { ArrowLeft: "previous", ArrowRight: "next", Home: "first", End: "last" };
  document.addEventListener("keydown", (event) => {
    const key = keys[event.key];
    const busy = event.target.matches?.("input, .scroll[tabindex]");
    if (!key || busy || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go[key]();
  });
  for (const why of all("details")) {
    why.addEventListener("toggle", () => {
      reach();
      if (why.closest(".current")) write("replaceState", why.open ? "derivation" : "step");
    });
    for (const link of all("a", why)) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        visit(link.getAttribute("href"));
        write("pushState", "derivation");
      });
    }
  }
  addEventListener("hashchange", () => visit(location.hash));
  addEventListener("resize", reach);

  all("table[data-origin]").forEach(prepare);
  // The address names a step or a derivation, and not a place to scroll to.
  [...steps, ...all("details > .inside")].forEach((named) => named.removeAttribute("id"));
  root.classList.add("scripted");
  name();
  scrollTo(0, 0);
  visit(location.hash);
})();
