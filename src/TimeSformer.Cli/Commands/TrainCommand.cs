using TimeSformer.Distributed;

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
        var processes = Options.Count("--processes", "Processes on this machine, each with its part of every batch and of the cores", 1);
        return new Command("train", """
            Train a model as a recipe says. If interrupted, the same command resumes from the last checkpoint.

            Over several machines, start it by MPI (experiments/cluster has scripts):
              mpirun -n 4 --host a,b,c,d ./timesformer train RECIPE
              srun --mpi=pmix ./timesformer train RECIPE

            Example:
              ./timesformer train experiments/motion-tiny.yaml --output runs/motion
            """) { recipe, output, extend, isolate.Isolate, on, processes }.Does((parsed, cancel) =>
        {
            var path = parsed.GetRequiredValue(recipe);
            var folder = parsed.GetValue(output) ?? Path.Combine("runs", Path.GetFileNameWithoutExtension(path));
            var (device, longer, count) = (parsed.GetValue(on)!, parsed.GetValue(extend), parsed.GetValue(processes));
            var described = isolate.Read(parsed, RecipeFile.Load(path));
            if (count > 1)
            {
                described.Validate(); // so that what is wrong is said once
                List<string> more = longer ? ["--extend"] : [];
                if (parsed.GetValue(isolate.Isolate)) more.Add(isolate.Isolate.Name);
                int threads = Math.Max(1, Environment.ProcessorCount / count);
                string[] command = ["train", path, "--output", folder, "--device", device, .. more];
                return MpiRun.Run(MpiRun.Of(count, threads, typeof(TrainCommand).Assembly.Location, command), cancel);
            }
            var world = ProcessGroup.Join(why =>
                Console.Error.WriteLine($"error: {why}; the same command resumes from the last checkpoint"));
            device = MpiRun.DeviceOf(device, world);
            int status = Run(Prepare(described, device, world, cancel), folder, device, longer, world, cancel);
            world?.Leave();
            return status;
        });
    }

    /// <summary>Trains, shows progress and prints the outcome.</summary>
    public static int Run(
        Recipe recipe, string folder, string device, bool extend, ProcessGroup? world, CancellationToken cancel)
    {
        var result = Train(recipe, folder, device, extend, world, cancel);
        if (world is { Rank: > 0 }) return result.Interrupted ? ExitCode.Interrupted : 0;
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

    private static Recipe Prepare(Recipe recipe, string device, ProcessGroup? world, CancellationToken cancel)
    {
        bool speaks = world is null or { Rank: 0 };
        void Say(string sentence)
        {
            if (speaks) Console.Error.WriteLine(sentence);
        }
        return new RecipeInputs
        {
            World = world,
            WriteVideos = speaks ? (count, write) => CountDisplay.Run("videos", count, write) : (_, write) => write(null),
            OnWarning = Say,
            Train = (stage, run, token) =>
            {
                Say($"pre-training: {run}");
                return Train(stage, run, device, extend: false, world, token);
            },
        }.Prepare(recipe, cancel);
    }

    private static TrainingResult Train(
        Recipe recipe, string folder, string device, bool extend, ProcessGroup? world, CancellationToken cancel)
    {
        if (world is { Rank: > 0 }) return new Trainer(recipe, folder, device) { World = world }.Run(cancel);
        return TrainingDisplay.During(start =>
        {
            var display = start(null);
            return new Trainer(recipe, folder, device)
            {
                World = world, Extend = extend, OnWarning = display.Say, OnStep = display.Step, OnEvaluating = display.Evaluating,
                OnEpoch = display.Epoch,
                OnPretrained = report => display.Say($"started from {report.Summary} ({Path.Combine(folder, Trainer.PretrainedName)})"),
            }.Run(cancel);
        });
    }
}
