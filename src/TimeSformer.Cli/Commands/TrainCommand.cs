namespace TimeSformer.Cli.Commands;

/// <summary><c>train RECIPE</c>: does a recipe's run, or resumes it.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var recipe = new Argument<string>("recipe") { Description = "Recipe (.yaml)" };
        const string folderOfRun = "Folder of the run (default: runs/RECIPE-NAME). An unfinished run there is resumed";
        var output = new Option<string?>("--output") { Description = folderOfRun };
        var extend = new Option<bool>("--extend") { Description = "Continue the run in the folder with other epochs or learning rates" };
        var (isolate, on) = (new PolicyOptions(), Options.Device());
        return new Command("train", """
            Train a model as a recipe says. If interrupted, the same command resumes from the last checkpoint.

            Example:
              ./timesformer train experiments/motion-tiny.yaml --output runs/motion
            """) { recipe, output, extend, isolate.Isolate, on }.Does((parsed, cancel) =>
        {
            var path = parsed.GetRequiredValue(recipe);
            var folder = parsed.GetValue(output) ?? Path.Combine("runs", Path.GetFileNameWithoutExtension(path));
            var (device, longer) = (parsed.GetValue(on)!, parsed.GetValue(extend));
            return Run(Prepare(isolate.Read(parsed, RecipeFile.Load(path)), device, cancel), folder, device, longer, cancel);
        });
    }

    /// <summary>Trains, shows progress and prints the outcome.</summary>
    public static int Run(Recipe recipe, string folder, string device, bool extend, CancellationToken cancel)
    {
        var result = Train(recipe, folder, device, extend, cancel);
        foreach (var (path, cause) in result.Broken) Console.Error.WriteLine($"skipped {path}: {cause}");
        if (result.Broken.Count > 0) Console.Error.WriteLine($"{result.Broken.Count} training videos could not be decoded");
        if (result.Interrupted)
        {
            Console.Error.WriteLine($"interrupted; the same command resumes from {result.Checkpoint}");
            return ExitCode.Interrupted;
        }
        foreach (var (path, cause) in result.Validation?.Broken ?? new Dictionary<string, string>())
        {
            Console.Error.WriteLine($"not evaluated: {path}: {cause}");
        }
        if (result.Validation is { } validation) Console.WriteLine(TrainingDisplay.Describe(validation));
        if (result.WaitingForData > 0) Console.Error.WriteLine($"waited for data {result.WaitingForData:P1} of the time");
        Console.WriteLine($"checkpoint: {result.Checkpoint}");
        return 0;
    }

    private static Recipe Prepare(Recipe recipe, string device, CancellationToken cancel) => new RecipeInputs
    {
        WriteVideos = (count, write) => CountDisplay.Run("videos", count, write),
        OnWarning = sentence => Console.Error.WriteLine(sentence),
        Train = (stage, run, token) =>
        {
            Console.Error.WriteLine($"pre-training: {run}");
            return Train(stage, run, device, extend: false, token);
        },
    }.Prepare(recipe, cancel);

    private static TrainingResult Train(Recipe recipe, string folder, string device, bool extend, CancellationToken cancel) =>
        TrainingDisplay.During(start =>
        {
            var display = start(null);
            return new Trainer(recipe, folder, device)
            {
                Extend = extend, OnWarning = display.Say, OnStep = display.Step, OnEpoch = display.Epoch,
                OnPretrained = report => display.Say($"started from {report.Summary} ({Path.Combine(folder, Trainer.PretrainedName)})"),
            }.Run(cancel);
        });
}
