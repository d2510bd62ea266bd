"use strict";
// Videos as points, in a panel for each model. The data are made by FeatureMapPage.cs.
const data = JSON.parse(document.getElementById("data").textContent);
const $ = id => document.getElementById(id);
const { classes, videos, panels, strips } = data;

const state = { view: panels[0].projections.at(-1).name, hidden: new Set(), video: -1, emphasis: -1 };
const reach = 24;

// After Okabe and Ito: told apart with any color vision. Eight colors and seven shapes make 56 pairs.
const palettes = {
  light: ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b07d00", "#56b4e9", "#444444", "#8a1c4a"],
  dark: ["#4da3e0", "#ff8a3d", "#2fc79a", "#e3a0c6", "#f0e442", "#8fd3ff", "#dddddd", "#c98b5e"],
};
const darkness = matchMedia("(prefers-color-scheme: dark)");
const color = label => palettes[darkness.matches ? "dark" : "light"][label % 8];

const corners = (count, turn) => Array.from({ length: count }, (_, k) => {
  const angle = turn + 2 * Math.PI * k / count;
  return [Math.sin(angle), -Math.cos(angle)];
});
const star = (points, inner) => corners(2 * points, 0).map(([x, y], k) => k % 2 ? [inner * x, inner * y] : [x, y]);
const cross = [[-.3, -1], [.3, -1], [.3, -.3], [1, -.3], [1, .3], [.3, .3], [.3, 1], [-.3, 1], [-.3, .3], [-1, .3], [-1, -.3], [-.3, -.3]];
const shapes = [null, corners(3, 0), corners(4, Math.PI / 4), corners(4, 0), cross, corners(3, Math.PI), star(5, .45)];

function mark(pen, label, x, y, size) {
  const shape = shapes[label % shapes.length];
  pen.beginPath();
  if (shape) for (const [dx, dy] of shape) pen.lineTo(x + 1.2 * size * dx, y + 1.2 * size * dy);
  else pen.arc(x, y, size, 0, 2 * Math.PI);
  pen.closePath();
  pen.fillStyle = color(label);
  pen.fill();
}

const add = (parent, tag, text, properties = {}) => {
  const element = Object.assign(document.createElement(tag), properties);
  if (text !== undefined) element.textContent = text;
  parent.append(element);
  return element;
};

const projection = panel => panel.projections.find(each => each.name === state.view);
const isShown = video => !state.hidden.has(videos[video].label);

// The place of each of a panel's videos on its canvas, in CSS pixels.
function places(panel) {
  const { x, y } = projection(panel), side = panel.canvas.clientWidth, margin = 14;
  const range = values => values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
  const [[left, right], [bottom, top]] = [range(x), range(y)];
  const scale = (side - 2 * margin) / Math.max(right - left, top - bottom, 1e-12);
  return x.map((value, k) => [side / 2 + scale * (value - (left + right) / 2), side / 2 - scale * (y[k] - (bottom + top) / 2)]);
}

function draw() {
  const ink = getComputedStyle(document.body).color;
  for (const panel of panels) {
    const { canvas } = panel, ratio = devicePixelRatio || 1, side = canvas.clientWidth, pen = canvas.getContext("2d");
    canvas.width = canvas.height = Math.round(side * ratio);
    pen.scale(ratio, ratio);
    panel.places = places(panel);
    const size = Math.min(5, Math.max(1.8, side / 7 / Math.sqrt(panel.videos.length)));
    panel.videos.forEach((video, k) => {
      if (!isShown(video)) return;
      const { label } = videos[video];
      pen.globalAlpha = state.emphasis < 0 || state.emphasis === label ? .85 : .12;
      mark(pen, label, ...panel.places[k], size);
    });
    pen.globalAlpha = 1;
    const chosen = panel.videos.indexOf(state.video);
    if (chosen >= 0) {
      const [x, y] = panel.places[chosen];
      mark(pen, videos[state.video].label, x, y, size + 1.5);
      pen.strokeStyle = ink;
      pen.lineWidth = 2;
      pen.beginPath();
      pen.arc(x, y, size + 6, 0, 2 * Math.PI);
      pen.stroke();
    }
    panel.note.textContent = projection(panel).note;
  }
  for (const button of $("views").children) button.setAttribute("aria-pressed", button.value === state.view);
  for (const button of $("classes").children) button.setAttribute("aria-pressed", !state.hidden.has(Number(button.value)));
}

