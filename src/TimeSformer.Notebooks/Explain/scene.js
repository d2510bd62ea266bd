// The videos that the model was trained on: a pale shape that moves before a dark background, drawn as the program draws
// them. Places and sizes are fractions of the picture's side, angles are in radians.
"use strict";

const filmed = 48;          // pixels per side of a training video, which is scaled to the model's clip
const samples = 4;          // samples per pixel and side, for smooth edges
const firstTime = 1 / 17, lastTime = 16 / 17; // the part of a video that a clip covers: frames 1 to 16 of 0 to 17

const motions = [
  { name: "moving right", sign: "→" }, { name: "moving left", sign: "←" },
  { name: "moving down", sign: "↓" }, { name: "moving up", sign: "↑" },
  { name: "growing", sign: "⤢" }, { name: "shrinking", sign: "⤡" },
  { name: "turning clockwise", sign: "↻" }, { name: "turning counter-clockwise", sign: "↺" },
];

const polygon = (corners, radius) => Array.from({ length: corners }, (_, k) => {
  const angle = 2 * Math.PI * k / corners;
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
});

const shapes = [
  polygon(48, 0.9), polygon(4, 1.1), polygon(3, 1.15),
  [[-0.3, -1], [0.3, -1], [0.3, -0.3], [1, -0.3], [1, 0.3], [0.3, 0.3],
    [0.3, 1], [-0.3, 1], [-0.3, 0.3], [-1, 0.3], [-1, -0.3], [-0.3, -0.3]],
];
const bar = [[-1, -0.22], [1, -0.22], [1, 0.22], [-1, 0.22]];

// Random numbers from 0 to 1 that a seed repeats (mulberry32).
function randomFrom(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let x = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296;
  };
}

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

const mix = (a, b, t) => a + (b - a) * t;

// A shape, its colors, its background, and where it begins and ends in each of the motions.
function randomScene(seed) {
  const random = randomFrom(seed), between = (low, high) => mix(low, high, random());
  const shade = level => clamp(level + between(-40, 40), 0, 255), shades = level => [shade(level), shade(level), shade(level)];
  const ground = shades(between(20, 80)), color = shades(between(170, 235));
  const coarse = Array.from({ length: 16 }, () => {
    const shift = Math.floor(between(-25, 26));
    return ground.map(value => clamp(value + shift, 0, 255));
  });
  const outline = shapes[Math.floor(random() * shapes.length)];
  const pose = { x: between(0.3, 0.7), y: between(0.3, 0.7), radius: between(0.16, 0.24), angle: between(0, 2 * Math.PI) };
  const low = between(0.1, 0.3), high = between(0.7, 0.9), small = between(0.08, 0.12), large = between(0.3, 0.4);
  const center = { ...pose, x: between(0.5, 0.55), y: between(0.5, 0.55), radius: 0.4 };
  const ends = [
    [{ ...pose, x: low }, { ...pose, x: high }],
    [{ ...pose, y: low }, { ...pose, y: high }],
    [{ ...pose, radius: small }, { ...pose, radius: large }],
    [center, { ...center, angle: pose.angle + between(1.6, 2.6) }],
  ];
  return { color, background: enlarged(coarse), outline, ends };
}

// 4 x 4 colors to a smooth background (48, 48, 3), by cubic interpolation.
function enlarged(coarse) {
  const cubic = x => {
    const a = -0.75, d = Math.abs(x);
    return d < 1 ? ((a + 2) * d - (a + 3)) * d * d + 1 : d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
  };
  const picture = new Float32Array(filmed * filmed * 3);
  for (let y = 0; y < filmed; y++) for (let x = 0; x < filmed; x++) {
    const v = (y + 0.5) * 4 / filmed - 0.5, u = (x + 0.5) * 4 / filmed - 0.5;
    for (let j = Math.floor(v) - 1; j <= Math.floor(v) + 2; j++) for (let i = Math.floor(u) - 1; i <= Math.floor(u) + 2; i++) {
      const near = coarse[4 * clamp(j, 0, 3) + clamp(i, 0, 3)], weight = cubic(v - j) * cubic(u - i);
      for (let c = 0; c < 3; c++) picture[(y * filmed + x) * 3 + c] += weight * near[c];
    }
  }
  return picture;
}

