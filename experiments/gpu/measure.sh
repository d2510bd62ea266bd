#!/usr/bin/env bash
# Measures on a GPU, in about ten minutes:
#   experiments/gpu/measure.sh PYTHON OFFICIAL [RESULTS]
# PYTHON has PyTorch (einops, fvcore and numpy for the official code); OFFICIAL is a checkout of the official TimeSformer; RESULTS is a
# folder (default: experiments/results/gpu). PARTS (default: parity,steps,epoch,cost) chooses; each part writes its own files.
# The programs are those that ./timesformer has built or, where there is no SDK, those that publish.sh has made, in PUBLISHED.
# Both run on PyTorch's own libraries. DEVICE=cpu SIZES=tiny ROUNDS=1 tries the script on a processor.
set -euo pipefail
cd "$(dirname "$0")/../.."
if (($# < 2)); then
  sed -n '2,8p' "$0" >&2
  exit 2
fi
python=$1 official=$2 results=${3:-experiments/results/gpu}
device=${DEVICE:-cuda} sizes=${SIZES:-base,small} rounds=${ROUNDS:-3} parts=${PARTS:-parity,steps,epoch,cost}
reference=${REFERENCE:-../shared/reference/official}
mkdir -p "$results"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Where pip puts CUDA's libraries: beside torch, in nvidia/*/lib.
torch=$("$python" -c 'import os, torch; print(os.path.dirname(torch.__file__))')
if [[ $device != cpu ]]; then
  LIBTORCH=$torch/lib
  LD_LIBRARY_PATH=$torch/lib$(printf ':%s' "$(dirname "$torch")"/nvidia/*/lib)${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
  export LIBTORCH LD_LIBRARY_PATH
fi
# Ours and the official code share the memory: as little of it as possible is lost between blocks.
export OMP_WAIT_POLICY=PASSIVE PYTORCH_CUDA_ALLOC_CONF=expandable_segments:True

timesformer() {
  if [[ -n ${PUBLISHED:-} ]]; then "$PUBLISHED/timesformer" "$@"; else ./timesformer "$@"; fi
}
bench() {
  if [[ -n ${PUBLISHED:-} ]]; then "$PUBLISHED/bench" "$@"; else ./timesformer bench "$@"; fi
}
# part KIND NAME COMMAND...: one that fails does not keep the others from running.
failed=()
part() {
  [[ ,$parts, == *,$1,* ]] || return 0
  echo "== $2 (${SECONDS} s)" >&2
  "${@:3}" || failed+=("$2")
}
parity() {
  local files=("$reference"/*.safetensors)
  timesformer parity --device "$device" "${files[@]}" >"$results/parity.txt"
}
# steps MODELS PRECISIONS NAME OPTION...
steps() {
  bench --device "$device" --models "$1" --precisions "$2" --steps composed,attention,kernels --rounds "$rounds" \
    --python "$python" --peer "$official" "${@:4}" --json >"$work/$3.json"
  mv "$work/$3.json" "$results/$3.json"
}
# One epoch; the logs show whether the losses of the precisions agree.
epoch() {
  local recipe=$work/epoch-$1.yaml
  sed -e 's/^  epochs: .*/  epochs: 1/; s/^  steps: .*/  steps: [0]/; s/^  lrs: .*/  lrs: [1]/' experiments/motion-tiny.yaml >"$recipe"
  echo "  precision: $1" >>"$recipe"
  timesformer train "$recipe" --device "$device" --output "$work/epoch-$1" >&2
  cp "$work/epoch-$1/log.jsonl" "$results/epoch-$1.jsonl"
}

IFS=, read -ra models <<<"$sizes"
compile=(--compile) # of the first model alone: it takes a minute each time
if [[ $device == cpu ]]; then compile=(); fi
part parity parity parity
for model in "${models[@]}"; do
  part steps "steps of $model" steps "$model" bfloat16,bfloat16_weights "steps-$model" "${compile[@]}"
  compile=()
done
part steps "steps of ${models[-1]} in float32" steps "${models[-1]}" float32 steps-float32
for precision in float32 bfloat16 bfloat16_weights; do part epoch "an epoch in $precision" epoch "$precision"; done
part cost "cost of attention" timesformer reproduce cost --scale gpu --device "$device" --results "$(dirname "$results")"
echo "done in $SECONDS s; results are in $results" >&2
if ((${#failed[@]})); then
  printf 'failed: %s\n' "${failed[@]}" >&2
  exit 1
fi
