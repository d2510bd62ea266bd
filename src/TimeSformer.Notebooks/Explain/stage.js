// The stage: the clip as a moving picture, in which the shape can be dragged.
"use strict";

const loop = 1800, pause = 500;                      // milliseconds for the motion, and after it
const ground = document.createElement("canvas");
let dragged = null;                                  // the points of the path that is being drawn
let begun = 0, next = 0;                             // when the motion began, and the request for its next picture

function newScene(seed) {
  state.seed = seed;
  state.scene = randomScene(seed);
  ground.width = ground.height = filmed;
  const image = new ImageData(filmed, filmed);
  for (let k = 0; k < filmed * filmed; k++) {
    for (let c = 0; c < 3; c++) image.data[4 * k + c] = state.scene.background[3 * k + c];
    image.data[4 * k + 3] = 255;
  }
  ground.getContext("2d").putImageData(image, 0, 0);
}

function trace(context, outline, pose, size) {
  context.beginPath();
  for (const [x, y] of cornersOf(outline, pose, size)) context.lineTo(x, y);
  context.closePath();
}

// The slot that is on the screen.
const slotNow = () => Math.min(frames - 1, Math.floor(state.time * frames));

function drawStage() {
  const canvas = $("stage"), context = canvas.getContext("2d"), size = canvas.width, { scene, path } = state;
  const changes = isChanged(), slot = slotNow(), shown = changes ? shownIn(slot) : 0;
  context.imageSmoothingQuality = "high";
  context.drawImage(ground, 0, 0, size, size);
  if (shown < 0) {
    context.fillStyle = `rgb(${gray},${gray},${gray})`;
    context.fillRect(0, 0, size, size);
  } else {
    context.lineWidth = 1.5;
    context.strokeStyle = "rgba(255,255,255,.22)";
    for (const pose of state.poses) {
      trace(context, path.outline, pose, size);
      context.stroke();
    }
    context.fillStyle = `rgb(${scene.color.map(Math.round)})`;
    trace(context, path.outline, dragged ? path.at(1) : changes ? state.poses[shown] : path.at(state.time), size);
    context.fill();
  }
  hideOnStage(context, size, slot);
  document.querySelectorAll(".frame").forEach((frame, t) => frame.classList.toggle("now", t === slot));
  canvas.setAttribute("aria-label", `A shape, ${path.label === null ? "on a path of your own" : motions[path.label].name}`);
}

// Masked patches of a slot, as the model has them.
function hideOnStage(context, size, slot) {
  context.fillStyle = `rgb(${gray},${gray},${gray})`;
  state.masked.forEach((masked, place) => {
    if (!masked || frameOf(grid, place) !== slot) return;
    const n = Math.floor(place / frames), width = size / side;
    context.fillRect((n % side) * width, Math.floor(n / side) * width, width, width);
  });
}

function choose(label) {
  follow(motionPath(state.scene, label));
  begun = 0;
  changed();
}

function play(on) {
  state.playing = on;
  begun = 0;
  $("play").textContent = on ? "Pause" : "Play";
  cancelAnimationFrame(next);
  if (on) next = requestAnimationFrame(tick);
}

function tick(now) {
  if (!state.playing || dragged) return;
  begun ||= now;
  state.time = Math.min(1, ((now - begun) % (loop + pause)) / loop);
  drawStage();
  next = requestAnimationFrame(tick);
}

function setUpStage() {
  const canvas = $("stage");
  const pointOf = event => {
    const box = canvas.getBoundingClientRect();
    return [clamp((event.clientX - box.left) / box.width, 0, 1), clamp((event.clientY - box.top) / box.height, 0, 1)];
  };
  let offset = [0, 0], held = null;
  canvas.onpointerdown = event => {
    const [x, y] = pointOf(event);
    held = isChanged() ? state.poses[Math.max(0, shownIn(slotNow()))] : state.path.at(state.time);
    const isOn = Math.hypot(x - held.x, y - held.y) < Math.max(0.12, 1.2 * held.radius);
    offset = isOn ? [held.x - x, held.y - y] : [0, 0]; // else the shape comes to the pointer
    dragged = [[x + offset[0], y + offset[1]]];
    canvas.setPointerCapture(event.pointerId);
    follow(drawnPath(state.path.outline, held, dragged));
    changed();
  };
  canvas.onpointermove = event => {
    if (!dragged) return;
    const [x, y] = pointOf(event), point = [x + offset[0], y + offset[1]], last = dragged.at(-1);
    if (Math.hypot(point[0] - last[0], point[1] - last[1]) < 0.004) return;
    dragged.push(point);
    follow(drawnPath(state.path.outline, held, dragged));
    changed();
  };
  canvas.onpointerup = canvas.onpointercancel = () => {
    if (!dragged) return;
    dragged = null;
    state.time = 1;
    play(state.playing);
    drawStage();
  };
  canvas.onkeydown = event => {
    const label = { ArrowRight: 0, ArrowLeft: 1, ArrowDown: 2, ArrowUp: 3 }[event.key];
    if (label === undefined) return;
    event.preventDefault();
    choose(label);
  };
  $("play").onclick = () => play(!state.playing);
  $("another").onclick = () => {
    newScene(state.seed + 1);
    choose(state.path.label ?? 0);
  };
}
