"use strict";
/* The lock-order graph: search, filters, the neighbourhood of one class as a picture, and the table of all classes. A picture has few
 * boxes at a time, however many classes there are. */

const MOST_BOXES = 36, MOST_OF_ONE = 5, ROWS_AT_ONCE = 50, MOST_NEIGHBOURS = 200;
const [NAME, KIND, MODULE, LOCKS, NESTED, WAITS, WAITED, LONGEST] = [0, 1, 2, 3, 4, 5, 6, 7];
const [HELD, WANTED, COUNT, FINDING, HELD_AT, WANTED_AT] = [0, 1, 2, 3, 4, 5];

const page = Object.fromEntries(["search", "module", "steps", "only-findings", "whole", "picture", "picture-caption", "neighbours",
  "lock-table", "table-note", "more"].map(id => [id, document.getElementById(id)]));
const edgesFrom = data.nodes.map(() => []), edgesTo = data.nodes.map(() => []);
for (const edge of data.edges) {
  edgesFrom[edge[HELD]].push(edge);
  edgesTo[edge[WANTED]].push(edge);
}
const view = {focus: null, rows: ROWS_AT_ONCE, sort: "findings", descending: true};

/* --- What is listed --- */

function matches(id) {
  const node = data.nodes[id];
  const query = page.search.value.trim().toLowerCase();
  return (!query || node[NAME].toLowerCase().includes(query)) && (!page.module.value || node[MODULE] === page.module.value) &&
    (!page["only-findings"].checked || findingsOf[id].length > 0);
}

const columns = [
  {key: "name", title: "Lock class", value: id => data.nodes[id][NAME]},
  {key: "kind", title: "Kind", value: id => data.nodes[id][KIND]},
  {key: "module", title: "Module", value: id => data.nodes[id][MODULE]},
  {key: "locks", title: "Locks", value: id => data.nodes[id][LOCKS]},
  {key: "nested", title: "Nested", value: id => data.nodes[id][NESTED]},
  {key: "under", title: "Nested under", value: id => edgesTo[id].length},
  {key: "over", title: "Held over", value: id => edgesFrom[id].length},
  {key: "waits", title: "Waits", value: id => data.nodes[id][WAITS]},
  {key: "waited", title: "Waited", value: id => data.nodes[id][WAITED], show: id => duration(data.nodes[id][WAITED])},
  {key: "longest", title: "Longest", value: id => data.nodes[id][LONGEST], show: id => duration(data.nodes[id][LONGEST])},
  {key: "findings", title: "Findings", value: id => findingsOf[id].length, show: id => findingLinks(id)},
];

function duration(nanoseconds) {
  if (nanoseconds === 0) return "";
  if (nanoseconds >= 1e9) return `${(nanoseconds / 1e9).toFixed(2)} s`;
  return nanoseconds >= 1e6 ? `${(nanoseconds / 1e6).toFixed(1)} ms` : `${Math.round(nanoseconds / 1e3)} µs`;
}

function findingLinks(id) {
  return element("span", {}, ...findingsOf[id].flatMap((number, i) => [i ? ", " : "", element("a", {href: `#finding-${number}`, click: () => {
    const block = document.getElementById(`finding-${number}`);
    if (block) { block.unfold(); block.open = true; }
  }}, String(number))]));
}

function compare(a, b) {
  const value = columns.find(column => column.key === view.sort).value, left = value(a), right = value(b);
  const order = typeof left === "string" ? left.localeCompare(right, "en", {numeric: true}) : left - right;
  return (view.descending ? -order : order) || data.nodes[b][NESTED] - data.nodes[a][NESTED] || a - b;
}

function listed() {
  return data.nodes.map((node, id) => id).filter(matches).sort(compare);
}

/* --- The table --- */

function sortBy(column) {
  view.descending = view.sort === column.key ? !view.descending : typeof column.value(0) === "number";
  view.sort = column.key;
  showTable(listed());
}

function isNumber(column) {
  return column.key !== "findings" && data.nodes.length > 0 && typeof column.value(0) === "number";
}

function headCell(column) {
  const isSorted = view.sort === column.key;
  return element("th", {scope: "col", class: isNumber(column) ? "number" : "", "aria-sort": isSorted ? (view.descending ? "descending" : "ascending") : "none"},
  element("button", {type: "button", click: () => sortBy(column)}, column.title));
}

function cell(column, id) {
  const value = column.value(id);
  if (column.key === "name")
    return element("td", {class: "name"}, element("button", {type: "button", class: "link", click: () => focusOn(id)}, value));
  if (column.show) return element("td", {class: isNumber(column) ? "number" : ""}, column.show(id));
  return element("td", {class: typeof value === "number" ? "number" : ""}, typeof value === "number" ? value.toLocaleString("en") : value);
}

function showTable(ids) {
  const shown = ids.slice(0, view.rows);
  page["lock-table"].tHead.rows[0].replaceChildren(...columns.map(headCell));
  page["lock-table"].tBodies[0].replaceChildren(...shown.map(id => element("tr", {class: findingsOf[id].length ? "bad" : ""},
    ...columns.map(column => cell(column, id)))));
  page["table-note"].textContent = ids.length === 0 ? "No class of locks is called so."
    : `${shown.length.toLocaleString("en")} of ${counted(ids.length, "class", "classes")} shown.`;
  page.more.hidden = shown.length === ids.length;
}

/* --- The picture --- */