// What moves: the poses of a motion, as a function of the time from 0 to 1.
function motionPath(scene, label) {
  const [from, to] = scene.ends[label >> 1], outline = label >= 6 ? bar : scene.outline;
  const at = time => {
    const t = mix(firstTime, lastTime, label % 2 ? 1 - time : time);
    return {
      x: mix(from.x, to.x, t), y: mix(from.y, to.y, t), radius: mix(from.radius, to.radius, t), angle: mix(from.angle, to.angle, t),
    };
  };
  return { outline, at, label };
}

// What moves along a line that was drawn, at an even pace: `points` are [x, y], one or more.
function drawnPath(outline, pose, points) {
  const lengths = [0];
  for (let k = 1; k < points.length; k++) {
    lengths.push(lengths[k - 1] + Math.hypot(points[k][0] - points[k - 1][0], points[k][1] - points[k - 1][1]));
  }
  const at = time => {
    const length = time * lengths.at(-1), next = Math.max(1, lengths.findIndex(l => l >= length));
    if (points.length === 1) return { ...pose, x: points[0][0], y: points[0][1] };
    const part = (length - lengths[next - 1]) / (lengths[next] - lengths[next - 1] || 1);
    const [a, b] = [points[next - 1], points[next]];
    return { ...pose, x: mix(a[0], b[0], part), y: mix(a[1], b[1], part) };
  };
  return { outline, at, label: null };
}

const cornersOf = (outline, pose, side) => outline.map(([x, y]) => {
  const sin = Math.sin(pose.angle), cos = Math.cos(pose.angle);
  return [side * (pose.x + pose.radius * (x * cos - y * sin)), side * (pose.y + pose.radius * (x * sin + y * cos))];
});

// How much of each pixel of (48, 48) an outline covers, from 0 to 1.
function coverage(outline, pose) {
  const side = filmed * samples, corners = cornersOf(outline, pose, side), covered = new Float32Array(filmed * filmed);
  for (let row = 0; row < side; row++) {
    const y = row + 0.5, crossings = [];
    corners.forEach(([x1, y1], k) => {
      const [x2, y2] = corners[(k + 1) % corners.length];
      if ((y1 <= y) !== (y2 <= y)) crossings.push(x1 + (y - y1) / (y2 - y1) * (x2 - x1));
    });
    crossings.sort((a, b) => a - b);
    for (let k = 0; k + 1 < crossings.length; k += 2) {
      const end = Math.min(side, Math.round(crossings[k + 1]));
      for (let x = Math.max(0, Math.round(crossings[k])); x < end; x++) {
        covered[Math.floor(row / samples) * filmed + Math.floor(x / samples)] += 1 / samples ** 2;
      }
    }
  }
  return covered;
}

// A frame as the model sees it: bytes (S, S, 3), drawn at 48 pixels and scaled by linear interpolation.
function drawFrame(scene, outline, pose, size) {
  const covered = coverage(outline, pose), large = scene.background.map((ground, k) =>
    Math.round(clamp(mix(ground, scene.color[k % 3], covered[Math.floor(k / 3)]), 0, 255)));
  const frame = new Uint8ClampedArray(size * size * 3), ratio = filmed / size;
  const places = Array.from({ length: size }, (_, k) => {
    const at = clamp((k + 0.5) * ratio - 0.5, 0, filmed - 1), low = Math.floor(at);
    return { low, high: Math.min(low + 1, filmed - 1), part: at - low };
  });
  let to = 0;
  for (const y of places) for (const x of places) for (let c = 0; c < 3; c++) {
    const value = (row, column) => large[(row * filmed + column) * 3 + c];
    const above = mix(value(y.low, x.low), value(y.low, x.high), x.part);
    const below = mix(value(y.high, x.low), value(y.high, x.high), x.part);
    frame[to++] = mix(above, below, y.part);
  }
  return frame;
}
