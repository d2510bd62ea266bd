// The answer, the experiments, and the choices; starts the page.
"use strict";

const ideas = {
  divided_space_time: "A patch looks at its own place in all frames, then at all places of its own frame.",
  joint_space_time: "A patch looks at all patches of all frames at once, which takes many more comparisons.",
  space_only: "A patch looks at its own frame alone, and the frames' answers are averaged. Reverse time: nothing changes.",
  sparse_local_global: "A patch looks at its quarter of the picture in all frames, then at every second patch in time, height and width.",
  axial: "A patch looks along one line after another: through time, along its row, along its column.",
};

const experiments = [
  {
    title: "Reverse time",
    text: "The same eight pictures, last first: right becomes left, growing becomes shrinking.",
    run: () => state.order.reverse(),
  },
  {
    title: "Shuffle the frames",
    text: "The same pictures in no order. Whoever looks at single pictures would not notice.",
    run: () => {
      const random = randomFrom(state.seed + Math.floor(performance.now()));
      const before = `${state.order}`;
      while (`${state.order}` === before) state.order = state.order.map(k => [random(), k]).sort(([a], [b]) => a - b).map(([, k]) => k);
    },
  },
  {
    title: "Stop time",
    text: "The first frame in place of all others: a picture shows no motion, but a model must answer.",
    run: () => state.slots.fill("held", 1),
  },
  {
    title: "Hide the shape in one frame",
    text: "Masks the patches that it covers in the fourth frame. The others should tell enough.",
    run: () => hideShape(Math.min(3, frames - 1)),
  },
  {
    title: "Keep the first and last frame",
    text: "Blanks all between them. Are two pictures enough?",
    run: () => state.slots.fill("blank", 1, frames - 1),
  },
];

// Masks the patches of a slot that the shape covers.
function hideShape(slot) {
  const covered = coverage(state.path.outline, state.poses[Math.max(0, shownIn(slot))]), width = filmed / side;
  covered.forEach((part, k) => {
    if (part === 0) return;
    const row = Math.floor(Math.floor(k / filmed) / width), column = Math.floor(k % filmed / width);
    state.masked[placeOf(grid, slot, row, column)] = 1;
  });
}

const best = () => {
  const { probabilities } = state.answer, label = probabilities.indexOf(Math.max(...probabilities));
  return `${library.classes[label]}, ${percent(probabilities[label])}`;
};

let before = null;                                   // the experiment that was begun, and what the model said until then

function begin(experiment) {
  before = { title: experiment.title, said: state.answer && best() };
  experiment.run();
  changed();
}

const bars = library.classes.map((name, label) => {
  const fill = element("i"), number = element("span", { className: "value" });
  const row = element("div", { className: "class" },
    element("span", { className: "sign", attributes: { "aria-hidden": "true" } }, motions[label].sign),
    element("span", { className: "name" }, name), element("span", { className: "track" }, fill), number);
  return { row, fill, number };
});

const weightCount = scheme => Object.values(modelOf(scheme).weights).reduce((sum, weight) => sum + weight.length, 0);

function showAnswer() {
  const { answer, path } = state;
  bars.forEach(({ row, fill, number }, label) => {
    const value = answer ? answer.probabilities[label] : 0;
    fill.style.width = `${100 * value}%`;
    number.textContent = answer ? percent(value) : "–";
    row.classList.toggle("best", Boolean(answer) && value === Math.max(...answer.probabilities));
    row.classList.toggle("drawn", label === path.label);
  });
  $("verdict").textContent = answer ? best() : "This scheme's weights are not in the page.";
  const { milliseconds } = state, fastest = Math.max(1, Math.round(Math.min(...milliseconds)));
  $("speed").textContent = !answer ? "" : `${weightCount(state.scheme).toLocaleString("en")} weights, all computed in this page`
    + `${milliseconds.length > 2 ? `, in ${fastest} milliseconds` : ""}.`;
  if (before) {
    if (before.said && answer) $("outcome").textContent = `${before.title}: ${before.said} → ${best()}`;
    before = null;
  } else if (!isChanged()) {
    $("outcome").textContent = "Each changes the clip. What comes of it stands here.";
  }
  $("motions").querySelectorAll("button").forEach((button, label) => button.setAttribute("aria-pressed", label === path.label));
}

