#!/usr/bin/env bash
# Measures everything on a GPU in under ten minutes:
#   experiments/gpu/measure.sh PYTHON OFFICIAL [RESULTS]
# PYTHON has PyTorch (einops, fvcore and numpy for the official code); OFFICIAL is a checkout of the official TimeSformer; RESULTS is a
# folder (default: experiments/results/gpu). DEVICE=cpu SIZES=tiny ROUNDS=1 tries its parts on a processor.
# The programs are those that ./timesformer has built or, where there is no SDK, published ones in PUBLISHED (publish.sh makes them).
# Both run on PyTorch's own libraries.
set -euo pipefail
cd "$(dirname "$0")/../.."
if (($# < 2)); then
  sed -n '2,7p' "$0" >&2
  exit 2
fi
python=$1 official=$2 results=${3:-experiments/results/gpu}
device=${DEVICE:-cuda} sizes=${SIZES:-base,small} rounds=${ROUNDS:-4}
reference=${REFERENCE:-../shared/reference/official}
mkdir -p "$results"

# Where pip puts CUDA's libraries: beside torch, in nvidia/*/lib.
torch=$("$python" -c 'import os, torch; print(os.path.dirname(torch.__file__))')
if [[ $device != cpu ]]; then
  LIBTORCH=$torch/lib
  LD_LIBRARY_PATH=$torch/lib$(printf ':%s' "$(dirname "$torch")"/nvidia/*/lib)${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
  export LIBTORCH LD_LIBRARY_PATH
fi
export OMP_WAIT_POLICY=PASSIVE

timesformer() {
  if [[ -n ${PUBLISHED:-} ]]; then "$PUBLISHED/timesformer" "$@"; else ./timesformer "$@"; fi
}
bench() {
  if [[ -n ${PUBLISHED:-} ]]; then "$PUBLISHED/bench" "$@"; else ./timesformer bench "$@"; fi
}
# part NAME COMMAND...: one that fails does not keep the others from running.
failed=()
part() {
  echo "== $1 (${SECONDS} s)" >&2
  "${@:2}" || failed+=("$1")
}
steps() {
  bench --device "$device" --models "$1" --precisions "$2" --steps composed,attention,kernels --rounds "$rounds" \
    --python "$python" --peer "$official" "${@:4}" --json >"$results/$3.json.partial"
  mv "$results/$3.json.partial" "$results/$3.json"
}
parity() {
  local files=("$reference"/*.safetensors)
  [[ -e ${files[0]} ]] || return 0
  timesformer parity --device "$device" "${files[@]}" | tee "$results/parity.txt" >&2
}
# One epoch in each precision; the logs show that the losses agree.
epoch() {
  local recipe=$results/epoch-$1.yaml
  sed -e 's/^  epochs: .*/  epochs: 1/; s/^  steps: .*/  steps: [0]/; s/^  lrs: .*/  lrs: [1]/' experiments/motion-tiny.yaml >"$recipe"
  echo "  precision: $1" >>"$recipe"
  timesformer train "$recipe" --device "$device" --output "runs/gpu-$1" >&2
  cp "runs/gpu-$1/log.jsonl" "$results/epoch-$1.jsonl"
}

part parity parity
for precision in float32 bfloat16 bfloat16_weights; do part "an epoch in $precision" epoch "$precision"; done
IFS=, read -ra models <<<"$sizes"
for model in "${models[@]}"; do
  compile=()
  [[ $device == cpu ]] || compile=(--compile)
  part "steps of $model" steps "$model" bfloat16,bfloat16_weights "steps-$model" "${compile[@]}"
done
part "steps in float32" steps "${models[-1]}" float32 steps-float32
if [[ $device != cpu ]]; then
  part "cost of attention" timesformer reproduce cost --scale gpu --device "$device" --results "$(dirname "$results")"
fi
echo "done in $SECONDS s; results are in $results" >&2
if ((${#failed[@]})); then
  printf 'failed: %s\n' "${failed[@]}" >&2
  exit 1
fi
