using System.CommandLine;
using TimeSformer.Checkpoints;
using TimeSformer.Training;

namespace TimeSformer.Cli.Commands;

/// <summary><c>evaluate LIST --checkpoint DIR</c>: accuracy over a list of videos.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        var videos = new VideoArguments();
        var checkpoint = Options.Checkpoint();
        var heads = Options.Heads();
        var batch = new Option<int>("--batch-size") { Description = "Clips at a time", DefaultValueFactory = _ => 8 };
        var workers = new Option<int>("--workers") { Description = "Decoding threads", DefaultValueFactory = _ => 2 };
        var views = new Option<int>("--views") { Description = "Clips spread over a video's length", DefaultValueFactory = _ => 1 };
        var crops = new Option<int>("--crops") { Description = "Squares of each: 1 (the centre) or 3", DefaultValueFactory = _ => 1 };
        var device = Options.Device();
        var command = new Command("evaluate", """
            Measure accuracy@1 and @5 on videos: one centre clip each, the centre crop. With more views and crops a video's scores are the sum of its clips'.

            Example:
              ./timesformer evaluate demo/data/val.txt --checkpoint demo/run --crops 3
            """) { checkpoint, batch, workers, views, crops, heads, device };
        videos.AddTo(command);
        command.SetAction(parsed =>
        {
            var (model, info) = Checkpoint.LoadModel(parsed.GetRequiredValue(checkpoint), parsed.GetValue(heads));
            using var _ = model;
            if (parsed.GetValue(batch) <= 0) throw new ArgumentException($"--batch-size is {parsed.GetValue(batch)}; it must be positive");
            var evaluation = Evaluator.Run(
                model, videos.ReadForEvaluation(parsed, info.Classes.Count), info.Clip, parsed.GetValue(batch), parsed.GetValue(workers), parsed.GetValue(device)!, new(parsed.GetValue(views), parsed.GetValue(crops)));
            foreach (var (path, cause) in evaluation.Broken) Console.Error.WriteLine($"skipped {path}: {cause}");
            Console.WriteLine(TrainingDisplay.Describe(evaluation));
            return evaluation.Clips > 0 ? 0 : ExitCode.BadInput;
        });
        return command;
    }
}
