// TimeSformer, from a clip to class scores: "Is Space-Time Attention All You Need for Video Understanding?"
// (Bertasius, Wang, Torresani, ICML 2021). Equation numbers are the paper's.
//
// Matrices are flat Float32Arrays, row after row. T frames of H x W patches give N = H·W patches per frame, each a
// token of D numbers. Patch (t, h, w) stands at place (h·W + w)·T + t: all frames of one place, then the next place.
"use strict";

const placeOf = (grid, t, h, w) => (h * grid.width + w) * grid.frames + t;

const frameOf = (grid, place) => place % grid.frames;

// A step of attention lets a patch see the patches of its own group. Here each step says which group patch (t, h, w) is
// in, and whether the class token takes part. The prefix begins the names of the step's weights.
const timeStep = { name: "time", prefix: "temporal_", withClass: false, group: (g, t, h, w) => h * g.width + w };
const spaceStep = { name: "space", prefix: "", withClass: true, group: (g, t) => t };

const half = (length, k) => (k < Math.ceil(length / 2) ? 0 : 1);

const schemes = {
  divided_space_time: { title: "Divided space-time", steps: [timeStep, spaceStep] },
  joint_space_time: {
    title: "Joint space-time",
    steps: [{ name: "space-time", prefix: "", withClass: true, group: () => 0 }],
  },
  space_only: { title: "Space only", steps: [spaceStep] },
  sparse_local_global: {
    title: "Sparse local-global",
    steps: [
      { name: "local", prefix: "local_", withClass: true, group: (g, t, h, w) => 2 * half(g.height, h) + half(g.width, w) },
      { name: "global", prefix: "", withClass: true, group: (g, t, h, w) => 4 * (h % 2) + 2 * (w % 2) + (t % 2) },
    ],
  },
  axial: {
    title: "Axial",
    steps: [
      timeStep,
      { name: "width", prefix: "width_", withClass: true, group: (g, t, h) => t * g.height + h },
      { name: "height", prefix: "", withClass: true, group: (g, t, h, w) => t * g.width + w },
    ],
  },
};

// The rows of tokens that see each other in a step. Class tokens come first: one for the clip or, in the space-only
// scheme, one for each frame; patches follow by place. A class token has a copy in each of its groups.
function groupsOf(grid, step, classTokens) {
  const groups = [];
  for (let h = 0; h < grid.height; h++) {
    for (let w = 0; w < grid.width; w++) {
      for (let t = 0; t < grid.frames; t++) {
        const g = step.group(grid, t, h, w);
        groups[g] ??= step.withClass ? [classTokens > 1 ? t : 0] : [];
        groups[g].push(classTokens + placeOf(grid, t, h, w));
      }
    }
  }
  return groups.filter(rows => rows);
}

// Each row times a matrix, plus a bias: (R, I) and weight (O, I) to (R, O). Four rows and two outputs at a time, so that
// a number is fetched once for several products.
function linear(x, weight, bias) {
  const outputs = bias.length, inputs = weight.length / outputs, rows = x.length / inputs;
  const y = new Float32Array(rows * outputs);
  const wholeRows = rows - rows % 4, wholeOutputs = outputs - outputs % 2;
  for (let r = 0; r < wholeRows; r += 4) {
    const x0 = r * inputs, x1 = x0 + inputs, x2 = x1 + inputs, x3 = x2 + inputs;
    for (let o = 0; o < wholeOutputs; o += 2) {
      const w0 = o * inputs, w1 = w0 + inputs;
      let a0 = bias[o], b0 = a0, c0 = a0, d0 = a0, a1 = bias[o + 1], b1 = a1, c1 = a1, d1 = a1;
      for (let i = 0; i < inputs; i++) {
        const u = weight[w0 + i], v = weight[w1 + i], a = x[x0 + i], b = x[x1 + i], c = x[x2 + i], d = x[x3 + i];
        a0 += u * a;
        b0 += u * b;
        c0 += u * c;
        d0 += u * d;
        a1 += v * a;
        b1 += v * b;
        c1 += v * c;
        d1 += v * d;
      }
      const to = r * outputs + o;
      y[to] = a0;
      y[to + 1] = a1;
      y[to + outputs] = b0;
      y[to + outputs + 1] = b1;
      y[to + 2 * outputs] = c0;
      y[to + 2 * outputs + 1] = c1;
      y[to + 3 * outputs] = d0;
      y[to + 3 * outputs + 1] = d1;
    }
  }
  for (let r = 0; r < rows; r++) {                       // what is left at the edges
    for (let o = r < wholeRows ? wholeOutputs : 0; o < outputs; o++) {
      let sum = bias[o];
      for (let i = 0; i < inputs; i++) sum += weight[o * inputs + i] * x[r * inputs + i];
      y[r * outputs + o] = sum;
    }
  }
  return y;
}

