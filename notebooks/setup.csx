// Every notebook of the course loads this: the library, its namespaces, and how tensors, clips, tables and figures are shown.
// `./timesformer notebooks run` and `open` build the library first; in VS Code run `./timesformer kernel install` once.
#r "../artifacts/bin/TimeSformer.Cli/release/TimeSformer.Notebooks.dll"
#r "../artifacts/bin/TimeSformer.Cli/release/Microsoft.Data.Analysis.dll"
#r "../artifacts/bin/TimeSformer.Cli/release/Plotly.NET.CSharp.dll"

using Microsoft.AspNetCore.Html;
using Microsoft.Data.Analysis;
using Plotly.NET;
using Plotly.NET.CSharp;
using Chart = Plotly.NET.CSharp.Chart;
using Plotly.NET.LayoutObjects;
using TimeSformer.Checkpoints;
using TimeSformer.Checkpoints.Formats;
using TimeSformer.Costs;
using TimeSformer.Data;
using TimeSformer.Experiments;
using TimeSformer.Interpretation;
using TimeSformer.Models;
using TimeSformer.Models.Attention;
using TimeSformer.Notebooks;
using TimeSformer.Training;
using TimeSformer.Video;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

// As torch.matmul, but mismatched shapes throw an exception that names both; TorchSharp's own crashes the kernel.
Tensor matmul(Tensor a, Tensor b) => TimeSformer.Torch.Matrix.matmul(a, b);

Notebook.Register();
