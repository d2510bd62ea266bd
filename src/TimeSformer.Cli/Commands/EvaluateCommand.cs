using TimeSformer.Distributed;

namespace TimeSformer.Cli.Commands;

/// <summary><c>evaluate LIST --checkpoint DIR</c>: accuracy over a list of videos.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        var (videos, policy) = (new VideoArguments(), new PolicyOptions());
        var checkpoint = Options.Checkpoint();
        var said = new ModelOptions();
        var batch = Options.Count("--batch-size", "Clips per forward pass", 8);
        var workers = Options.Count("--workers", "Decoding threads; 0 decodes between forward passes", 2, least: 0);
        var views = Options.Count("--views", "Temporal views: clips spread over the video", 1);
        var crops = Options.Count("--crops", "Spatial crops of each view: 1 (center) or 3", 1);
        var (precision, device) = (Options.Precision(), Options.Device());
        return new Command("evaluate", """
            Measure accuracy@1 and @5 on videos, by default on the center crop of one center clip. With more views or crops, a video's
            scores are the mean over its clips. Started by mpirun or srun --mpi=pmix, each process evaluates its part of the videos.

            Example:
              ./timesformer evaluate demo/data/val.txt --checkpoint demo/run --crops 3
            """) { checkpoint, batch, workers, views, crops, precision, device, said, policy, videos }.Does((parsed, cancel) =>
        {
            var (model, info) = said.Load(parsed, parsed.GetRequiredValue(checkpoint));
            using var owned = model;
            var world = ProcessGroup.Join(why => Console.Error.WriteLine($"error: {why}"));
            var list = videos.ReadForEvaluation(parsed, info.Classes);
            Evaluation? evaluation = null;
            void Evaluate(IProgress<int>? progress) => evaluation = Evaluator.Run(
                model, list, info.Clip, parsed.GetValue(batch), parsed.GetValue(workers),
                MpiRun.DeviceOf(parsed.GetValue(device)!, world), new(parsed.GetValue(views), parsed.GetValue(crops)),
                parsed.GetValue(precision), policy.Read(parsed), world, done => progress?.Report(done), cancel);
            if (world is { Rank: > 0 }) Evaluate(null);
            else CountDisplay.Run("videos evaluated", list.Items.Count / (world?.Size ?? 1), Evaluate);
            world?.Leave();
            if (world is { Rank: > 0 }) return 0;
            foreach (var (path, cause) in evaluation!.Broken) Console.Error.WriteLine($"skipped {path}: {cause}");
            Console.WriteLine(TrainingDisplay.Describe(evaluation));
            return 0;
        });
    }
}
