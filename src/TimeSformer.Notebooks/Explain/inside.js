// The model's parts, and what the open one does to the chosen token, number by number.
"use strict";

const shownKeys = 24;                                // rows of the attention table, at most
const sub = text => element("sub", {}, text);
const sup = text => element("sup", {}, text);
const digits = (value, count) => value.toFixed(count).replace(/^-(0\.0*)$/, "$1").replace("-", "−");

// Numbers as a row of colored cells; positive and negative ones have a color each.
function heat(values, caption, columns = values.length) {
  const most = Math.max(...values.map(Math.abs)) || 1;
  const row = element("div", { className: "heat", attributes: { role: "img", "aria-label": `${caption}: ${values.length} numbers` } });
  row.style.gridTemplateColumns = `repeat(${columns}, 1fr)`;
  for (const value of values) {
    const cell = element("span", { title: value.toFixed(4) }, digits(value, 1));
    const color = value < 0 ? "negative" : "positive";
    cell.style.background = `color-mix(in srgb, var(--${color}) ${Math.round(80 * Math.abs(value) / most)}%, transparent)`;
    row.append(cell);
  }
  return row;
}

const formula = (number, ...parts) =>
  element("p", { className: "formula" }, element("span", {}, ...parts),
    element("small", {}, `equation${/ (to|and) /.test(number) ? "s" : ""} ${number}`));

const labeled = (label, content) => element("div", { className: "labeled" }, element("span", { className: "label" }, label), content);

function partButton(part, title, shape) {
  const button = element("button", { type: "button", onclick: () => {
    state.part = part;
    if (part.block !== undefined) state.block = part.block;
    asked();
  } }, element("b", {}, title), element("small", {}, shape));
  button.opens = part;
  return button;
}

// The parts in the order of the flow; a block has a button for each step and one for its MLP.
function setUpPipeline() {
  const { width: dim, heads, patchSize: p, imageSize: size, depth } = sizes, { steps } = schemes[state.scheme];
  const stage = (title, ...buttons) => element("div", { className: "stage-box" }, element("h3", {}, title), ...buttons);
  const blocks = Array.from({ length: depth }, (_, block) => stage(
    `Block ${block + 1}`,
    ...steps.map((step, index) => {
      const groups = groupsOf(grid, step, 1), button = partButton(
        { kind: "step", step: index, block }, `${step.name} attention`, `${groups.length} × ${groups[0].length} tokens, ${heads} heads`);
      button.style.setProperty("--mark", `var(--${step.name})`);
      return button;
    }),
    partButton({ kind: "mlp", block }, "MLP", `${dim} → ${library.hidden} → ${dim}`)));
  $("pipeline").replaceChildren(
    stage("Clip", element("p", { className: "shape" }, `${frames} frames of ${size} × ${size} pixels`)),
    stage("Tokens", partButton(
      { kind: "embed" }, "embedding", `${frames} × ${patches} patches of ${p} × ${p} → 1 + ${places} tokens of ${dim}`)),
    ...blocks,
    stage("Head", partButton({ kind: "head" }, "classes", `class token, ${dim} → ${library.classes.length}`)));
}

function showInside() {
  const { part } = state;
  for (const button of $("pipeline").querySelectorAll("button")) {
    const { kind, step, block } = button.opens;
    const isOpen = kind === part.kind && step === part.step && (block === undefined || block === state.block);
    button.setAttribute("aria-pressed", isOpen);
  }
  const detail = $("detail");
  if (!state.answer) {
    detail.replaceChildren(element("p", {}, "The numbers need this scheme's weights."));
    return;
  }
  const content = { embed: embeddingDetail, step: stepDetail, mlp: mlpDetail, head: headDetail }[part.kind]();
  detail.replaceChildren(...content.filter(child => child));
}

// The rows of the query: where it stands among the tokens, and its group in a step.
const classTokens = () => modelOf(state.scheme).classTokens;
const queryRow = () => (state.query < 0 ? 0 : classTokens() + state.query);
const tokenOf = (x, row) => [...x.subarray(row * sizes.width, (row + 1) * sizes.width)];
const queryName = () => (state.query < 0 ? "the class token" : `the patch in ${patchName(state.query)}`);

