"use strict";
/* Elements of the page, and pictures of boxes and arrows. Whatever the observed program named goes through text nodes only. */

const data = JSON.parse(document.getElementById("data").textContent);

/* By class of locks: the numbers of the findings that have one of it. */
const findingsOf = data.nodes.map(() => []);
data.findings.forEach((finding, i) => finding.nodes.forEach(id => findingsOf[id].push(i + 1)));

/* element("p", {class: "note"}, "text", child): null children are left out. */
function fill(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value !== null) made.setAttribute(name, value);
  }
  for (const child of children) if (child !== null) made.append(child);
  return made;
}

function element(tag, attributes, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

function shape(tag, attributes, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function counted(number, one, many) {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}

const CHARACTER = 7.3, BOX_HEIGHT = 40, MOST_CHARACTERS = 30;

function shortened(text, most) {
  const characters = Array.from(text);
  return characters.length <= most ? text : characters.slice(0, most - 9).join("") + "…" + characters.slice(-8).join("");
}

function boxWidth(text) {
  return Math.max(90, Math.min(Array.from(text).length, MOST_CHARACTERS) * CHARACTER + 20);
}

/* A box around its middle. `choose`, where it is given, is called when the box is clicked or Enter is pressed on it. */
function drawBox(x, y, width, text, small, className, choose) {
  const box = shape("g", {class: `box ${className}`},
    shape("title", {}, small ? `${text}\n${small}` : text),
    shape("rect", {x: x - width / 2, y: y - BOX_HEIGHT / 2, width, height: BOX_HEIGHT, rx: 7}),
    shape("text", {x, y: y + (small ? -2 : 4), "text-anchor": "middle"}, shortened(text, MOST_CHARACTERS)),
    small ? shape("text", {x, y: y + 12, "text-anchor": "middle", class: "small"}, shortened(small, MOST_CHARACTERS + 4)) : null);
  if (!choose) return box;
  return fill(box, {tabindex: 0, role: "button", "aria-label": text, click: choose,
    keydown: event => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(); } }}, []);
}

function drawLabel(x, y, text) {
  const width = Array.from(text).length * 7 + 8;
  return [shape("rect", {class: "label-back", x: x - width / 2, y: y - 8, width, height: 16, rx: 3}),
    shape("text", {class: "label", x, y: y + 4}, text)];
}

/* A curve that ends in an arrow head; it comes to its end from the control point before it. */
function drawArrow(start, control, other, end, className, text) {
  const angle = Math.atan2(end[1] - other[1], end[0] - other[0]), size = 9;
  const corner = turn => `${end[0] - size * Math.cos(angle + turn)},${end[1] - size * Math.sin(angle + turn)}`;
  const middle = [0, 1].map(i => (start[i] + 3 * control[i] + 3 * other[i] + end[i]) / 8);
  return [
    shape("path", {class: `arrow ${className}`, d: `M${start} C${control} ${other} ${end}`}, shape("title", {}, text)),
    shape("polygon", {class: `head ${className}`, points: `${end} ${corner(.4)} ${corner(-.4)}`}),
    ...(text ? drawLabel(middle[0], middle[1], text) : []),
  ];
}

function picture(width, height, label, parts) {
  return shape("svg", {viewBox: `0 0 ${width} ${height}`, width, height, role: "group", "aria-label": label}, ...parts);
}

/* --- The cycle of a finding: locks are boxes, each thread is an arrow from what it holds to what it waits for --- */

function arrowText(arrow) {
  return arrow.count ? `${shortened(arrow.thread, 34)}, ${arrow.count.toLocaleString("en")}×` : shortened(arrow.thread, 40);
}

function isRing(arrows) {
  return arrows.every((arrow, i) => arrow.from && arrow.to && arrow.to[0] === arrows[(i + 1) % arrows.length].from[0]);
}

/* Where the line from the middle of a box to a point leaves the box. */
function edgeOfBox(box, point) {
  const dx = point[0] - box.x, dy = point[1] - box.y;
  const scale = Math.min((box.width / 2 + 3) / Math.max(Math.abs(dx), 1e-9), (BOX_HEIGHT / 2 + 3) / Math.max(Math.abs(dy), 1e-9));
  return [box.x + dx * scale, box.y + dy * scale];
}

function drawLoop(arrow) {
  const text = arrow.from[1], width = boxWidth(text), x = Math.max(width / 2 + 20, 170), y = 100;
  return picture(2 * x, 135, "A thread that waits for itself", [
    ...drawArrow([x + 28, y - 22], [x + 90, y - 95], [x - 90, y - 95], [x - 28, y - 22], "bad", arrowText(arrow)),
    drawBox(x, y, width, text, "", "bad")]);
}