// LN: each row to mean 0 and variance 1, then scaled and shifted.
function layerNorm(x, weight, bias, eps) {
  const width = weight.length, y = new Float32Array(x.length);
  for (let start = 0; start < x.length; start += width) {
    let mean = 0, variance = 0;
    for (let i = 0; i < width; i++) mean += x[start + i] / width;
    for (let i = 0; i < width; i++) variance += (x[start + i] - mean) ** 2 / width;
    const scale = 1 / Math.sqrt(variance + eps);
    for (let i = 0; i < width; i++) y[start + i] = (x[start + i] - mean) * scale * weight[i] + bias[i];
  }
  return y;
}

// SM, in place: exp(score) of each of `length` scores, divided by their sum.
function softmax(scores, start = 0, length = scores.length) {
  let most = -Infinity, sum = 0;
  for (let i = start; i < start + length; i++) most = Math.max(most, scores[i]);
  for (let i = start; i < start + length; i++) sum += scores[i] = Math.exp(scores[i] - most);
  for (let i = start; i < start + length; i++) scores[i] /= sum;
  return scores;
}

// The error function, to 1.5e-7 (Abramowitz and Stegun, 7.1.26).
function erf(x) {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const sum = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - sum * Math.exp(-x * x));
}

// GELU: x times the probability that a standard normal number is below x.
const gelu = x => 0.5 * x * (1 + erf(x * Math.SQRT1_2));

const plus = (a, b) => a.map((value, i) => value + b[i]);

class TimeSformer {
  // The sizes, and the weights by their names in the official code.
  constructor(sizes, weights) {
    this.sizes = sizes;
    this.weights = weights;
    this.steps = schemes[sizes.scheme].steps;
    const side = sizes.imageSize / sizes.patchSize;
    this.grid = { frames: sizes.frames, height: side, width: side };
    this.classTokens = sizes.scheme === "space_only" ? sizes.frames : 1;
    this.groups = this.steps.map(step => groupsOf(this.grid, step, this.classTokens));
  }

  layer(name, x) {
    const weight = this.weights[`${name}.weight`];
    const bias = this.weights[`${name}.bias`] ?? new Float32Array(3 * this.sizes.width); // queries, keys, values without bias
    return linear(x, weight, bias);
  }

  norm(name, x) {
    return layerNorm(x, this.weights[`${name}.weight`], this.weights[`${name}.bias`], this.sizes.eps);
  }

  // Pixels (T, S, S, 3), 0 to 255, to scores of the classes, with everything on the way that is worth a look.
  forward(pixels) {
    const embedded = this.embed(pixels);
    let x = embedded;
    const blocks = [];
    for (let b = 0; b < this.sizes.depth; b++) {
      const block = { steps: [] };
      for (const [s, step] of this.steps.entries()) {
        block.steps.push(this.attend(x, `blocks.${b}.${step.prefix}`, step, this.groups[s]));
        x = block.steps.at(-1).tokens;
      }
      x = block.tokens = this.mlp(x, `blocks.${b}.`);
      blocks.push(block);
    }
    const feature = this.norm("norm", this.classToken(x));                            // (D), equation 10
    const logits = this.layer("head", feature);                                       // (classes)
    return { embedded, blocks, feature, logits, probabilities: softmax(logits.slice()) };
  }