function choose(video) {
  if (video === state.video) return;
  state.video = video;
  const { name, label } = videos[video], strip = $("strip");
  const taken = panels.map(panel => [panel.title, panel.predicted[panel.videos.indexOf(video)] ?? null])
    .filter(([, predicted]) => predicted !== null).map(([title, predicted]) => `${title} takes it for ${predicted}`);
  $("reading").replaceChildren();
  add($("reading"), "strong", classes[label]);
  add($("reading"), "span", ` · ${name}${strips[video] ? "" : ", which cannot be decoded"}`);
  if (taken.length) add($("reading"), "span", ` · ${taken.join("; ")}`, { className: "soft" });
  strip.hidden = !strips[video];
  if (strips[video]) Object.assign(strip, { src: `data:image/webp;base64,${strips[video]}`, alt: `Frames of ${name}` });
  draw();
}

function nearest(panel, event) {
  const box = panel.canvas.getBoundingClientRect(), [x, y] = [event.clientX - box.left, event.clientY - box.top];
  let best = -1, least = reach;
  panel.places.forEach(([px, py], k) => {
    const distance = Math.hypot(px - x, py - y);
    if (distance < least && isShown(panel.videos[k])) [best, least] = [panel.videos[k], distance];
  });
  return best;
}

// The next video in a direction: near, and not far aside; from nowhere, the one that is nearest to the middle.
function step(panel, dx, dy) {
  const from = panel.videos.indexOf(state.video), middle = panel.canvas.clientWidth / 2;
  const isStart = from < 0 || !isShown(state.video), [x, y] = isStart ? [middle, middle] : panel.places[from];
  let best = -1, least = Infinity;
  panel.places.forEach(([px, py], k) => {
    if (!isShown(panel.videos[k]) || k === from && !isStart) return;
    const along = (px - x) * dx + (py - y) * dy, aside = Math.abs((px - x) * dy - (py - y) * dx);
    const cost = isStart ? Math.hypot(px - x, py - y) : along > 0 && aside <= 2 * along ? along + 2 * aside : Infinity;
    if (cost < least) [best, least] = [panel.videos[k], cost];
  });
  if (best >= 0) choose(best);
}

const directions = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function build() {
  $("title").textContent = `Features of ${videos.length} videos`;
  for (const { name } of panels[0].projections) {
    add($("views"), "button", name, { value: name, onclick: () => { state.view = name; draw(); } });
  }
  for (const panel of panels) {
    const figure = add($("panels"), "figure");
    add(figure, "h2", panel.title);
    add(figure, "p", panel.probe, { className: "probe" });
    panel.canvas = add(figure, "canvas", undefined, { className: "plot", tabIndex: 0 });
    panel.canvas.setAttribute("role", "application");
    panel.canvas.setAttribute("aria-label", `Videos as ${panel.title} places them. Arrow keys go to the next video.`);
    panel.note = add(figure, "figcaption", "", { className: "note" });
    panel.canvas.onpointermove = panel.canvas.onpointerdown = event => {
      const video = nearest(panel, event);
      if (video >= 0) choose(video);
    };
    panel.canvas.onfocus = () => { if (state.video < 0) step(panel, 0, 0); };
    panel.canvas.onkeydown = event => {
      if (!directions[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
      step(panel, ...directions[event.key]);
      event.preventDefault();
    };
  }
  classes.forEach((name, label) => {
    if (!videos.some(video => video.label === label)) return;
    const emphasize = on => { state.emphasis = on && !state.hidden.has(label) ? label : -1; draw(); };
    const button = add($("classes"), "button", undefined, { value: label });
    add(button, "canvas", undefined, { width: 28, height: 28 });
    add(button, "span", name);
    button.onclick = () => {
      if (!state.hidden.delete(label)) state.hidden.add(label);
      emphasize(false);
    };
    button.onpointerenter = button.onfocus = () => emphasize(true);
    button.onpointerleave = button.onblur = () => emphasize(false);
  });
  $("all").onclick = () => { state.hidden.clear(); draw(); };
  $("none").onclick = () => { classes.forEach((_, label) => state.hidden.add(label)); draw(); };
  const paint = () => {
    for (const button of $("classes").children) {
      const pen = button.querySelector("canvas").getContext("2d");
      pen.clearRect(0, 0, 28, 28);
      mark(pen, Number(button.value), 14, 14, 9);
    }
    draw();
  };
  darkness.onchange = paint;
  new ResizeObserver(draw).observe($("panels"));
  paint();
}

build();