function drawPair(arrows) {
  const widths = arrows.map(arrow => boxWidth(arrow.from[1]));
  const gap = Math.max(...arrows.map(arrow => arrowText(arrow).length)) * 7 + 40;
  const boxes = [{x: 10 + widths[0] / 2, y: 85, width: widths[0]},
    {x: 10 + widths[0] + gap + widths[1] / 2, y: 85, width: widths[1]}];
  const [left, right] = [10 + widths[0], 10 + widths[0] + gap];
  return picture(right + widths[1] + 10, 170, "Two locks, taken both ways round", [
    ...drawArrow([left + 3, 75], [left + 50, 25], [right - 50, 25], [right - 3, 75], "bad", arrowText(arrows[0])),
    ...drawArrow([right - 3, 95], [right - 50, 145], [left + 50, 145], [left + 3, 95], "bad", arrowText(arrows[1])),
    ...boxes.map((box, i) => drawBox(box.x, box.y, box.width, arrows[i].from[1], "", "bad"))]);
}

function drawRing(arrows) {
  const across = 190 + 22 * arrows.length, down = 70 + 26 * arrows.length;
  const boxes = arrows.map((arrow, i) => {
    const angle = 2 * Math.PI * i / arrows.length - Math.PI / 2;
    return {x: across + 150 + across * Math.cos(angle), y: down + 40 + down * Math.sin(angle), width: boxWidth(arrow.from[1])};
  });
  const parts = arrows.flatMap((arrow, i) => {
    const from = boxes[i], to = boxes[(i + 1) % boxes.length];
    const start = edgeOfBox(from, [to.x, to.y]), end = edgeOfBox(to, [from.x, from.y]);
    const along = part => [0, 1].map(axis => start[axis] + (end[axis] - start[axis]) * part);
    return drawArrow(start, along(1 / 3), along(2 / 3), end, "bad", arrowText(arrow));
  });
  return picture(2 * across + 300, Math.max(...boxes.map(box => box.y)) + 40, "Locks taken in a circle",
    [...parts, ...boxes.map((box, i) => drawBox(box.x, box.y, box.width, arrows[i].from[1], "", "bad"))]);
}

/* No ring of instances, as between classes, or where somebody is gone: each thread on a line of its own. */
function drawRows(arrows) {
  const ends = arrows.map(arrow => [arrow.from ? arrow.from[1] : "nothing", arrow.to ? arrow.to[1] : "nothing: it is gone"]);
  const width = Math.max(...ends.flat().map(boxWidth)), gap = Math.max(...arrows.map(arrow => arrowText(arrow).length)) * 7 + 60;
  const right = width + gap + 10;
  return picture(right + width + 10, 10 + 62 * arrows.length, "What each thread holds and wants", arrows.flatMap((arrow, i) => {
    const y = 35 + 62 * i;
    return [...drawArrow([13 + width, y], [13 + width + gap / 3, y], [right - gap / 3, y], [right - 3, y], "bad", arrowText(arrow)),
      drawBox(10 + width / 2, y, width, ends[i][0], "", "bad"), drawBox(right + width / 2, y, width, ends[i][1], "", "bad")];
  }));
}

function drawCycle(arrows) {
  if (!isRing(arrows)) return drawRows(arrows);
  if (arrows.length === 1) return drawLoop(arrows[0]);
  return arrows.length === 2 ? drawPair(arrows) : drawRing(arrows);
}

/* --- A part of the graph, in layers from left to right: what is held first stands left --- */

/* The edges that lead back to a box on the way to it: they are drawn, and ignored for the layers. */
function backEdges(ids, following) {
  const state = new Map(), back = new Set();
  for (const root of ids) {
    const path = state.has(root) ? [] : [[root, 0]];
    while (path.length) {
      const top = path[path.length - 1], edges = following.get(top[0]);
      state.set(top[0], "open");
      if (top[1] === edges.length) {
        state.set(top[0], "done");
        path.pop();
        continue;
      }
      const edge = edges[top[1]++];
      if (state.get(edge[1]) === "open") back.add(edge);
      else if (!state.has(edge[1])) path.push([edge[1], 0]);
    }
  }
  return back;
}

