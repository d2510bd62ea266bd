using TimeSformer.Checkpoints;
using TimeSformer.Data;

namespace TimeSformer.Cli.Commands;

/// <summary><c>demo</c>: from generated video files to a trained model and a prediction.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var output = new Option<string>("--output") { Description = "Folder for videos and run", DefaultValueFactory = _ => "demo" };
        return new Command("demo", """
            Generate small video files of eight motions, which only the order of the frames distinguishes, train a tiny divided space-time
            TimeSformer on them, evaluate it, and classify an unseen video. Nothing is downloaded. If interrupted, the same command resumes.

            Example:
              ./timesformer demo --output demo
            """) { output }.Does((parsed, cancel) => Run(parsed.GetValue(output)!, cancel));
    }

    private static int Run(string folder, CancellationToken cancel)
    {
        var data = Path.Combine(folder, "data");
        var run = Path.Combine(folder, "run");
        var recipe = RecipeFile.Load(Path.Combine(Options.Experiments, "motion-tiny.yaml"));

        Console.Error.WriteLine($"[1/4] writing video files to {data}");
        recipe = new RecipeInputs(folder) { VideoFolder = data, WriteVideos = (count, write) => CountDisplay.Run("videos", count, write) }
            .Prepare(recipe, cancel);

        Console.Error.WriteLine("[2/4] training a tiny divided space-time TimeSformer on the CPU");
        int status = TrainCommand.Run(recipe, run, "cpu", extend: false, world: null, cancel);
        if (status != 0) return status;

        var (model, info) = Checkpoint.LoadModel(run);
        using var _ = model;
        var videos = VideoList.Read(recipe.Data.Val, classes: info.Classes.Count);
        Console.Error.WriteLine("[3/4] evaluating on unseen videos");
        var evaluation = Evaluator.Run(model, videos, info.Clip, batchSize: 32, workers: recipe.Data.NumWorkers, cancel: cancel);
        Console.WriteLine(TrainingDisplay.Describe(evaluation));

        var unseen = videos.Items[^1];
        Console.Error.WriteLine($"[4/4] classifying {unseen.Path}");
        var (file, shown) = (Path.GetFileName(unseen.Path), info.Classes[unseen.Label]);
        Terminal.Out.MarkupLineInterpolated($"[bold]{file}[/] shows '{shown}'; the model says:");
        PredictCommand.Print([.. Predictor.Run(model, info, unseen.Path, "cpu").Take(5)]);

        Console.WriteLine();
        Console.WriteLine($"videos      {data}   (train.txt, val.txt)");
        Console.WriteLine($"checkpoint  {Checkpoint.Latest(run)}");
        Console.WriteLine($"log         {Path.Combine(run, RunLog.FileName)}");
        Console.WriteLine($"try         ./timesformer predict {unseen.Path} --checkpoint {run}");
        Console.WriteLine($"            ./timesformer explain --checkpoint {run} --out page.html");
        return 0;
    }
}
