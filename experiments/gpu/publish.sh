#!/usr/bin/env bash
# Publishes the command line and the benchmark with .NET itself into a folder (about 250 MB), for a GPU machine without an SDK:
#   experiments/gpu/publish.sh FOLDER
# There, PUBLISHED=FOLDER experiments/gpu/measure.sh ... runs them on PyTorch's libtorch. Training also needs Debian's libgtk-3-0.
set -euo pipefail
folder=$(realpath -m "${1:?name a folder}")
cd "$(dirname "$0")/../.."
for project in src/TimeSformer.Cli bench; do
  dotnet publish "$project" -c Release -r linux-x64 --self-contained -p:AheadOfTime=false -o "$folder" --nologo -v quiet
done
# All native libraries but libtorch.
cp -L artifacts/native/libLibTorchSharp.so artifacts/native/libOpenCvSharpExtern.so "$folder"
du -sh "$folder"