/* Longest paths: a box stands right of all that lead to it. */
function layersOf(ids, edges) {
  const following = new Map(ids.map(id => [id, edges.filter(edge => edge[0] === id)]));
  const back = backEdges(ids, following);
  const layer = new Map(ids.map(id => [id, 0]));
  const waiting = new Map(ids.map(id => [id, 0]));
  const forward = edges.filter(edge => !back.has(edge));
  for (const edge of forward) waiting.set(edge[1], waiting.get(edge[1]) + 1);
  const ready = ids.filter(id => waiting.get(id) === 0);
  while (ready.length) {
    const id = ready.shift();
    for (const edge of following.get(id)) {
      if (back.has(edge)) continue;
      layer.set(edge[1], Math.max(layer.get(edge[1]), layer.get(id) + 1));
      waiting.set(edge[1], waiting.get(edge[1]) - 1);
      if (waiting.get(edge[1]) === 0) ready.push(edge[1]);
    }
  }
  const layers = [];
  for (const id of ids) (layers[layer.get(id)] ||= []).push(id);
  return layers.filter(boxes => boxes);
}

/* Each box goes to the mean height of those it is joined with, a few times over: most crossings vanish. */
function untangle(layers, edges) {
  const rank = new Map();
  const number = boxes => boxes.forEach((id, i) => rank.set(id, (i + .5) / boxes.length));
  layers.forEach(number);
  for (let round = 0; round < 6; round++) {
    for (const boxes of round % 2 ? [...layers].reverse() : layers) {
      const goal = new Map(boxes.map(id => {
        const joined = edges.filter(edge => edge[0] !== edge[1] && (edge[0] === id || edge[1] === id))
          .map(edge => rank.get(edge[0] === id ? edge[1] : edge[0]));
        return [id, joined.length ? joined.reduce((sum, value) => sum + value, 0) / joined.length : rank.get(id)];
      }));
      boxes.sort((a, b) => goal.get(a) - goal.get(b));
      number(boxes);
    }
  }
}

const LAYER_WIDTH = 255, LAYER_GAP = 95, ROW = 72, MARGIN = 34;

function positions(layers) {
  const tallest = Math.max(...layers.map(boxes => boxes.length)), at = new Map();
  layers.forEach((boxes, column) => boxes.forEach((id, row) => at.set(id, {
    x: MARGIN + LAYER_WIDTH / 2 + column * (LAYER_WIDTH + LAYER_GAP),
    y: MARGIN + BOX_HEIGHT / 2 + (row + (tallest - boxes.length) / 2) * ROW, column})));
  return {at, width: 2 * MARGIN + layers.length * (LAYER_WIDTH + LAYER_GAP) - LAYER_GAP, height: 2 * MARGIN + tallest * ROW};
}

function drawEdge(from, to, edge, text) {
  const half = LAYER_WIDTH / 2 + 3, className = edge[3] ? "bad" : "";
  if (from === to)
    return drawArrow([from.x + 60, from.y - 22], [from.x + 95, from.y - 50], [from.x + 15, from.y - 50], [from.x + 35, from.y - 22],
      className, text);
  if (to.column > from.column) {
    const reach = LAYER_GAP * .55 * (to.column - from.column);
    return drawArrow([from.x + half, from.y], [from.x + half + reach, from.y], [to.x - half - reach, to.y], [to.x - half, to.y],
      className, text);
  }
  const side = from.y <= to.y ? 1 : -1, low = side * (45 + 14 * (from.column - to.column));
  return drawArrow([from.x - 20, from.y + side * 22], [from.x - 30, from.y + low], [to.x + 30, to.y + low], [to.x + 20, to.y + side * 22],
    className, text);
}

/* ids: of nodes; edges: those between them. `focus` may be null; `choose` is called with an id. */
function drawLayers(ids, edges, focus, choose) {
  const layers = layersOf(ids, edges);
  untangle(layers, edges);
  const {at, width, height} = positions(layers), hasLabels = edges.length <= 60;
  const arrows = edges.flatMap(edge => drawEdge(at.get(edge[0]), at.get(edge[1]), edge, hasLabels ? edge[2].toLocaleString("en") : ""));
  const boxes = ids.map(id => {
    const [name, kind, module, locks] = data.nodes[id];
    return drawBox(at.get(id).x, at.get(id).y, LAYER_WIDTH, name, `${locks} × ${kind}${module ? `, ${module}` : ""}`,
      `${findingsOf[id].length ? "bad" : ""} ${id === focus ? "focus" : ""}`, () => choose(id));
  });
  return picture(width, height, "Lock order", [...arrows, ...boxes]);
}
