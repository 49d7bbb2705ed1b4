// Sorting, filtering, tips, enlarging, copying, and following a running sweep.
(() => {
  "use strict";
  const tip = document.getElementById("tip");
  const large = document.getElementById("large");
  const state = { sort: null, filter: "", open: [] };
  const find = (selector, root = document) => [...root.querySelectorAll(selector)];

  // The pictures' titles become tooltips that show at once, also on touch.
  function prepareTips(root) {
    for (const title of find("svg title", root)) {
      title.parentNode.setAttribute("data-tip", title.textContent);
      title.remove();
    }
  }
  function showTip(event) {
    const target = event.target.closest && event.target.closest("[data-tip]");
    tip.hidden = !target;
    if (!target) return;
    const home = target.closest("dialog") || document.body;
    if (tip.parentNode !== home) home.append(tip);
    tip.textContent = target.getAttribute("data-tip");
    const x = Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8);
    const below = event.clientY + 16 + tip.offsetHeight < innerHeight;
    tip.style.left = Math.max(8, x) + "px";
    tip.style.top = Math.max(8, below ? event.clientY + 16 : event.clientY - tip.offsetHeight - 10) + "px";
  }
  for (const kind of ["pointermove", "pointerdown"]) document.addEventListener(kind, showTip);
  document.addEventListener("scroll", () => { tip.hidden = true; }, true);

  // The table.
  function rowsOf(table) { return [...table.tBodies[0].rows]; }
  function applySort() {
    const table = document.getElementById("results");
    if (!table || !state.sort) return;
    const heads = [...table.tHead.rows[0].cells];
    const { column, descending } = state.sort;
    if (!heads[column]) return;
    const isNumber = heads[column].dataset.kind === "number";
    const key = (row) => row.cells[column].dataset.key;
    const rows = rowsOf(table).sort((a, b) => {
      const [x, y] = [key(a), key(b)];
      if (x === "" || y === "") return (x === "") - (y === "");
      const order = isNumber ? compareNumbers(Number(x), Number(y)) : x.localeCompare(y);
      return descending ? -order : order;
    });
    table.tBodies[0].append(...rows);
    heads.forEach((head, index) => {
      if (index === column) head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
  }
  function compareNumbers(x, y) {
    if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) - Number.isNaN(y);
    return x - y;
  }
  function applyFilter() {
    const table = document.getElementById("results");
    if (!table) return;
    const words = state.filter.toLowerCase().split(/\s+/).filter(Boolean);
    const rows = rowsOf(table);
    let shown = 0;
    for (const row of rows) {
      const text = [...row.cells].map((cell) => cell.textContent).join(" ").toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      if (!row.hidden) shown += 1;
    }
    document.getElementById("shown").textContent = shown + " of " + rows.length;
  }
  document.addEventListener("input", (event) => {
    if (event.target.id !== "filter") return;
    state.filter = event.target.value;
    applyFilter();
  });

  // Enlarging a figure, or one chart of many.
  function enlarge(svg, panel) {
    const copy = svg.cloneNode(true);
    if (panel) {
      const index = find(".panel", svg).indexOf(panel);
      copy.setAttribute("viewBox", panel.dataset.box);
      find(".panel", copy).forEach((other, place) => { if (place !== index) other.remove(); });
      for (const child of [...copy.children]) {
        if (!child.classList.contains("panel") && !child.classList.contains("ground")) child.remove();
      }
      for (const labels of find(".labels", copy)) labels.removeAttribute("display");
      const heading = document.createElement("h3");
      heading.textContent = panel.getAttribute("data-tip").split("\n").slice(0, 2).join(" — ");
      const note = document.createElement("p");
      note.textContent = "By epoch; solid: validation, dashed: training.";
      copy.classList.add("one");
      large.lastElementChild.replaceChildren(heading, note, copy);
    } else {
      large.lastElementChild.replaceChildren(copy);
    }
    copy.removeAttribute("width");
    copy.removeAttribute("height");
    large.showModal();
  }
  large.addEventListener("click", (event) => { if (event.target === large) large.close(); });

  async function copy(link) {
    const text = link.dataset.query;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    link.textContent = "Copied";
    setTimeout(() => { link.textContent = "Copy query"; }, 1500);
  }

  document.addEventListener("click", (event) => {
    const target = event.target;
    const link = target.closest("[data-query]");
    if (link) { event.preventDefault(); copy(link); return; }
    if (target.closest("[data-enlarge]")) {
      enlarge(target.closest("figure").querySelector("svg"), null);
      return;
    }
    const panel = target.closest(".picture .panel");
    if (panel) { enlarge(panel.closest("svg"), panel); return; }
    const head = target.closest("#results th");
    if (head) {
      const column = head.cellIndex;
      const again = state.sort && state.sort.column === column;
      state.sort = { column, descending: again ? !state.sort.descending : head.dataset.kind === "number" };
      applySort();
    }
  });

  // The reader's place, kept over a refresh.
  function collect() {
    state.open = find("details[open]").map((element) => element.id);
    state.scroll = [scrollX, scrollY];
    state.pictures = find(".picture, .scroll").map((element) => element.scrollLeft);
  }
  function restore() {
    prepareTips(document);
    for (const id of state.open) {
      const element = document.getElementById(id);
      if (element) element.open = true;
    }
    const filter = document.getElementById("filter");
    if (filter && filter.value !== state.filter) filter.value = state.filter;
    applySort();
    applyFilter();
    if (state.pictures) {
      find(".picture, .scroll").forEach((element, index) => { element.scrollLeft = state.pictures[index] || 0; });
    }
    if (state.scroll) scrollTo({ left: state.scroll[0], top: state.scroll[1], behavior: "instant" });
  }
  const storageKey = "sweep " + location.pathname;
  function save() {
    collect();
    try { sessionStorage.setItem(storageKey, JSON.stringify(state)); } catch { /* Without it the place is lost. */ }
  }
  function load() {
    try {
      Object.assign(state, JSON.parse(sessionStorage.getItem(storageKey) || "{}"));
      sessionStorage.removeItem(storageKey);
    } catch { /* As above. */ }
  }
  function isBusy() {
    const filter = document.getElementById("filter");
    return large.open || document.activeElement === filter || String(getSelection()) !== "";
  }

  const { reload, events } = document.body.dataset;
  if (reload) {
    load();
    const again = () => {
      if (isBusy() || document.hidden) { setTimeout(again, 1000); return; }
      save();
      location.reload();
    };
    setTimeout(again, 1000 * Number(reload));
  }
  async function replace() {
    const answer = await fetch(location.href, { cache: "no-store" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const hadFocus = document.activeElement && document.activeElement.id === "filter";
    collect();
    document.title = page.title;
    document.getElementById("page").replaceWith(document.adoptNode(page.getElementById("page")));
    restore();
    if (hadFocus) document.getElementById("filter").focus({ preventScroll: true });
  }
  if (events && window.EventSource) {
    const source = new EventSource(events);
    source.addEventListener("change", replace);
    // After a break something may have been missed.
    let isFirst = true;
    source.addEventListener("open", () => { if (!isFirst) replace(); isFirst = false; });
  }
  restore();
})();
