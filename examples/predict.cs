#:project ../src/TimeSformer.Lib
#:property PublishAot=false
// Classifies a video: dotnet run examples/predict.cs VIDEO [MODEL]
// MODEL is a run, a checkpoint or a published file; by default the tiny model of eight motions in this repository.
using TimeSformer;
using TimeSformer.Checkpoints;
using TimeSformer.Training;

if (args is not [var video, ..])
{
    Console.Error.WriteLine("usage: dotnet run examples/predict.cs VIDEO [MODEL]");
    return 2;
}
try
{
    var (model, info) = Checkpoint.LoadModel(args is [_, var path] ? path : "data/models/motion-tiny");
    foreach (var score in Predictor.Run(model, info, video).Take(5)) Console.WriteLine($"{score.Probability,6:P1}  {score.Name}");
    return 0;
}
catch (InputException error)
{
    Console.Error.WriteLine(error.Message);
    return 2;
}
