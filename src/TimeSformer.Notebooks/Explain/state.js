// What the page shows: the clip, the question asked of it, and the model's answer.
"use strict";

const $ = id => document.getElementById(id);

// An element with properties and children; `data` and `aria` attributes go in `attributes`.
function element(tag, { attributes = {}, ...properties } = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

const percent = value => `${value < 0.01 ? "<1" : value > 0.99 && value < 0.9999 ? ">99" : Math.round(100 * value)} %`;

const library = JSON.parse($("models").textContent);
const sizes = library.models[0];
const frames = sizes.frames, side = sizes.imageSize / sizes.patchSize, grid = { frames, height: side, width: side };
const patches = side * side, places = frames * patches;
const gray = Math.round(255 * sizes.mean[0]);        // what is hidden has the color that the model takes as zero
const loaded = new Map();

// A number of 16 bits: sign, 5 bits of exponent, 10 of fraction.
function fromHalf(bits) {
  const sign = bits >> 15 ? -1 : 1, exponent = (bits >> 10) & 31, fraction = bits & 1023;
  return sign * (exponent ? (1 + fraction / 1024) * 2 ** (exponent - 15) : fraction * 2 ** -24);
}

// The model of a scheme, or null if its weights are not in this page.
function modelOf(scheme) {
  const description = library.models.find(model => model.scheme === scheme);
  if (!description) return null;
  if (!loaded.has(scheme)) {
    const bytes = Uint8Array.from(atob(description.data), character => character.charCodeAt(0)).buffer;
    const all = description.half ? Float32Array.from(new Uint16Array(bytes), fromHalf) : new Float32Array(bytes);
    const weights = {};
    let start = 0;
    for (const [name, length] of description.weights) weights[name] = all.subarray(start, start += length);
    loaded.set(scheme, new TimeSformer(description, weights));
  }
  return loaded.get(scheme);
}

const state = {
  scheme: sizes.scheme,
  seed: 1, scene: null, path: null,                  // what is drawn
  order: [], slots: [], masked: new Uint8Array(places), // what is done to it: a slot is seen, held or blank
  query: placeOf(grid, frames >> 1, side >> 1, side >> 1), // a place, or -1 for the class token
  block: 0, head: -1,                                // -1: the mean of the heads
  part: { kind: "step", step: 0 },                   // what is open in the lower half
  masking: false, playing: !matchMedia("(prefers-reduced-motion: reduce)").matches, time: 0.5,
  poses: [], pictures: [],                           // of each frame of the path
  clip: null, answer: null, milliseconds: [], pending: false,
};

// The frame of the path that a slot shows; -1 if it is blank.
function shownIn(slot) {
  if (state.slots[slot] === "blank") return -1;
  return state.slots[slot] === "held" && slot > 0 ? shownIn(slot - 1) : state.order[slot];
}

function undo() {
  state.order = Array.from({ length: frames }, (_, k) => k);
  state.slots = state.order.map(() => "seen");
  state.masked.fill(0);
}

const isChanged = () => state.order.some((k, slot) => k !== slot) || state.slots.some(slot => slot !== "seen")
  || state.masked.some(masked => masked);

// A path becomes a new clip, with nothing changed in it.
function follow(path) {
  state.path = path;
  state.poses = Array.from({ length: frames }, (_, k) => path.at(frames > 1 ? k / (frames - 1) : 0));
  state.pictures = state.poses.map(pose => drawFrame(state.scene, path.outline, pose, sizes.imageSize));
  undo();
}

// The bytes that the model sees (T, S, S, 3): frames in their order, some held or blank, with masked patches.
function makeClip() {
  const size = sizes.imageSize, p = sizes.patchSize, length = size * size * 3, clip = new Uint8ClampedArray(frames * length);
  for (let slot = 0; slot < frames; slot++) {
    const shown = shownIn(slot);
    if (shown < 0) clip.fill(gray, slot * length, (slot + 1) * length);
    else clip.set(state.pictures[shown], slot * length);
  }
  state.masked.forEach((masked, place) => {
    if (!masked) return;
    const t = frameOf(grid, place), n = Math.floor(place / frames), top = Math.floor(n / side) * p, left = (n % side) * p;
    for (let y = top; y < top + p; y++) clip.fill(gray, t * length + (y * size + left) * 3, t * length + (y * size + left + p) * 3);
  });
  return clip;
}

// Computes and draws everything anew, once before the next picture of the screen.
function changed() {
  if (state.pending) return;
  state.pending = true;
  requestAnimationFrame(() => {
    const start = performance.now(), model = modelOf(state.scheme);
    state.clip = makeClip();
    state.answer = model && model.forward(state.clip);
    if (model) state.milliseconds = [...state.milliseconds.slice(-4), performance.now() - start];
    show();
    state.pending = false;
  });
}

// Draws what depends on the question alone.
function asked() {
  if (!state.pending) show();
}

function show() {
  document.querySelectorAll("#block-choice input").forEach((input, block) => (input.checked = block === state.block));
  showAnswer();
  showStrip();
  showInside();
  drawStage();
}

// Whom the query sees in each step of the chosen block: for each row of tokens a weight, null for those out of sight.
// In a scheme without weights, all of a group have the same.
function sights() {
  const classTokens = state.scheme === "space_only" ? frames : 1, { steps } = schemes[state.scheme];
  const isAsking = row => (state.query < 0 ? row < classTokens : row === classTokens + state.query);
  return steps.map((step, s) => {
    const trace = state.answer?.blocks[state.block].steps[s];
    const groups = trace?.groups ?? groupsOf(grid, step, classTokens), seen = new Array(places).fill(null);
    let classWeight = null;
    groups.forEach((members, g) => members.forEach((row, i) => {
      if (!isAsking(row)) return;
      members.forEach((member, j) => {
        const weight = trace ? weightOf(trace.weights[g], members.length, i, j) : 1 / members.length;
        if (member >= classTokens) seen[member - classTokens] = weight;
        else classWeight = weight;
      });
    }));
    return { step, seen, classWeight, most: Math.max(...seen) };
  });
}

// The weight from query i to key j: a head's, or the mean of all.
function weightOf(weights, length, i, j) {
  if (state.head >= 0) return weights[(state.head * length + i) * length + j];
  let sum = 0;
  for (let a = 0; a < sizes.heads; a++) sum += weights[(a * length + i) * length + j];
  return sum / sizes.heads;
}

const placeName = place => {
  const n = Math.floor(place / frames);
  return `row ${Math.floor(n / side) + 1}, column ${(n % side) + 1}`;
};

const patchName = place => (place < 0 ? "the class token" : `frame ${frameOf(grid, place) + 1}, ${placeName(place)}`);