function embeddingDetail() {
  const x = tokenOf(state.answer.embedded, queryRow());
  const pixels = 3 * sizes.patchSize ** 2;
  return [
    element("h3", {}, "From pixels to a token"),
    element("p", {}, state.query < 0
      ? "The class token has no pixels. It is learned, collects what the patches tell it, and is what the head reads at the end."
      : `${pixels} numbers, red, green and blue of ${sizes.patchSize} × ${sizes.patchSize} pixels, are multiplied with a learned matrix. `
        + "What is added tells the token its place in the frame and its frame; without it, order would be lost."),
    ...state.query < 0 ? [] : [
      formula(1, "z", sub("(p,t)"), " = E x", sub("(p,t)"), " + e", sub("(p,t)")), labeled("x", patchPicture(state.query)),
    ],
    labeled("z", heat(x, "token", 16)),
  ];
}

function patchPicture(place) {
  const p = sizes.patchSize, t = frameOf(grid, place), n = Math.floor(place / frames), canvas = element("canvas", {
    width: p, height: p, className: "patch-picture", attributes: { role: "img", "aria-label": `Pixels of ${patchName(place)}` },
  });
  canvas.getContext("2d").drawImage(pictures[t], (n % side) * p, Math.floor(n / side) * p, p, p, 0, 0, p, p);
  return canvas;
}

const tokenNames = {
  time: row => `frame ${frameOf(grid, row) + 1}`,
  space: placeName, width: placeName, height: placeName, local: patchName, global: patchName, "space-time": patchName,
};

// The keys of a group, (place, frame); (0,0) is the class token.
const keyPlaces = {
  time: ["(p,1)", "…", "(p,T)"], space: ["(0,0)", "(1,t)", "…", "(N,t)"], "space-time": ["(0,0)", "(1,1)", "…", "(N,T)"],
};
const keyNames = name => (keyPlaces[name] ?? ["(0,0)", "…"]).flatMap(key => (key === "…" ? [" … "] : [" k", sub(key)]));

// One head of one step: the query against the keys of its group, and what comes of it.
function stepDetail() {
  const traced = state.answer.blocks[state.block].steps[state.part.step], row = queryRow(), first = classTokens();
  const g = traced.groups.findIndex(members => members.includes(row)), title = element("h3", {},
    `Block ${state.block + 1}, ${traced.name} attention, head ${Math.max(0, state.head) + 1}`);
  if (g < 0) return [title, element("p", {}, "The class token takes no part in attention over time: it has no frame of its own.")];
  const members = traced.groups[g], length = members.length, i = members.indexOf(row), head = Math.max(0, state.head);
  const d = sizes.width / sizes.heads;
  const numbers = (token, which) => [...traced.qkv.subarray(...[0, d].map(k => (3 * token + which) * sizes.width + head * d + k))];
  const q = numbers(row, 0), weights = traced.weights[g].subarray((head * length + i) * length, (head * length + i + 1) * length);
  const keys = members.map((member, j) => {
    const k = numbers(member, 1), score = k.reduce((sum, value, n) => sum + value * q[n], 0) / Math.sqrt(d);
    const name = member < first ? "class token" : tokenNames[traced.name](member - first);
    return { name, k, score, weight: weights[j], isQuery: j === i };
  });
  const shown = keys.length > shownKeys ? keys.slice().sort((a, b) => b.weight - a.weight).slice(0, shownKeys) : keys;
  const most = keys.reduce((a, b) => (b.weight > a.weight ? b : a));
  const output = Array.from({ length: d }, (_, n) => members.reduce((sum, member, j) => sum + weights[j] * numbers(member, 2)[n], 0));
  const mark = `var(--${traced.name})`;
  return [
    title,
    element("p", {}, stepSentence(traced.name, length, traced.groups.length),
      state.head < 0 ? " This is the first head; choose another above." : ""),
    element("div", { className: "formulas" },
      formula("2 to 4", "q, k, v = W", sub("Q, K, V"), " LN(z)"),
      formula({ time: 11, space: 6, "space-time": 5 }[traced.name] ?? "5, within the group",
        "α", sup(traced.name), " = SM( q", sup("⊤"), "[ ", ...keyNames(traced.name), ` ] / √${d} )`),
      formula("7 and 8", "z′ = W", sub("O"), " [ Σ α v of each head ] + z")),
    schemes[state.scheme].steps[state.part.step].prefix ? element("p", { className: "hint" }, "As in the official code, one more linear "
      + "layer stands before the sum. It starts at zero, so that training can begin with an image model's block.") : null,
    element("p", { className: "worked" }, `For ${most.name}: e`, sup(digits(most.score, 2)),
      ` divided by the sum of all ${length} is `, element("b", {}, percent(most.weight)), "."),
    shown.length < keys.length ? element("p", { className: "hint" }, `The ${shown.length} largest of ${keys.length} weights.`) : null,
    element("div", { className: "numbers" }, attentionTable(shown, q, output, mark),
      wholeHead(traced.weights[g].subarray(head * length * length, (head + 1) * length * length), length, i, traced.name)),
  ];
}

