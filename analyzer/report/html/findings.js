"use strict";
/* The head of the page, and the findings with their pictures, stacks and sources. */

function sourceBlock(file, line, around) {
  const lines = data.sources[file];
  if (!lines || lines[line] === undefined) return null;
  const block = element("pre", {class: "source"});
  for (let number = line - around; number <= line + around; number++) {
    if (lines[number] === undefined) continue;
    block.append(element("div", {class: number === line ? "here" : ""},
      element("span", {class: "number"}, String(number)), lines[number] || " "));
  }
  return block;
}

function whereText([name, file, line, offset]) {
  return file ? `${file}:${line}` : name ? `(${offset})` : "";
}

function frameItem(frame, isPlace) {
  const [name, file, line, offset, inlined] = frame;
  return element("li", {class: isPlace ? "here" : ""},
    element("span", {class: "code"}, name || offset), " ",
    element("span", {class: "where"}, `${whereText(frame)}${inlined ? ", inlined" : ""}`),
    isPlace ? null : sourceBlock(file, line, 0));
}

function stackBlock(place) {
  if (place.frames.length === 0) return element("p", {class: "where"}, "No stack was recorded.");
  const list = element("ol", {}, ...place.frames.map((frame, i) => frameItem(frame, i === place.place)));
  return element("details", {class: "stack"},
    element("summary", {}, `Stack, ${counted(place.frames.length, "frame", "frames")}`),
    list, place.cut ? element("p", {class: "where"}, "Deeper frames were not recorded.") : null);
}

function placeBlock(place) {
  const frame = place.frames[place.place];
  return element("div", {class: "place"},
    element("p", {}, place.text),
    frame ? element("p", {class: "where"}, element("span", {class: "code"}, frame[0] || frame[3]), " ", whereText(frame)) : null,
    frame ? sourceBlock(frame[1], frame[2], 2) : null,
    stackBlock(place));
}

function threadColumns(finding) {
  const numbers = [...new Set(finding.places.map(place => place.thread))].sort((a, b) => a - b);
  return element("div", {class: "threads"}, ...numbers.map(number => element("div", {class: "thread"},
    finding.arrows[number] ? element("h3", {}, finding.arrows[number].thread) : null,
    ...finding.places.filter(place => place.thread === number).map(placeBlock))));
}

function remarks(finding) {
  return [
    finding.occurrences > 1 ? `Stands for ${finding.occurrences} findings in the same code, with other locks or threads.` : null,
    finding.timed ? "Not for ever: one of the waits has a time-out." : null,
    finding.writer ? "Needs a third thread that waits to write: a reader waits for it, and it for the other reader." : null,
  ].filter(text => text).map(text => element("p", {class: "note"}, text));
}

function findingBody(finding) {
  return element("div", {class: "body"},
    finding.arrows.length ? element("div", {class: "picture cycle"}, drawCycle(finding.arrows)) : null,
    finding.suggestion ? element("p", {class: "suggestion"}, element("strong", {}, "Suggestion: "), finding.suggestion) : null,
    ...remarks(finding),
    threadColumns(finding),
    element("p", {class: "note"}, "In the lock order: ", ...finding.nodes.flatMap((id, i) => [i ? ", " : "",
      element("button", {type: "button", class: "link", click: () => focusOn(id)}, data.nodes[id][0])])),
    element("details", {}, element("summary", {}, "As text"), element("pre", {}, finding.text)));
}

/* The body is made when it is first looked at: a run may have a thousand findings. */
function findingBlock(finding, number) {
  const className = `finding ${finding.known ? "known" : finding.error ? "error" : ""}`;
  const block = element("details", {class: className, id: `finding-${number}`},
    element("summary", {},
      element("span", {class: "title"}, `${number}. ${finding.title || finding.kind}`),
      element("span", {class: "facts"},
        element("span", {class: "kind"}, finding.kind), element("span", {}, finding.certainty),
        finding.known ? element("span", {}, finding.known) : null,
        finding.error || finding.known ? null : element("span", {}, "warning"),
        element("code", {}, finding.fingerprint))));
  block.unfold = () => { if (!block.querySelector(".body")) block.append(findingBody(finding)); };
  block.addEventListener("toggle", () => { if (block.open) block.unfold(); });
  return block;
}

function showHead() {
  const isBad = data.findings.some(finding => finding.error && !finding.known);
  document.title = `lockorder: ${data.conclusion}`;
  document.getElementById("version").textContent = data.version;
  document.getElementById("conclusion").textContent = data.conclusion;
  document.getElementById("conclusion").className = isBad ? "bad" : data.findings.length === 0 ? "good" : "";
  document.getElementById("finding-count").textContent = data.findings.length.toLocaleString("en");
  document.getElementById("lock-count").textContent = data.nodes.length.toLocaleString("en");
  document.getElementById("coverage-text").textContent = data.coverage;
}

function unfold(blocks, isOpen) {
  for (const block of blocks) {
    if (isOpen) block.unfold();
    block.open = isOpen;
  }
}

function showFindings() {
  const list = document.getElementById("finding-list"), button = document.getElementById("unfold-all");
  const blocks = data.findings.map((finding, i) => findingBlock(finding, i + 1));
  list.append(...blocks);
  if (blocks.length === 0) list.append(element("p", {class: "note"}, "There are none."));
  button.hidden = blocks.length === 0;
  unfold(blocks.slice(0, 1), true);
  button.addEventListener("click", () => {
    const isOpen = blocks.some(block => !block.open);
    unfold(blocks, isOpen);
    button.textContent = isOpen ? "Fold all" : "Unfold all";
  });
  /* On paper, nothing can be unfolded. */
  window.addEventListener("beforeprint", () => {
    unfold(blocks, true);
    for (const stack of document.querySelectorAll("details.stack")) stack.open = true;
  });
}

showHead();
showFindings();
