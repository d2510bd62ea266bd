#:project ../src/TimeSformer.Lib
#:property PublishAot=false
// Trains a model on a folder of videos: dotnet run examples/train.cs FOLDER [RUN]
// FOLDER has train/CLASS/VIDEO and val/CLASS/VIDEO. Interrupted, the same command resumes.
using TimeSformer.Data.Layouts;
using TimeSformer.Training;

var (folder, run) = (args[0], args.Length > 1 ? args[1] : "runs/example");
var recipe = new Recipe
{
    Model = new() { Preset = "tiny" },
    Data = new() { Layout = DatasetLayout.Folders, Root = folder, SamplingRate = 2, CropSize = 32, TrainJitterScales = [32, 36] },
    Training = new() { Epochs = 10, Optimizer = OptimizerKind.AdamW, LearningRate = 1e-3, Steps = [0, 7], StepFactors = [1, 0.1] },
};
var trainer = new Trainer(new RecipeInputs("runs").Prepare(recipe), run)
{
    OnEpoch = (epoch, result) => Console.WriteLine($"epoch {epoch + 1}: accuracy@1 {result.Top1:P1}, loss {result.Loss:0.000}"),
};
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) => { pressed.Cancel = true; stop.Cancel(); };
Console.WriteLine($"checkpoint: {trainer.Run(stop.Token).Checkpoint}");