/* The edges of a class, those of findings first, then those seen most often. */
function edgesAt(id) {
  return [...edgesFrom[id], ...edgesTo[id]].sort((a, b) => Boolean(b[FINDING]) - Boolean(a[FINDING]) || b[COUNT] - a[COUNT]);
}

/* The classes within so many steps of one, as far as there is room. Of what is further than one step away, no class may bring more
 * than a few, or those that are taken everywhere would fill the picture. */
function neighbourhood(start, steps) {
  const found = new Set([start]), cut = new Set();
  let border = [start];
  for (let step = 0; step < steps; step++) {
    const edges = border.flatMap(id => edgesAt(id).slice(0, step === 0 ? undefined : MOST_OF_ONE));
    border = [];
    for (const id of edges.flatMap(edge => [edge[HELD], edge[WANTED]])) {
      if (found.has(id)) continue;
      if (found.size >= MOST_BOXES) { cut.add(id); continue; }
      found.add(id);
      border.push(id);
    }
  }
  return {ids: [...found], cut: cut.size};
}

/* What is drawn while no class is chosen: all that is listed, if it fits, else what the findings have. */
function overview(ids) {
  if (ids.length <= MOST_BOXES) return {ids, caption: ids.length ? "" : "Nothing to draw."};
  const bad = ids.filter(id => findingsOf[id].length);
  const many = `${counted(ids.length, "class is", "classes are")} too many for one picture`;
  if (bad.length === 0) return {ids: [], caption: `${many}: choose one in the table, or search.`};
  const shown = bad.slice(0, MOST_BOXES);
  return {ids: shown, caption: `${many}: here are ${shown.length === bad.length ? "those" : `${shown.length} of those`} of the findings. ` +
    "Choose one, or search."};
}

function drawn(ids) {
  if (view.focus === null) return overview(ids);
  const {ids: near, cut} = neighbourhood(view.focus, Number(page.steps.value));
  const more = cut ? ` ${counted(cut, "more is", "more are")} not drawn; the lists below have those next to it.` : "";
  return {ids: near, caption: `Around ${data.nodes[view.focus][NAME]}: ${counted(near.length - 1, "class", "classes")}.${more}`};
}

function showPicture(ids) {
  const {ids: boxes, caption} = drawn(ids), inside = new Set(boxes);
  const edges = boxes.flatMap(id => edgesFrom[id].filter(edge => inside.has(edge[WANTED])));
  page["picture-caption"].textContent = caption;
  page.picture.replaceChildren(...(boxes.length ? [drawLayers(boxes, edges, view.focus, focusOn)] : []));
  page.whole.hidden = view.focus === null;
}

function neighbourItem(edge, id) {
  return element("li", {}, element("button", {type: "button", class: "link", click: () => focusOn(id)}, data.nodes[id][NAME]),
    ` ${counted(edge[COUNT], "time", "times")}`,
    element("div", {class: "where"}, `held at ${data.places[edge[HELD_AT]]}, wanted at ${data.places[edge[WANTED_AT]]}`));
}

function neighbourList(title, edges, end) {
  const sorted = [...edges].sort((a, b) => b[COUNT] - a[COUNT]), shown = sorted.slice(0, MOST_NEIGHBOURS);
  return element("div", {}, element("h3", {}, `${title} (${edges.length})`),
    element("ul", {}, ...shown.map(edge => neighbourItem(edge, edge[end]))),
    shown.length < sorted.length ? element("p", {class: "note"}, `${sorted.length - shown.length} more are not listed.`) : null);
}

function showNeighbours() {
  page.neighbours.replaceChildren(...(view.focus === null ? [] : [
    neighbourList("Held when it was wanted", edgesTo[view.focus], HELD),
    neighbourList("Wanted while it was held", edgesFrom[view.focus], WANTED)]));
}

/* --- The controls --- */

function show() {
  const ids = listed();
  showPicture(ids);
  showNeighbours();
  showTable(ids);
}

function focusOn(id) {
  view.focus = id;
  show();
  const box = page.picture.querySelector(".focus");
  page["picture-caption"].scrollIntoView({block: "start"});
  if (box) {
    box.focus({preventScroll: true});
    const middle = box.getBoundingClientRect(), frame = page.picture.getBoundingClientRect();
    page.picture.scrollBy(middle.left - frame.left - (frame.width - middle.width) / 2, middle.top - frame.top - (frame.height - middle.height) / 2);
  }
}

function changeFilter() {
  view.focus = null;
  view.rows = ROWS_AT_ONCE;
  show();
}

function startControls() {
  const modules = [...new Set(data.nodes.map(node => node[MODULE]))].filter(name => name).sort();
  page.module.append(...modules.map(name => element("option", {value: name}, name)));
  page.search.addEventListener("input", changeFilter);
  page.module.addEventListener("change", changeFilter);
  page["only-findings"].addEventListener("change", changeFilter);
  page.whole.addEventListener("click", changeFilter);
  page.steps.addEventListener("change", show);
  page.more.addEventListener("click", () => { view.rows += ROWS_AT_ONCE; showTable(listed()); });
  document.getElementById("filters").addEventListener("submit", event => {
    event.preventDefault();
    const first = listed()[0];
    if (first !== undefined) focusOn(first);
  });
  document.addEventListener("keydown", event => {
    if (event.key !== "/" || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
    event.preventDefault();
    page.search.focus();
  });
}

startControls();
show();