// A choice among a few: radio buttons that look like one switch.
function switchOf(id, legend, options, chosen, choose) {
  const group = element("fieldset", { className: "switch" }, element("legend", {}, legend));
  for (const { value, text, note } of options) {
    const input = element("input", { type: "radio", name: id, value, checked: value === chosen, onchange: () => choose(value) });
    group.append(element("label", { className: note ? "missing" : "", title: note ?? "" }, input, element("span", {}, text)));
  }
  $(id).replaceChildren(group);
}

const numbered = (count, start = []) => [...start, ...Array.from({ length: count }, (_, k) => ({ value: k, text: `${k + 1}` }))];

function setUpChoices() {
  const missing = scheme => (library.models.some(model => model.scheme === scheme) ? undefined : "Shows the pattern; weights are not here");
  switchOf("scheme-choice", "Scheme", Object.entries(schemes).map(([value, { title }]) => ({ value, text: title, note: missing(value) })),
    state.scheme, useScheme);
  switchOf("block-choice", "Block", numbered(sizes.depth), state.block, block => {
    state.block = block;
    asked();
  });
  switchOf("head-choice", "Head", numbered(sizes.heads, [{ value: -1, text: "mean" }]), state.head, head => {
    state.head = head;
    asked();
  });
  switchOf("tool-choice", "A click", [{ value: false, text: "asks" }, { value: true, text: "masks" }], state.masking, masking => {
    state.masking = masking;
    asked();
  });
}

function useScheme(scheme) {
  state.scheme = scheme;
  state.part = { kind: "step", step: 0 };
  state.milliseconds = [];
  const { title, steps } = schemes[scheme], pattern = $("pattern");
  const parts = steps.flatMap((step, k) => {
    const word = element("b", { className: "mark" }, step.name);
    word.style.setProperty("--mark", `var(--${step.name})`);
    return [k === 0 ? "" : k === steps.length - 1 ? " and " : ", ", word];
  });
  $("explanation").replaceChildren(
    `${frames} frames, each cut into ${patches} patches. ${ideas[scheme]} Choose a patch, and see what it attends to in `, ...parts,
    modelOf(scheme) ? "; the numbers are percent." : ".");
  pattern.hidden = Boolean(modelOf(scheme));
  pattern.textContent = `${title}: the colors show who may look at whom, not how much. It has weights of its own, which are not in `
    + `this page. To add them, train with model.attention_type ${scheme}, and name the run with another --checkpoint.`;
  setUpPipeline();
  changed();
}

// Comparisons of a patch in a block, step by step.
function setUpCosts() {
  const costs = Object.values(schemes).map(({ title, steps }) => {
    const lengths = steps.map(step => groupsOf(grid, step, 1).find(members => members.includes(1)).length);
    return { title, steps, lengths, total: lengths.reduce((a, b) => a + b) };
  }).sort((a, b) => b.total - a.total);
  $("costs").append(...costs.map(({ title, steps, lengths, total }) => {
    const fills = lengths.map((length, k) => {
      const fill = element("i", { title: steps[k].name });
      fill.style.width = `${100 * length / costs[0].total}%`;
      fill.style.background = `var(--${steps[k].name})`;
      return fill;
    });
    const sum = lengths.length > 1 ? `${lengths.join(" + ")} = ${total}` : `${total}`;
    return element("div", { className: "class" }, element("span", { className: "name" }, title),
      element("span", { className: "track" }, ...fills), element("span", { className: "value" }, sum));
  }));
}

function start() {
  setUpStage();
  setUpStrip();
  $("bars").append(...bars.map(({ row }) => row));
  $("motions").append(...motions.map(({ name, sign }, label) => element("button", {
    type: "button", title: name, onclick: () => choose(label), attributes: { "aria-label": `Show: ${name}` },
  }, sign)));
  $("experiments").append(...experiments.map(experiment => element("div", { className: "experiment" },
    element("button", { type: "button", onclick: () => begin(experiment) }, experiment.title), element("p", {}, experiment.text))));
  $("provenance").textContent = library.provenance;
  setUpChoices();
  setUpCosts();
  newScene(1);
  follow(motionPath(state.scene, 0));
  useScheme(state.scheme);
  play(state.playing);
}

start();
