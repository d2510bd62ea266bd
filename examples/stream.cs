#:project ../src/TimeSformer.Lib
#:property PublishAot=false
// Says when what a video shows changes: dotnet run examples/stream.cs VIDEO [MODEL]
// VIDEO may be hours long, or a camera: 0 is the first. Ctrl-C ends the program.
using TimeSformer.Checkpoints;
using TimeSformer.Training;

var (model, info) = Checkpoint.LoadModel(args.Length > 1 ? args[1] : "data/models/motion-tiny");
var before = "";
foreach (var window in Predictor.Stream(model, info, args[0], every: 0.1))
{
    var best = window.Classes[0];
    if (best.Name != before) Console.WriteLine($"{TimeSpan.FromSeconds(window.Time):g}  {best.Probability,6:P1}  {best.Name}");
    before = best.Name;
}
