// The strip of frames that the model sees, as a grid of patches; colors show what the chosen one attends to.
"use strict";

const cells = [];                                    // by place
const pictures = [], slotButtons = [];               // by frame
const svg = "http://www.w3.org/2000/svg";
const mostBeams = 10;                                // from a step
let beams = null;
const slotTexts = { seen: "", held: " held", blank: " blank" };

function setUpStrip() {
  const strip = $("strip");
  for (let t = 0; t < frames; t++) {
    pictures[t] = element("canvas", { width: sizes.imageSize, height: sizes.imageSize, attributes: { "aria-hidden": "true" } });
    const board = element("div", { className: "patches", attributes: { role: "row" } });
    board.style.gridTemplateColumns = `repeat(${side}, 1fr)`;
    for (let n = 0; n < patches; n++) {
      const place = n * frames + t;
      cells[place] = element("div", { id: `patch-${place}`, className: "patch", attributes: { role: "gridcell" } });
      cells[place].dataset.place = place;
      board.append(cells[place]);
    }
    slotButtons[t] = element("button", { type: "button", className: "slot", onclick: () => turnSlot(t) });
    strip.append(element("div", { className: "frame" }, element("div", { className: "picture" }, pictures[t], board), slotButtons[t]));
  }
  beams = strip.appendChild(document.createElementNS(svg, "svg"));
  beams.setAttribute("class", "beams");
  beams.setAttribute("aria-hidden", "true");
  new ResizeObserver(() => state.clip && drawBeams(sights())).observe(strip);
  strip.onkeydown = moveQuery;
  setUpPointer(strip);
  $("class-token").onclick = () => ask(-1);
  $("reset").onclick = () => {
    undo();
    changed();
  };
}

function ask(place) {
  state.query = place;
  asked();
}

// Seen, then the frame before it in its place, then blank.
function turnSlot(t) {
  const turns = t === 0 ? ["seen", "blank"] : ["seen", "held", "blank"];
  state.slots[t] = turns[(turns.indexOf(state.slots[t]) + 1) % turns.length];
  changed();
}

// A click asks; with masking on, it masks or unmasks, and so does a stroke over further patches.
function setUpPointer(strip) {
  let painting = null;
  const paint = place => {
    if (state.masked[place] === painting) return;
    state.masked[place] = painting;
    changed();
  };
  strip.onpointerdown = event => {
    const place = event.target.dataset.place;
    if (place === undefined) return;
    if (!state.masking) return ask(Number(place));
    event.preventDefault();
    strip.focus({ preventScroll: true });
    painting = 1 - state.masked[place];
    paint(Number(place));
  };
  strip.onpointermove = event => {
    if (painting === null || !event.buttons) return;
    const place = document.elementFromPoint(event.clientX, event.clientY)?.dataset?.place;
    if (place !== undefined) paint(Number(place));
  };
  strip.onpointerup = strip.onpointercancel = () => {
    painting = null;
  };
}

function moveQuery(event) {
  if (event.target !== $("strip")) return;
  const from = Math.max(0, state.query), n = Math.floor(from / frames);
  let t = frameOf(grid, from), row = Math.floor(n / side), column = n % side;
  switch (event.key) {
    case "ArrowLeft": column--; break;
    case "ArrowRight": column++; break;
    case "ArrowUp": row = Math.max(0, row - 1); break;
    case "ArrowDown": row = Math.min(side - 1, row + 1); break;
    case "PageUp": t--; break;
    case "PageDown": t++; break;
    case "c": case "C": ask(-1); return;
    case "m": case "M":
      if (state.query >= 0) {
        state.masked[state.query] = 1 - state.masked[state.query];
        changed();
      }
      return;
    default: return;
  }
  event.preventDefault();
  // Past the edge of a frame lies the next one.
  if (column < 0) [t, column] = [t - 1, side - 1];
  else if (column >= side) [t, column] = [t + 1, 0];
  ask(placeOf(grid, (t + frames) % frames, row, column));
}