  // Equation 1: a patch's pixels, projected to a token, plus what tells it its place and its frame.
  embed(pixels) {
    const { imageSize: side, patchSize: p, width: dim, mean, std } = this.sizes, { frames, height, width } = this.grid;
    const patch = new Float32Array(frames * height * width * 3 * p * p);              // (N·T, 3·P·P)
    let to = 0;
    for (let h = 0; h < height; h++) for (let w = 0; w < width; w++) for (let t = 0; t < frames; t++) {
      for (let c = 0; c < 3; c++) for (let y = 0; y < p; y++) for (let x = 0; x < p; x++) {
        const value = pixels[((t * side + h * p + y) * side + w * p + x) * 3 + c];
        patch[to++] = (value / 255 - mean[c]) / std[c];
      }
    }
    const projected = this.layer("patch_embed.proj", patch);                          // (N·T, D)
    const first = this.classTokens, x = new Float32Array(first * dim + projected.length);
    const { cls_token: cls, pos_embed: space, time_embed: time } = this.weights;
    for (let k = 0; k < first; k++) for (let i = 0; i < dim; i++) x[k * dim + i] = cls[i] + (space?.[i] ?? 0);
    for (let place = 0; place < projected.length / dim; place++) {
      const n = Math.floor(place / frames), t = place % frames;
      for (let i = 0; i < dim; i++) {
        const position = (space?.[(1 + n) * dim + i] ?? 0) + (time?.[t * dim + i] ?? 0);
        x[(first + place) * dim + i] = projected[place * dim + i] + position;
      }
    }
    return x;                                                                         // (1 + N·T, D)
  }

  // Equations 2 to 8: queries, keys and values of all tokens; attention within each group; a projection, added to the
  // token. A class token with several copies gets the mean of their results.
  attend(x, prefix, step, groups) {
    const dim = this.sizes.width, rows = x.length / dim, seen = new Float32Array(rows * dim), copies = new Int32Array(rows);
    const qkv = this.layer(`${prefix}attn.qkv`, this.norm(`${prefix}norm1`, x));      // (R, 3, A, D/A)
    const weights = groups.map(members => this.within(members, qkv, seen));
    for (const row of groups.flat()) copies[row]++;
    const mean = seen.map((value, i) => value / Math.max(1, copies[Math.floor(i / dim)]));
    let added = this.layer(`${prefix}attn.proj`, mean);                               // equation 8
    if (step.prefix) added = this.layer(`${prefix}fc`, added);                        // in a step that an image ViT lacks
    const tokens = x.map((value, i) => (copies[Math.floor(i / dim)] ? value + added[i] : value));
    return { name: step.name, groups, qkv, weights, tokens };
  }

  // The L rows of a group: each head of each row weighs the values of all by its query's products with their keys. Adds
  // what they see to `seen` (R, D), and returns the weights (A, L, L).
  within(members, qkv, seen) {
    const { width: dim, heads } = this.sizes, d = dim / heads, length = members.length;
    const weights = new Float32Array(heads * length * length);
    for (let a = 0; a < heads; a++) {
      const query = row => row * 3 * dim + a * d, key = row => query(row) + dim, value = row => query(row) + 2 * dim;
      for (let i = 0; i < length; i++) {
        const q = query(members[i]), start = (a * length + i) * length, to = members[i] * dim + a * d;
        for (let j = 0; j < length; j++) {
          const k = key(members[j]);
          let product = 0;
          for (let n = 0; n < d; n++) product += qkv[q + n] * qkv[k + n];
          weights[start + j] = product / Math.sqrt(d);
        }
        softmax(weights, start, length);                                              // equation 5, 6 or 11
        for (let j = 0; j < length; j++) {
          const v = value(members[j]), weight = weights[start + j];
          for (let n = 0; n < d; n++) seen[to + n] += weight * qkv[v + n];            // equation 7
        }
      }
    }
    return weights;
  }

  // Equation 9: two layers on each token by itself.
  mlp(x, prefix) {
    const hidden = this.layer(`${prefix}mlp.fc1`, this.norm(`${prefix}norm2`, x));    // (R, 4·D)
    return plus(x, this.layer(`${prefix}mlp.fc2`, hidden.map(gelu)));
  }

  // The class token after the last block; the mean of the frames' in the space-only scheme.
  classToken(x) {
    const dim = this.sizes.width, count = this.classTokens, mean = new Float32Array(dim);
    for (let k = 0; k < count * dim; k++) mean[k % dim] += x[k] / count;
    return mean;
  }
}
