"use strict";
// What the clip's parts mean to a prediction, and what one token attends to. The data are made by AttentionPage.cs.
const data = JSON.parse(document.getElementById("data").textContent);
const $ = id => document.getElementById(id);
const { frames: pictures, maps, attention } = data;

const state = { view: maps.length ? maps[0].name : "patch", time: 0, block: 0, head: 0, step: "", query: 0, playing: false };
const images = [];

const bytes = text => Uint8Array.from(atob(text), letter => letter.charCodeAt(0));

async function inflate(text) {
  const stream = new Blob([bytes(text)]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

const add = (parent, tag, text, properties = {}) => {
  const element = Object.assign(document.createElement(tag), properties);
  if (text !== undefined) element.textContent = text;
  parent.append(element);
  return element;
};

const percent = share => share >= 0.0995 ? `${(100 * share).toFixed(0)} %` : `${(100 * share).toFixed(1)} %`;

// A grid of cells over the clip's patches: `first` cells stand for class tokens, then (h, w, t) at (h·W + w)·T + t.
class Cells {
  constructor(grid, first, side, span) {
    Object.assign(this, { first, side, span });
    this.frames = Math.ceil(grid.frames / span);
    this.height = Math.ceil(grid.height / side);
    this.width = Math.ceil(grid.width / side);
    this.count = first + this.frames * this.height * this.width;
  }
  at(frame, row, column) { return this.first + (row * this.width + column) * this.frames + frame; }
  place(cell) {
    const patch = cell - this.first, place = Math.floor(patch / this.frames);
    return { frame: patch % this.frames, row: Math.floor(place / this.width), column: place % this.width };
  }
}

// The weights of all heads of all blocks: of each query cell the key cells that its groups contain, and 255 · sqrt(weight) of each.
async function open() {
  const a = attention;
  a.queries = new Cells(a.grid, a.classTokens.length, a.pooled.querySide, a.pooled.querySpan);
  a.keys = new Cells(a.grid, a.classTokens.length, a.pooled.keySide, a.pooled.keySpan);
  for (const step of a.steps) {
    const bits = await inflate(step.pattern);
    step.starts = new Uint32Array(a.queries.count + 1);
    const seen = [];
    for (let query = 0, bit = 0; query < a.queries.count; query++) {
      for (let key = 0; key < a.keys.count; key++, bit++) if (bits[bit >> 3] >> (bit & 7) & 1) seen.push(key);
      step.starts[query + 1] = seen.length;
    }
    step.seen = Uint32Array.from(seen);
  }
  a.weights = await inflate(a.weights);
  let start = 0;
  for (const map of a.maps) {
    map.start = start;
    start += a.heads * a.steps[map.step].seen.length;
  }
}

// The weights of a query over all key cells, in one head, or as the mean of all (head 0).
function weights(query, block, head, stepName) {
  const a = attention, result = new Float32Array(a.keys.count);
  const chosen = a.maps.filter(map => map.block === block && (stepName === "" || a.steps[map.step].name === stepName));
  const taking = chosen.filter(map => { const { starts } = a.steps[map.step]; return starts[query] < starts[query + 1]; });
  for (const map of taking) {
    const { starts, seen } = a.steps[map.step];
    const heads = head === 0 ? [...Array(a.heads).keys()] : [head - 1];
    for (const h of heads) {
      const from = map.start + h * seen.length;
      for (let k = starts[query]; k < starts[query + 1]; k++) {
        result[seen[k]] += (a.weights[from + k] / 255) ** 2 / heads.length / taking.length;
      }
    }
  }
  return result;
}

// What lies over the frames: levels from 0 to 1 (T', H', W'), the share of each frame, and what is left for class tokens.
function shown() {
  if (state.view !== "patch") {
    const map = maps.find(each => each.name === state.view);
    return { frames: map.frames, height: map.height, width: map.width, shares: map.shares, level: (t, r, c) =>
      map.levels[(t * map.height + r) * map.width + c] / 255, classes: [] };
  }
  const a = attention, row = weights(state.query, state.block, state.head, state.step), { keys } = a;
  const most = Math.max(...row.subarray(keys.first), 1e-9);
  const shares = new Float32Array(keys.frames);
  for (let cell = keys.first; cell < keys.count; cell++) shares[(cell - keys.first) % keys.frames] += row[cell];
  return { frames: keys.frames, height: keys.height, width: keys.width, shares, classes: row.subarray(0, keys.first),
    level: (t, r, c) => Math.sqrt(row[keys.at(t, r, c)] / most) };
}

function veil(context, view, frame, size) {
  const small = document.createElement("canvas");
  [small.width, small.height] = [view.width, view.height];
  const pen = small.getContext("2d"), picture = pen.createImageData(view.width, view.height);
  const t = Math.min(view.frames - 1, Math.floor(frame * view.frames / pictures.length));
  for (let r = 0; r < view.height; r++) for (let c = 0; c < view.width; c++) {
    const level = view.level(t, r, c), at = 4 * (r * view.width + c);
    picture.data.set([8, 10, 14, Math.round(210 * (1 - level))], at);
  }
  pen.putImageData(picture, 0, 0);
  context.imageSmoothingEnabled = state.view !== "patch";
  context.drawImage(small, 0, 0, size, size);
}

function paint(canvas, frame, view) {
  const size = canvas.width, context = canvas.getContext("2d");
  context.imageSmoothingEnabled = data.size > 80;
  context.drawImage(images[frame], 0, 0, size, size);
  veil(context, view, frame, size);
  if (state.view !== "patch" || state.query < attention.queries.first) return;
  const { queries } = attention, place = queries.place(state.query);
  if (place.frame !== Math.min(queries.frames - 1, Math.floor(frame * queries.frames / pictures.length))) return;
  context.strokeStyle = "#f2a33c";
  context.lineWidth = Math.max(2, size / 90);
  const [w, h] = [size / queries.width, size / queries.height];
  context.strokeRect(place.column * w + 1, place.row * h + 1, w - 2, h - 2);
}

function draw() {
  const view = shown();
  document.querySelectorAll(".frame").forEach((figure, t) => {
    figure.classList.toggle("now", t === state.time);
    paint(figure.querySelector("canvas"), t, view);
    const per = pictures.length / view.frames;
    figure.querySelector(".share").textContent = percent(view.shares[Math.floor(t / per)] / per);
  });
  paint($("large"), state.time, view);
  $("time").value = state.time + 1;
  $("timeValue").textContent = `frame ${state.time + 1}`;
  const isPatch = state.view === "patch";
  $("controls").hidden = $("overview").hidden = !isPatch;
  for (const button of $("views").children) button.setAttribute("aria-pressed", button.value === state.view);
  $("meaning").textContent = isPatch
    ? "Click a patch in any frame: bright is what it attends to, in this block and head. The figures under the frames are shares of it."
      + pooled()
    : maps.find(map => map.name === state.view).meaning;
  if (isPatch) drawPatch(view);
  else $("reading").textContent = "";
}

function pooled() {
  const { querySide, querySpan, keySide, keySpan } = attention.pooled;
  if (querySide * querySpan === 1) return "";
  const cell = (side, span) => `${side}x${side} patches${span > 1 ? ` of ${span} frames` : ""}`;
  return ` To keep the page small, cells of ${cell(querySide, querySpan)} ask and cells of ${cell(keySide, keySpan)} are asked.`;
}

function drawPatch(view) {
  const a = attention;
  for (const button of $("steps").children) button.setAttribute("aria-pressed", button.value === state.step);
  [...$("tokens").children].forEach((button, k) => button.setAttribute("aria-pressed", k === state.query));
  $("block").value = state.block + 1;
  $("blockValue").textContent = `${state.block + 1} of ${a.blocks}`;
  $("head").value = state.head;
  $("headValue").textContent = state.head === 0 ? `mean of ${a.heads}` : `${state.head} of ${a.heads}`;
  const { queries } = a, isClass = state.query < queries.first, place = queries.place(state.query);
  const pictured = (t, frames) => Math.floor(t * pictures.length / frames);
  const who = isClass ? a.classTokens[state.query]
    : `The patch in row ${place.row + 1}, column ${place.column + 1} of frame ${pictured(place.frame, queries.frames) + 1}`;
  const total = view.shares.reduce((sum, share) => sum + share, 0);
  const parts = [...view.shares].map((share, t) => [share, t]).filter(([share]) => share > 0.005)
    .sort((x, y) => y[0] - x[0]).slice(0, 3)
    .map(([share, t]) => `${percent(share)} to frame ${pictured(t, view.frames) + 1}`);
  const classes = view.classes.reduce((sum, share) => sum + share, 0);
  $("reading").textContent = total + classes < 0.01 ? `${who} takes no part in this step.`
    : `${who} gives ${parts.join(", ") || "nothing to patches"}` + (classes > 0.0005 ? `; ${percent(classes)} to class tokens.` : ".");
  drawMatrix(isClass ? state.time : pictured(place.frame, queries.frames));
}

const thumb = { gap: 3 };

// All blocks and heads at once: the token's attention within one frame or, where a step looks along time, over the frames as bars.
function drawMatrix(frame) {
  const a = attention, { keys } = a, canvas = $("matrix"), pen = canvas.getContext("2d"), isTime = state.step === "time";
  const t = Math.min(keys.frames - 1, Math.floor(frame * keys.frames / pictures.length));
  const cell = Math.max(1, Math.round(42 / Math.max(keys.width, keys.height))), bar = Math.max(2, Math.round(42 / keys.frames));
  [thumb.width, thumb.height] = isTime ? [keys.frames * bar, 42] : [keys.width * cell, keys.height * cell];
  canvas.width = a.blocks * (thumb.width + thumb.gap);
  canvas.height = (a.heads + 1) * (thumb.height + thumb.gap);
  const ink = level => `rgb(${20 + 230 * level},${24 + 150 * level},${34 + 40 * level})`;
  for (let block = 0; block < a.blocks; block++) for (let head = 0; head <= a.heads; head++) {
    const row = weights(state.query, block, head, state.step);
    const most = Math.max(...row.subarray(keys.first), 1e-9);
    const [x, y] = [block * (thumb.width + thumb.gap), head * (thumb.height + thumb.gap)];
    pen.fillStyle = ink(0);
    pen.fillRect(x, y, thumb.width, thumb.height);
    if (isTime) for (let key = keys.first; key < keys.count; key++) {
      const height = Math.round(thumb.height * row[key] / most);
      pen.fillStyle = ink(1);
      pen.fillRect(x + (key - keys.first) % keys.frames * bar, y + thumb.height - height, bar - 1, height);
    } else for (let r = 0; r < keys.height; r++) for (let c = 0; c < keys.width; c++) {
      pen.fillStyle = ink(Math.sqrt(row[keys.at(t, r, c)] / most));
      pen.fillRect(x + c * cell, y + r * cell, cell, cell);
    }
    if (block === state.block && head === state.head) {
      pen.strokeStyle = "#fff";
      pen.lineWidth = 3;
      pen.strokeRect(x + 1.5, y + 1.5, thumb.width - 3, thumb.height - 3);
    }
  }
  const what = isTime ? "The same token's attention over the frames" : `The same token's attention in frame ${frame + 1}`;
  $("overviewText").textContent =
    `${what}, for every block (columns, 1 to ${a.blocks}) and head (rows; the first is their mean). Click one.`;
}

function choose(event, frame) {
  if (!attention) return;
  const box = event.currentTarget.getBoundingClientRect(), { queries } = attention;
  const column = Math.min(queries.width - 1, Math.max(0, Math.floor((event.clientX - box.left) / box.width * queries.width)));
  const row = Math.min(queries.height - 1, Math.max(0, Math.floor((event.clientY - box.top) / box.height * queries.height)));
  const t = Math.min(queries.frames - 1, Math.floor(frame * queries.frames / pictures.length));
  Object.assign(state, { view: "patch", query: queries.at(t, row, column), time: frame });
  draw();
}

function move(rows, columns) {
  if (!attention) return;
  const { queries } = attention;
  if (state.view !== "patch" || state.query < queries.first) {
    const t = Math.min(queries.frames - 1, Math.floor(state.time * queries.frames / pictures.length));
    Object.assign(state, { view: "patch", query: queries.at(t, queries.height >> 1, queries.width >> 1) });
    return;
  }
  const { frame, row, column } = queries.place(state.query);
  const within = (value, count) => Math.min(count - 1, Math.max(0, value));
  state.query = queries.at(frame, within(row + rows, queries.height), within(column + columns, queries.width));
}

function go(time) {
  state.time = (time + pictures.length) % pictures.length;
  if (state.view !== "patch" || state.query < attention.queries.first || state.playing) return;
  const { queries } = attention, { row, column } = queries.place(state.query);
  state.query = queries.at(Math.min(queries.frames - 1, Math.floor(state.time * queries.frames / pictures.length)), row, column);
}

const turn = (name, count) => { state[name] = (state[name] + 1) % count; };

const keys = {
  ArrowUp: () => move(-1, 0), ArrowDown: () => move(1, 0), ArrowLeft: () => move(0, -1), ArrowRight: () => move(0, 1),
  ",": () => go(state.time - 1), ".": () => go(state.time + 1), " ": () => play(!state.playing),
  b: () => attention && turn("block", attention.blocks), h: () => attention && turn("head", attention.heads + 1),
};

function play(on) {
  state.playing = on;
  $("play").textContent = on ? "⏸" : "▶";
  $("play").setAttribute("aria-label", on ? "Pause" : "Play");
  clearInterval(play.timer);
  if (on) play.timer = setInterval(() => { go(state.time + 1); draw(); }, 250);
}

function build() {
  $("title").textContent = data.title;
  for (const score of data.scores) {
    const item = add($("scores"), "li", undefined, { className: score.label === data.label ? "explained" : "" });
    add(item, "span", score.name, { title: score.name });
    add(item, "span", percent(score.probability));
    add(item, "i").style.width = `${Math.max(1, 100 * score.probability)}%`;
  }
  const views = maps.map(map => [map.name, map.title]);
  if (attention) views.push(["patch", "one patch's attention"]);
  for (const [value, text] of views) add($("views"), "button", text, { value, onclick: () => { state.view = value; draw(); } });
  pictures.forEach((_, t) => {
    const figure = add($("frames"), "div", undefined, { className: "frame" });
    const canvas = add(figure, "canvas", undefined, { width: 224, height: 224, onclick: event => choose(event, t) });
    canvas.title = `frame ${t + 1}`;
    const below = add(figure, "p");
    add(below, "span", `${t + 1}`);
    add(below, "span", "", { className: "share" });
  });
  [$("large").width, $("large").height] = [448, 448];
  $("large").onclick = event => choose(event, state.time);
  $("time").max = pictures.length;
  $("time").oninput = event => { go(event.target.value - 1); draw(); };
  $("play").onclick = () => play(!state.playing);
  document.onkeydown = event => {
    if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    if (event.target.matches("input, button") && event.key.length > 1 | event.key === " ") return;
    keys[event.key]();
    event.preventDefault();
    draw();
  };
  if (!attention) return;
  const names = [...new Set(attention.steps.map(step => step.name))];
  for (const name of names.length > 1 ? ["", ...names] : names) {
    add($("steps"), "button", name || "all", { value: name, onclick: () => { state.step = name; draw(); } });
  }
  if (names.length === 1) state.step = names[0];
  $("block").max = attention.blocks;
  $("block").oninput = event => { state.block = event.target.value - 1; draw(); };
  $("head").max = attention.heads;
  $("head").oninput = event => { state.head = Number(event.target.value); draw(); };
  attention.classTokens.forEach((name, k) =>
    add($("tokens"), "button", name, { onclick: () => { state.query = k; draw(); } }));
  $("tokenRow").hidden = attention.classTokens.length === 0;
  $("matrix").onclick = event => {
    const box = event.currentTarget.getBoundingClientRect(), scale = event.currentTarget.width / box.width;
    const at = (offset, length, most) => Math.min(most, Math.max(0, Math.floor(offset * scale / (length + thumb.gap))));
    state.block = at(event.clientX - box.left, thumb.width, attention.blocks - 1);
    state.head = at(event.clientY - box.top, thumb.height, attention.heads);
    draw();
  };
  state.block = attention.blocks - 1;
  state.time = Math.floor(pictures.length / 2);
  state.query = attention.queries.at(Math.floor(attention.queries.frames / 2), attention.queries.height >> 1, attention.queries.width >> 1);
}

const ready = (async () => {
  for (const map of maps) map.levels = bytes(map.levels);
  images.push(...await Promise.all(pictures.map(async source => {
    const image = new Image();
    image.src = source;
    await image.decode();
    return image;
  })));
  if (attention) await open();
  build();
  draw();
})();