function showStrip() {
  const size = sizes.imageSize, looks = sights();
  for (let t = 0; t < frames; t++) {
    const image = new ImageData(size, size);
    for (let k = 0; k < size * size; k++) {
      for (let c = 0; c < 3; c++) image.data[4 * k + c] = state.clip[(t * size * size + k) * 3 + c];
      image.data[4 * k + 3] = 255;
    }
    pictures[t].getContext("2d").putImageData(image, 0, 0);
    const next = state.slots[t] === "seen" && t > 0 ? "hold the frame before it here"
      : state.slots[t] === "blank" ? "show it" : "blank it";
    slotButtons[t].textContent = `${t + 1}${slotTexts[state.slots[t]]}`;
    slotButtons[t].dataset.slot = state.slots[t];
    slotButtons[t].setAttribute("aria-label", `Frame ${t + 1}${slotTexts[state.slots[t]]}: ${next}`);
    slotButtons[t].title = `Click to ${next}`;
  }
  cells.forEach((cell, place) => showPatch(cell, place, looks));
  $("strip").setAttribute("aria-activedescendant", state.query < 0 ? "" : cells[state.query].id);
  $("class-token").setAttribute("aria-pressed", state.query < 0);
  $("reset").disabled = !isChanged();
  $("strip").classList.toggle("masking", state.masking);
  showReading(looks);
  drawBeams(looks);
}

// Curves from the query to what it attends to most in other frames, the thicker the more.
function drawBeams(looks) {
  const box = $("strip").getBoundingClientRect();
  const above = place => {
    const { left, top, width, height } = cells[place].getBoundingClientRect();
    return [left - box.left + width / 2, top - box.top + height / 6];
  };
  beams.replaceChildren();
  if (state.query < 0 || !state.answer) return;
  const [x, y] = above(state.query), now = frameOf(grid, state.query);
  for (const { step, seen, most } of looks) {
    const elsewhere = seen.map((weight, place) => [weight, place]).filter(([, place]) => frameOf(grid, place) !== now);
    const strongest = elsewhere.filter(([weight]) => weight > 0.02).sort(([a], [b]) => b - a).slice(0, mostBeams);
    for (const [weight, place] of strongest) {
      const [u, v] = above(place), lift = 0.16 * Math.hypot(u - x, v - y), path = document.createElementNS(svg, "path");
      path.setAttribute("d", `M ${x} ${y} Q ${(x + u) / 2} ${(y + v) / 2 - lift} ${u} ${v}`);
      path.setAttribute("style", `stroke: var(--${step.name}); stroke-width: ${1 + 6 * weight}; opacity: ${0.3 + 0.6 * weight / most}`);
      beams.append(path);
    }
  }
}

function showPatch(cell, place, looks) {
  const seeing = looks.filter(look => look.seen[place] !== null), isQuery = place === state.query;
  const tints = seeing.map(look =>
    `color-mix(in srgb, var(--${look.step.name}) ${Math.round(state.answer ? 12 + 76 * look.seen[place] / look.most : 45)}%, transparent)`);
  cell.className = `patch${isQuery ? " query" : ""}${seeing.length ? "" : " unseen"}${state.masked[place] ? " masked" : ""}`;
  cell.style.background = tints.length > 1
    ? `linear-gradient(135deg, ${tints.map((tint, k) => `${tint} ${100 * k / tints.length}% ${100 * (k + 1) / tints.length}%`)})`
    : tints[0] ?? "";
  cell.textContent = state.answer ? seeing.map(look => Math.round(100 * look.seen[place])).join(" ") : "";
  const said = seeing.map(look => `${look.step.name} ${percent(look.seen[place])}`).join(", ");
  cell.setAttribute("aria-label", `${patchName(place)}${state.masked[place] ? ", masked" : ""}${said && `: ${said}`}`);
  cell.setAttribute("aria-selected", isQuery);
  cell.title = said;
}

// What the colors show, in words.
function showReading(looks) {
  const who = state.query < 0 ? "The class token" : `The patch in ${patchName(state.query)}`;
  const parts = looks.map(({ step, seen, classWeight, most }) => {
    const mark = element("b", { className: "mark" }, step.name);
    mark.style.setProperty("--mark", `var(--${step.name})`);
    if (seen.every(weight => weight === null)) return [mark, ": takes no part. "];
    if (!state.answer) return [mark, `: sees ${seen.filter(weight => weight !== null).length} patches. `];
    const toClass = classWeight === null ? "" : `, and ${percent(classWeight)} to the class token`;
    return [mark, `: looks most at ${patchName(seen.indexOf(most))} (${percent(most)})${toClass}. `];
  });
  const where = state.answer ? `, block ${state.block + 1}, ${state.head < 0 ? "mean of the heads" : `head ${state.head + 1}`}. ` : ". ";
  $("reading").replaceChildren(who, where, ...parts.flat());
}
