// Comfort for the book's pages: nothing to read is in here. Plain, without a library, and it runs from the disk.
(() => {
  "use strict";

  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];

  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };

  // A browser may refuse to remember, and then nothing is lost but that.
  const remember = (key, value) => { try { localStorage.setItem(key, value); } catch { /* not remembered */ } };
  const remembered = key => { try { return localStorage.getItem(key); } catch { return null; } };

  // ---- Theme ---------------------------------------------------------------------------------------------------

  const themes = ["automatic", "light", "dark"];
  const setTheme = theme => {
    if (theme === "automatic") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  };
  let theme = themes.includes(remembered("theme")) ? remembered("theme") : "automatic";
  setTheme(theme);

  const addTools = () => {
    const tools = document.querySelector(".tools");
    if (!tools) return;
    const search = make("button", { class: "tool", type: "button", "aria-keyshortcuts": "/" }, "Search");
    search.addEventListener("click", openSearch);
    const change = make("button", { class: "tool", type: "button" }, "◐");
    const name = () => {
      change.setAttribute("aria-label", `Theme: ${theme}`);
      change.title = `Theme: ${theme}`;
    };
    change.addEventListener("click", () => {
      theme = themes[(themes.indexOf(theme) + 1) % themes.length];
      setTheme(theme);
      remember("theme", theme);
      name();
    });
    name();
    tools.append(search, change);
  };

  // ---- The bubble: what an entry or a checked number has to say ------------------------------------------------

  const bubble = make("div", { class: "bubble", id: "bubble", role: "status", hidden: "" });
  let owner = null;    // what the bubble belongs to
  let held = false;    // by the keyboard or a touch: moving the pointer away does not close it

  const place = anchor => {
    const box = anchor.getBoundingClientRect();
    const width = bubble.offsetWidth, height = bubble.offsetHeight, room = document.documentElement.clientWidth;
    const below = box.bottom + 8, above = box.top - 8 - height;
    const top = below + height > innerHeight && above >= 0 ? above : below;
    bubble.style.left = `${Math.max(8, Math.min(box.left, room - width - 12)) + scrollX}px`;
    bubble.style.top = `${top + scrollY}px`;
  };

  const close = () => {
    owner?.removeAttribute("aria-describedby");
    owner = null;
    held = false;
    bubble.hidden = true;
    for (const name of ["here", "first", "second"]) all(`.${name}`).forEach(lit => lit.classList.remove(name));
  };

  const open = (element, anchor, fill, hold) => {
    if (owner === element && !bubble.hidden) { held ||= hold; return; }
    close();
    owner = element;
    held = hold;
    fill();
    bubble.hidden = false;
    place(anchor);
    element.setAttribute("aria-describedby", "bubble");
  };

  // ---- Derivations ---------------------------------------------------------------------------------------------

  const stepOf = cell => cell.closest("[data-step]");
  const positionOf = cell => [cell.parentElement.rowIndex, cell.cellIndex];
  const cellAt = (matrix, row, col) => matrix.rows[row]?.cells[col];

  // The row of the table of entries that belongs to an entry.
  const entryRow = (step, matrix, row, col) => {
    const table = step.querySelector(".entries table");
    return table?.tBodies[0].rows[row * matrix.rows[0].cells.length + col];
  };

  // A double that is the decimal, digit for digit, is written once, in a cell over both columns.
  const columnsOf = line => [...line.cells].flatMap(cell => Array(cell.colSpan).fill(cell));

  // Its arithmetic, decimal and double, as far as the page has them: whole numbers are the same in each form.
  const entryOf = (step, matrix, row, col) => {
    const line = entryRow(step, matrix, row, col);
    const cells = line ? columnsOf(line) : [];
    const whole = cellAt(matrix, row, col).dataset.exact ?? cellAt(matrix, row, col).textContent;
    const [decimal, double] = cells.length > 2 ? cells.slice(-2).map(cell => cell.textContent) : [whole, whole];
    return { line, decimal, double, sum: cells.length === 4 || cells.length === 2 ? cells[1].innerHTML : "" };
  };

  // An operand: its matrix on this page, and whether it is read with rows and columns exchanged.
  const operandsOf = step => {
    const example = step.dataset.step.replace(/\.[^.]*$/, "");
    return (step.dataset.of ?? "").split(" ").filter(Boolean).map(text => {
      const name = text.replace(/'$/, "");
      const matrix = document.querySelector(`[data-step="${CSS.escape(`${example}.${name}`)}"] .mx`);
      const turned = text.endsWith("'");
      const size = matrix ? [matrix.rows.length, matrix.rows[0].cells.length] : [0, 0];
      return { name, text, turned, matrix, rows: size[turned ? 1 : 0], cols: size[turned ? 0 : 1], value: Number(text) };
    });
  };

  const range = count => [...Array(count).keys()];

  // For each operand the entries, [row, column], that entry (i, j) of the step was made from.
  const sources = (step, operands, i, j) => {
    const [a, b] = operands;
    const opposite = o => [[o.rows === 1 ? 0 : i, o.cols === 1 ? 0 : j]];
    switch (step.dataset.op) {
      case "product": return [range(a.cols).map(k => [i, k]), range(b.rows).map(k => [k, j])];
      case "row maxima":
      case "row sums": return [range(a.cols).map(k => [i, k])];
      case "transpose": return [[[j, i]]];
      case "diagonal": return [i === j ? [[i, 0]] : []];
      case "power": return [[[0, 0]], [[i, j]]];
      case "head": {
        const width = step.querySelector(".mx").rows[0].cells.length;
        return [[[i, (operands[1].value - 1) * width + j]]];
      }
      case "concatenation": {
        let left = j;
        return operands.map(o => {
          const inside = left >= 0 && left < o.cols ? [[i, left]] : [];
          left -= o.cols;
          return inside;
        });
      }
      case "computed": return [];
      default: return [[[i, j]], b ? opposite(b) : []];
    }
  };

  const inWindow = element => {
    const box = element.getBoundingClientRect();
    return box.height > 0 && box.top >= 0 && box.bottom <= innerHeight;
  };

  const copyOf = operand => {
    const copy = operand.matrix.cloneNode(true);
    for (const element of [copy, ...all("*", copy)])
      for (const name of ["role", "tabindex", "aria-describedby", "id"]) element.removeAttribute(name);
    const name = make("span", {}, operand.name + " ");
    return make("span", {}, name, copy);
  };

  const light = (step, i, j) => {
    const operands = operandsOf(step);
    const names = ["first", "second"];
    sources(step, operands, i, j).forEach((entries, k) => {
      const { matrix, turned } = operands[k] ?? {};
      if (!matrix) return;
      for (const [row, col] of entries)
        (turned ? cellAt(matrix, col, row) : cellAt(matrix, row, col))?.classList.add(names[Math.min(k, 1)]);
    });
    return operands.filter((o, k) => o.matrix && operands.findIndex(p => p.matrix === o.matrix) === k);
  };

  // As the page writes a rounded number: six places, or three digits where six places would leave less than two.
  const six = text => {
    const number = Number(text.replace("−", "-"));
    if (!/[.e]/.test(text) || !Number.isFinite(number)) return text;
    const places = text.includes("e") ? Infinity : text.split(".")[1].length;
    if (places <= 6) return text;
    const [digits, power] = number.toExponential(2).split("e");
    const short = Math.abs(number) >= 1e-5 ? number.toFixed(6) : power >= -7 ? number.toFixed(2 - power) : `${digits} · 10<sup>${power}</sup>`;
    return short.replaceAll("-", "−");
  };

  const showEntry = (cell, hold) => {
    const step = stepOf(cell), matrix = cell.closest(".mx");
    const [i, j] = positionOf(cell);
    open(cell, matrix, () => {
      const { line, decimal, double, sum } = entryOf(step, matrix, i, j);
      cell.classList.add("here");
      line?.classList.add("here");
      const operands = light(step, i, j);
      const name = step.dataset.step.replace(/^.*\./, "");
      const first = make("p", { class: "sum" });
      first.innerHTML = sum || cell.dataset.exact || cell.innerHTML;
      first.prepend(`${name}[${i},${j}] = `);
      if (/≈\s*$/.test(sum)) first.insertAdjacentHTML("beforeend", ` ${six(decimal)}`);
      bubble.replaceChildren(first);
      if (line && columnsOf(line).length > 2) {
        bubble.append(make("p", { class: "quiet" }, `decimal ${decimal}`), make("p", { class: "quiet" }, `double ${double}`));
      }
      const far = operands.filter(o => !inWindow(o.matrix) && o.rows * o.cols <= 48);
      if (far.length) bubble.append(make("div", { class: "operands", "aria-hidden": "true" }, ...far.map(copyOf)));
    }, hold);
  };

  // One stop of the tabulator for each matrix; the arrows move inside.
  const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  const onGridKey = event => {
    const cell = event.target.closest?.(".mx td[tabindex]");
    const move = moves[event.key];
    if (!cell || !move || event.altKey || event.ctrlKey || event.metaKey) return false;
    const [i, j] = positionOf(cell);
    const next = cellAt(cell.closest(".mx"), i + move[0], j + move[1]);
    event.preventDefault();
    if (next) {
      cell.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    }
    return true;
  };

  const views = ["exact", "decimal", "double"];
  let view = views.includes(remembered("view")) ? remembered("view") : "exact";

  const rounded = text => text.replace(/[−.]|e.*$/g, "").replace(/^0+/, "").length >= 20;

  const signOf = step => all(".eq > math mo", step).at(-1);

  // Where the closed forms are too long for a page, it has decimals in their place.
  const isRounded = step => (signOf(step)?.dataset.exact ?? signOf(step)?.textContent) === "≈";

  const showView = step => {
    const matrix = step.querySelector(".mx");
    const sign = signOf(step);
    const shown = view === "exact" && isRounded(step) ? "decimal" : view;
    let about = false;
    for (const cell of all("td", matrix)) {
      cell.dataset.exact ??= cell.innerHTML;
      const { decimal, double } = entryOf(step, matrix, ...positionOf(cell));
      about ||= rounded(decimal) || (shown === "decimal" && six(decimal) !== decimal);
      if (shown === "exact") cell.innerHTML = cell.dataset.exact;
      else cell.innerHTML = shown === "decimal" ? six(decimal) : double;
    }
    if (sign && "=≈".includes(sign.textContent)) {
      sign.dataset.exact ??= sign.textContent;
      sign.textContent = shown === "exact" ? sign.dataset.exact : about ? "≈" : "=";
    }
    for (const button of all(".views button", step)) button.setAttribute("aria-pressed", String(button.textContent === shown));
  };

  const hasViews = step => {
    const line = step.querySelector(".mx") && step.querySelector(".entries table")?.tBodies[0].rows[0];
    return line && columnsOf(line).length > 2;
  };

  const setView = (name, button) => {
    const before = button.getBoundingClientRect().top;
    view = name;
    remember("view", view);
    close();
    all("[data-step]").filter(hasViews).forEach(showView);
    scrollBy({ top: button.getBoundingClientRect().top - before, behavior: "instant" });  // the button stays under the pointer
  };

  const addDerivations = () => {
    for (const step of all("[data-step]")) {
      const matrix = step.querySelector(".mx");
      if (!matrix) continue;
      matrix.setAttribute("role", "grid");
      for (const [k, cell] of all("td", matrix).entries()) {
        cell.tabIndex = k === 0 ? 0 : -1;
        cell.setAttribute("role", "gridcell");
      }
      for (const row of matrix.rows) row.setAttribute("role", "row");
      const eq = matrix.closest(".eq");
      if (eq?.tabIndex === 0) eq.removeAttribute("tabindex");  // the keyboard reaches it through its entries
      if (!hasViews(step)) continue;
      const buttons = views.filter(name => name !== "exact" || !isRounded(step)).map(name => make("button", { type: "button" }, name));
      for (const button of buttons) button.addEventListener("click", () => setView(button.textContent, button));
      step.querySelector(".entries").before(make("div", { class: "views", role: "group", "aria-label": "Show entries as" }, ...buttons));
      showView(step);
    }
  };

  // ---- Checked numbers -----------------------------------------------------------------------------------------

  const addClaims = () => {
    for (const mark of all(".ck[title]")) {
      mark.dataset.claim = mark.title;
      mark.removeAttribute("title");
      if (!mark.href) mark.tabIndex = 0;
    }
  };

  const showClaim = (mark, hold) => open(mark, mark, () => {
    const claim = mark.dataset.claim;
    const checked = !mark.classList.contains("published") && !mark.classList.contains("measured");
    bubble.replaceChildren(make("p", {}, claim.replaceAll("-", "−").replace(/^/, checked ? "Checked: " : "")));
    if (mark.href) bubble.append(make("p", { class: "quiet" }, make("a", { href: mark.getAttribute("href") }, "its derivation")));
  }, hold);

  // ---- Pointer, touch and keyboard -----------------------------------------------------------------------------

  const touchable = target => target.closest?.(".ck[data-claim], [data-step] .mx td[tabindex]");
  const show = (element, hold) => (element.matches("td") ? showEntry : showClaim)(element, hold);

  const addPointing = () => {
    document.addEventListener("pointerover", event => {
      if (event.pointerType === "touch" || held) return;
      const element = touchable(event.target);
      if (element) show(element, false);
      else if (!bubble.hidden && !bubble.contains(event.target)) close();
    });
    document.addEventListener("focusin", event => {
      const element = touchable(event.target);
      if (element && event.target === element) { close(); show(element, true); }
      else if (held && !bubble.contains(event.target)) close();
    });
    document.addEventListener("click", event => {
      const element = touchable(event.target);
      if (!element) { if (!bubble.contains(event.target)) close(); return; }
      // A touch on a number asks what it claims; the bubble has the link.
      if (element.href && event.pointerType === "touch") event.preventDefault();
      if (!element.href || event.pointerType === "touch") { close(); show(element, true); }
      if (element.matches("td")) {
        all("td[tabindex='0']", element.closest(".mx")).forEach(cell => { cell.tabIndex = -1; });
        element.tabIndex = 0;
        element.focus({ preventScroll: true });
      }
    });
    addEventListener("resize", close);
  };

  const onKey = event => {
    if (onGridKey(event)) return;
    if (event.key === "Escape") { close(); return; }
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.target.closest?.("input, textarea, select, dialog, [tabindex]:not(a, button)")) return;
    if (event.key === "/") { event.preventDefault(); openSearch(); }
    if (event.key === "?") { event.preventDefault(); openHelp(); }
    const turn = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
    const link = turn && document.querySelector(`a[rel="${turn}"]`);
    if (link) { event.preventDefault(); location.href = link.href; }
  };

  // ---- Search, in an index that is a script: a page on the disk may not read files ------------------------------

  const openDialog = (title, ...content) => {
    const dialog = make("dialog", { "aria-label": title }, make("h2", {}, title), ...content);
    dialog.addEventListener("close", () => dialog.remove());
    dialog.addEventListener("click", event => { if (event.target === dialog) dialog.close(); });
    document.body.append(dialog);
    dialog.showModal();
    return dialog;
  };

  let index = null;
  const load = () => index ??= new Promise((resolve, reject) => {
    const script = make("script", { src: "search.js" });
    script.addEventListener("load", () => resolve(window.bookIndex));
    script.addEventListener("error", reject);
    document.head.append(script);
  });

  const plain = text => text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");

  // Every word must stand in a section or in its headings; a word's beginning counts more, and a heading most.
  const find = (sections, query) => {
    const words = plain(query).split(/\s+/).filter(Boolean);
    const weight = (text, word) => {
      const at = text.indexOf(word);
      return at < 0 ? 0 : at === 0 || !/\p{L}/u.test(text[at - 1]) ? 2 : 1;
    };
    const found = [];
    for (const section of sections) {
      section.plain ??= [plain(section.title), plain(section.chapter), plain(section.text)];
      const [title, chapter, text] = section.plain;
      const scores = words.map(word => 10 * weight(title, word) + 4 * weight(chapter, word) + weight(text, word));
      if (words.length && scores.every(Boolean)) found.push([scores.reduce((a, b) => a + b), section]);
    }
    return found.sort((a, b) => b[0] - a[0]).slice(0, 12).map(([, section]) => section);
  };

  // Some words before the place and after it, none of them cut.
  const excerpt = (text, query) => {
    const at = Math.max(0, plain(text).indexOf(plain(query).split(/\s+/)[0]) - 40);
    const from = at && text.indexOf(" ", at) + 1;
    const to = text.length > from + 120 ? text.lastIndexOf(" ", from + 120) : text.length;
    return (from ? "… " : "") + text.slice(from, to) + (to < text.length ? " …" : "");
  };

  function openSearch() {
    if (document.querySelector("dialog")) return;
    const input = make("input", { type: "text", "aria-label": "Search the book", placeholder: "A word, or several" });
    const results = make("ol", { "aria-live": "polite" });
    openDialog("Search", input, results);
    input.focus();
    input.addEventListener("input", async () => {
      let sections = [];
      try { sections = await load(); } catch { results.replaceChildren(make("li", {}, "The index, search.js, is not beside this page.")); return; }
      const found = find(sections, input.value);
      const items = found.map(section => make("li", {}, make("a", { href: section.url },
        section.title, make("span", { class: "where" }, section.title === section.chapter ? "" : ` · ${section.chapter}`),
        make("br"), make("span", { class: "where" }, excerpt(section.text, input.value)))));
      if (!items.length && input.value.trim()) items.push(make("li", {}, "Nothing found."));
      results.replaceChildren(...items);
    });
    input.addEventListener("keydown", event => {
      if (event.key === "Enter") results.querySelector("a")?.click();
    });
    input.parentElement.addEventListener("keydown", event => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const stops = [input, ...results.querySelectorAll("a")];
      const next = step && stops[stops.indexOf(document.activeElement) + step];
      if (next) { event.preventDefault(); next.focus(); }
    });
    results.addEventListener("click", event => { if (event.target.closest("a")) document.querySelector("dialog").close(); });
  }

  function openHelp() {
    if (document.querySelector("dialog")) return;
    const keys = [["←  →", "the chapter before, the next one"], ["/", "search"], ["?", "this list"], ["Tab", "to the next matrix or number"],
      ["arrows", "from entry to entry, inside a matrix"], ["Esc", "close"]];
    openDialog("Keys", make("dl", {}, ...keys.flatMap(([key, what]) => [make("dt", {}, make("kbd", {}, key)), make("dd", {}, what)])),
      make("p", {}, "Point at an entry of a matrix, or touch it: it shows its arithmetic, and the entries it was made from light up. Numbers with a dotted line are checked: they say what they claim."));
  }

  // ---- Copy ----------------------------------------------------------------------------------------------------

  const addCopying = () => {
    for (const listing of all(".listing")) {
      const button = make("button", { class: "copy", type: "button", "aria-label": "Copy" }, "Copy");
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(listing.querySelector("pre").textContent);
        button.textContent = "Copied";
        setTimeout(() => { button.textContent = "Copy"; }, 1500);
      });
      const frame = make("div", { class: "with-copy" });
      listing.before(frame);
      frame.append(listing, button);
    }
  };

  document.body.append(bubble);
  addTools();
  addDerivations();
  addClaims();
  addCopying();
  addPointing();
  document.addEventListener("keydown", onKey);
  document.documentElement.dataset.ready = "";
})();