function stepSentence(name, length, groups) {
  if (state.query < 0) {
    const copies = groups > 1 ? `has a copy in each of the ${groups} groups, whose results are averaged; this is the first. It ` : "";
    return `The class token ${copies}compares its query with ${length} keys.`;
  }
  const who = queryName().replace("the ", "The ");
  const sees = {
    time: `compares its query with the keys of the same place in all ${length} frames.`,
    space: `compares its query with the keys of its frame, and with the class token's: ${length} in all.`,
  }[name] ?? `compares its query with the ${length} keys of its group.`;
  return `${who} ${sees}`;
}

function attentionTable(keys, q, output, mark) {
  const largest = Math.max(...keys.map(key => key.weight));
  const body = keys.map(({ name, k, score, weight, isQuery }) => {
    const bar = element("span", { className: "bar" });
    bar.style.width = `${100 * weight / largest}%`;
    return element("tr", { className: isQuery ? "own" : "" },
      element("th", { scope: "row" }, name), element("td", { className: "vector" }, heat(k, `key of ${name}`)),
      element("td", { className: "number" }, digits(score, 2)),
      element("td", { className: "weight" }, bar, element("span", {}, `${(100 * weight).toFixed(1)} %`)));
  });
  const head = element("tr", {},
    element("th", { scope: "col" }, "token"), element("th", { scope: "col" }, "key k"), element("th", { scope: "col" }, "score"),
    element("th", { scope: "col" }, "weight α"));
  const line = (name, values) => element("tr", { className: "sum" },
    element("th", { scope: "row" }, name), element("td", { className: "vector" }, heat(values, name)),
    element("td"), element("td"));
  const isLong = keys.some(key => key.name.includes("frame") && key.name.includes("row"));
  const table = element("table", { className: `attention${isLong ? " long" : ""}` },
    element("thead", {}, head), element("tbody", {}, line("query q", q), ...body, line("Σ α v", output)));
  table.style.setProperty("--mark", mark);
  return table;
}

// All weights of a head in this group: a row for each query.
function wholeHead(weights, length, i, name) {
  const canvas = element("canvas", {
    width: length, height: length, className: "whole-head",
    attributes: { role: "img", "aria-label": `All ${length} × ${length} weights of this head; a row for each query` },
  });
  const image = new ImageData(length, length), color = getComputedStyle(document.body).getPropertyValue(`--${name}`).trim();
  const [red, green, blue] = color.match(/\w\w/g).map(part => parseInt(part, 16)), most = Math.max(...weights);
  weights.forEach((weight, k) => image.data.set([red, green, blue, 255 * Math.sqrt(weight / most)], 4 * k));
  canvas.getContext("2d").putImageData(image, 0, 0);
  const frame = element("div", { className: "whole-head-frame" }, canvas, element("i"));
  frame.style.setProperty("--row", i);
  frame.style.setProperty("--rows", length);
  return element("figure", {}, frame, element("figcaption", {}, "Each query of this group is a row; the framed one is the table's."));
}

function mlpDetail() {
  const block = state.answer.blocks[state.block], row = queryRow();
  return [
    element("h3", {}, `Block ${state.block + 1}, MLP`),
    element("p", {}, `Each token by itself: its ${sizes.width} numbers become ${library.hidden}, those below zero are damped, `
      + `and ${sizes.width} made from them are added to the token. Here is ${queryName()}.`),
    formula(9, "z = MLP(LN(z′)) + z′"),
    labeled("z′", heat(tokenOf(block.steps.at(-1).tokens, row), "token before", 16)),
    labeled("z", heat(tokenOf(block.tokens, row), "token after", 16)),
  ];
}

function headDetail() {
  const { feature, logits, probabilities } = state.answer;
  const rows = library.classes.map((name, k) => element("tr", {}, element("th", { scope: "row" }, name),
    element("td", { className: "number" }, digits(logits[k], 2)),
    element("td", { className: "number" }, percent(probabilities[k]))));
  return [
    element("h3", {}, "From the class token to classes"),
    element("p", {}, "Only the class token is read. A last matrix gives each class a score; softmax makes the scores probabilities."),
    formula(10, "y = LN(z", sub("(0,0)"), ")"),
    labeled("y", heat([...feature], "feature", 16)),
    element("table", { className: "scores" }, element("thead", {}, element("tr", {}, element("th", { scope: "col" }, "class"),
      element("th", { scope: "col" }, "score"), element("th", { scope: "col" }, "probability"))), element("tbody", {}, ...rows)),
  ];
}
