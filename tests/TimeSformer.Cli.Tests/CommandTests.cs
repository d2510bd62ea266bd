using System.CommandLine;
using TimeSformer.Cli.Commands;
using TimeSformer.Data;

namespace TimeSformer.Tests;

/// <summary>The command line as a person or a script uses it.</summary>
public sealed class CommandTests(CommandTests.Trained trained) : IClassFixture<CommandTests.Trained>
{
    /// <summary>A small set of videos and a model trained on it for two epochs.</summary>
    public sealed class Trained : FolderTests
    {
        public Trained()
        {
            ProceduralVideos.Write(new(folder.File("data"), ProceduralFamily.Motion, TrainPerClass: 2, ValPerClass: 1));
            Recipe = folder.Write("recipe.yaml", """
                model: {preset: tiny}
                data:
                  {train: data/train.txt, val: data/val.txt, num_frames: 8, sampling_rate: 2, crop_size: 32, train_jitter_scales: [32, 40],
                  random_flip: false}
                training: {epochs: 2, batch_size: 8, lr: 0.001, steps: [0], lrs: [1], checkpoint_every_steps: 1}
                """);
            Result = CommandLine.Run("train", Recipe, "--output", Run);
        }

        public (int Status, string Out, string Error) Result { get; }

        public string Recipe { get; }

        public string Run => folder.File("run");

        public string ValList => folder.File("data/val.txt");

        public string Video => folder.File("data/videos/val_00000.mp4");

        public string FileIn(string name) => folder.File(name);

        public string Write(string name, string text) => folder.Write(name, text);
    }

    private static void Refused(string said, params string[] arguments)
    {
        var (status, _, error) = CommandLine.Run(arguments);
        Assert.Equal(2, status);
        Assert.Contains(said, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("demo")]
    [InlineData("train")]
    [InlineData("evaluate")]
    [InlineData("predict")]
    [InlineData("compare")]
    [InlineData("parity")]
    [InlineData("data")]
    [InlineData("runs")]
    [InlineData("explain")]
    public void Every_command_has_help_with_an_example(string command) =>
        Assert.Contains($"./timesformer {command}", CommandLine.Succeeds(command, "--help"), StringComparison.Ordinal);

    [Fact]
    public void Decoding_in_processes_of_their_own_changes_no_prediction()
    {
        string[][] commands =
        [
            ["predict", trained.Video, "--json", "--checkpoint", trained.Run], ["evaluate", trained.ValList, "--checkpoint", trained.Run],
            ["data", "check", trained.ValList, "--json"],
        ];
        Assert.All(
            commands, command => Assert.Equal(CommandLine.Succeeds(command), CommandLine.Succeeds([.. command, "--isolate-decode"])));
    }

    [Fact]
    public void Training_says_where_the_checkpoint_is()
    {
        Assert.Equal(0, trained.Result.Status);
        Assert.Contains("checkpoint-00000004", trained.Result.Out, StringComparison.Ordinal);
        Assert.Contains("clips/s", trained.Result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluation_prints_both_accuracies_and_takes_views_and_crops()
    {
        string[] evaluate = ["evaluate", trained.ValList, "--checkpoint", trained.Run];
        Assert.Matches(@"accuracy@1 \d+\.\d %, @5 \d+\.\d %, loss .*, 8 clips", CommandLine.Succeeds(evaluate));
        var output = CommandLine.Succeeds([.. evaluate, "--views", "2", "--crops", "3"]);
        Assert.Contains("8 clips", output, StringComparison.Ordinal);
        Assert.Contains("8 clips", CommandLine.Succeeds([.. evaluate, "--precision", "bfloat16"]), StringComparison.Ordinal);
        Refused("2 crops per view; take 1 (the center) or 3", [.. evaluate, "--crops", "2"]);
    }

    [Fact]
    public async Task An_evaluation_can_be_interrupted()
    {
        string[] arguments = [trained.ValList, "--checkpoint", trained.Run];
        var evaluation = EvaluateCommand.Create().Parse(arguments);
        InvocationConfiguration configuration = new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => evaluation.InvokeAsync(configuration, new(canceled: true)));
    }

    [Fact]
    public void What_is_assumed_of_a_checkpoint_is_one_line_of_standard_error_and_options_replace_it()
    {
        var weights = Directory.GetFiles(trained.Run, "model.safetensors", SearchOption.AllDirectories).Order().Last();
        File.Copy(weights, trained.FileIn("bare.safetensors"), overwrite: true);
        string[] predict = ["predict", trained.Video, "--checkpoint", trained.FileIn("bare.safetensors")];
        var (status, _, error) = CommandLine.Run(predict);
        Assert.Equal(0, status);
        Assert.Equal(
            "assumed: heads 1, sampling rate 32, mean 0.45, std 0.225, class names that are only numbers; "
            + "give others with --heads, --sampling-rate, --mean, --std, --labels", error.TrimEnd());
        string[] options = ["--heads", "4", "--sampling-rate", "2", "--mean", "0.45,0.45,0.45", "--std", "0.225"];
        var (_, predicted, less) = CommandLine.Run([.. predict, .. options, "--json"]);
        Assert.Equal("assumed: class names that are only numbers; give others with --labels", less.TrimEnd());
        var (_, whole, none) = CommandLine.Run("predict", trained.Video, "--checkpoint", trained.Run, "--json");
        Assert.Equal("", none);
        double Best(string json) => (double)JsonNode.Parse(json)!["predictions"]![0]!["probability"]!;
        Assert.Equal(Best(whole), Best(predicted));
        Refused("--std is 0,1,1; it must be one number above 0, or three", [.. predict, "--std", "0,1,1"]);
        Assert.Contains("frames at sampling rate 2, mean 0.45, std 0.225", CommandLine.Succeeds("inspect", trained.Run));
    }

    [Fact]
    public void A_stream_is_a_line_of_JSON_per_window_and_one_of_speed()
    {
        var (status, output, error) = CommandLine.Run(
            "predict", "--stream", trained.Video, "--every", "100ms", "--top", "2", "--precision", "bfloat16", "--checkpoint", trained.Run);
        Assert.Equal(0, status);
        Assert.Matches(@"^windows: \d in \d+\.\d s, \d+\.\d per second, \d+\.\d times as fast as real time$", error.TrimEnd());
        var lines = output.TrimEnd().Split('\n').Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal((0.6, 0.067), ((double)lines[0]["time"]!, (double)lines[0]["from"]!));
        Assert.All(lines, line => Assert.Equal(2, line["top"]!.AsArray().Count));
        Assert.All(lines, line => Assert.Equal((string?)line["top"]![0]!["name"], (string?)line["name"]));
    }

    [Theory]
    [InlineData("predict needs a video, or --stream")]
    [InlineData("give either a.mp4 or --stream b.mp4", "a.mp4", "--stream", "b.mp4")]
    [InlineData("--every and --window are for --stream", "a.mp4", "--every", "1s")]
    [InlineData("--every is 0s; it must be a time", "--stream", "a.mp4", "--every", "0s")]
    [InlineData("the model's is 2, which gives windows of 0.53 s", "--stream", "a.mp4", "--window", "2")]
    [InlineData("a.mp4: file not found", "--stream", "a.mp4")]
    [InlineData("Must be one of", "a.mp4", "--precision", "int8")]
    public void Streams_that_cannot_be_are_refused(string said, params string[] arguments) =>
        Refused(said, ["predict", .. arguments, "--checkpoint", trained.Run]);

    [SkippableFact]
    public void Interrupted_a_stream_ends_with_a_whole_line_and_the_status_of_Ctrl_C()
    {
        Skip.If(OperatingSystem.IsWindows());
        var start = new ProcessStartInfo("dotnet",
            [typeof(PredictCommand).Assembly.Location, "predict", "--stream", trained.Video, "--every", "1ms", "--checkpoint", trained.Run])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        Assert.StartsWith("{", process.StandardOutput.ReadLine(), StringComparison.Ordinal);
        Process.Start("kill", ["-INT", $"{process.Id}"]).WaitForExit();
        var rest = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(130, process.ExitCode);
        Assert.All(rest.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => JsonNode.Parse(line));
        Assert.StartsWith("windows: ", error.Result, StringComparison.Ordinal);
    }

    [Fact]
    public void Checking_videos_counts_them_and_names_the_broken_ones()
    {
        CommandLine.Succeeds("data", "check", trained.ValList);
        trained.Write("broken.mp4", "not a video");
        var list = trained.Write("list.txt", "data/videos/val_00000.mp4 0\ndata/videos/val_00001.mp4 1\nbroken.mp4 1\n");
        var (status, output, _) = CommandLine.Run("data", "check", list, "--json");
        Assert.Equal(1, status);
        var report = JsonNode.Parse(output)!["list.txt"]!;
        Assert.Equal((3, 36, 0.6), ((int)report["videos"]!, (int)report["frames"]!, (double)report["seconds"]!["median"]!));
        Assert.Equal(2, (int)report["sizes"]!["48x48"]!);
        Assert.EndsWith("broken.mp4", (string)report["broken"]![0]!["path"]!, StringComparison.Ordinal);
        (status, output, _) = CommandLine.Run("data", "check", list);
        Assert.Equal(1, status);
        Assert.Contains("1 of 3 videos are broken", output, StringComparison.Ordinal);
        Refused("--figure no/such/x.html: the folder", "data", "check", list, "--figure", "no/such/x.html");
    }

    [Fact]
    public void Preparing_a_folder_of_classes_writes_small_copies_once_and_says_so()
    {
        foreach (var name in new[] { "train/a/1.mp4", "train/b/1.mp4", "val/a/1.mp4", "val/b/1.mp4" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(trained.FileIn($"own/{name}"))!);
            File.Copy(trained.Video, trained.FileIn($"own/{name}"));
        }
        var (own, small) = (trained.FileIn("own"), trained.FileIn("small"));
        string[] prepare = ["data", "prepare", own, "--output", small, "--short-side", "24"];
        var said = CommandLine.Succeeds(prepare);
        Assert.Contains("train.txt: 2 written, 0 kept, 0 broken", said, StringComparison.Ordinal);
        Assert.Contains("val.txt: 2 written", said, StringComparison.Ordinal);
        Assert.Equal(["videos/val/a/1.mp4 0", "videos/val/b/1.mp4 1"], File.ReadAllLines(Path.Combine(small, "val.txt")));
        Assert.Equal(["a", "b"], File.ReadAllLines(Path.Combine(small, "classes.txt")));
        Assert.Contains("val.txt: 0 written, 2 kept", CommandLine.Succeeds(prepare), StringComparison.Ordinal);
        foreach (var name in new[] { "0_1_4", "1_3_0" })
        {
            Directory.CreateDirectory(trained.FileIn("people"));
            File.Copy(trained.Video, trained.FileIn($"people/{name}.avi"));
        }
        var folds = CommandLine.Succeeds("data", "prepare", trained.FileIn("people"), "--output", trained.FileIn("folds"), "--split", "1");
        Assert.Contains("val.txt: 1 written", folds, StringComparison.Ordinal);
        Refused("set 1: there are no videos", "data", "prepare", trained.FileIn("people"), "--output", trained.FileIn("folds"));
        Refused("unknown layout 'ucf'; the layouts are folders, ucf101", "data", "prepare", own, "--output", "x", "--layout", "ucf");
        Refused("crcv.ucf.edu", "data", "check", own, "--layout", "ucf101");
    }

    [Fact]
    public void The_sources_of_data_sets_are_listed()
    {
        var output = CommandLine.Succeeds("data", "sources");
        string[] sets = ["ucf101", "hmdb51", "ucf11", "diving48", "ssv2", "Kinetics"];
        Assert.All(sets, name => Assert.Contains(name, output, StringComparison.Ordinal));
    }

    [Fact]
    public void Runs_are_listed_and_compared()
    {
        Assert.Matches(@"run +finished +2/2 +4 ", CommandLine.Succeeds("runs", trained.Run));
        Assert.Equal("finished", (string)JsonNode.Parse(CommandLine.Succeeds("runs", trained.Run, "--json"))!["runs"]![0]!["state"]!);
        Assert.Contains("accuracy@1 after epoch", CommandLine.Succeeds("runs", trained.Run, trained.Run), StringComparison.Ordinal);
        Refused("no run here", "runs", trained.FileIn("data"));
        Refused("folder not found", "runs", trained.FileIn("nowhere"));
    }

    [Fact]
    public void Prediction_as_json_has_five_classes_in_order()
    {
        var predictions = JsonNode.Parse(Predicted(trained.Run))!["predictions"]!.AsArray();
        Assert.Equal(5, predictions.Count);
        var probabilities = predictions.Select(prediction => prediction!["probability"]!.GetValue<double>()).ToArray();
        Assert.Equal(probabilities.OrderDescending(), probabilities);
    }

    [Fact]
    public void A_model_predicts_the_same_in_every_format()
    {
        var (pyth, theirs, again) = (trained.FileIn("model.pyth"), trained.FileIn("theirs"), trained.FileIn("again"));
        CommandLine.Succeeds("convert", trained.Run, pyth);
        CommandLine.Succeeds("convert", pyth, theirs, "--to", "huggingface");
        const string sizes = "DividedSpaceTime, patches of 8, width 64, 4 blocks, 4 heads, 8 frames of 32x32";
        Assert.Contains(sizes, CommandLine.Succeeds("convert", theirs, again), StringComparison.Ordinal);
        var expected = Predicted(trained.Run);
        Assert.All([pyth, theirs, again], path => Assert.Equal(expected, Predicted(path)));
        Refused("already exists", "convert", trained.Run, pyth);
        Refused("'other' not recognized", "convert", trained.Run, trained.FileIn("new"), "--to", "other");
        Refused("too short for a file of tensors", "convert", trained.Write("empty.pth", ""), trained.FileIn("new"));
        Assert.False(Path.Exists(trained.FileIn("new")));
    }

    [Fact]
    public void A_model_becomes_an_ONNX_file_by_its_extension_or_by_name()
    {
        var (onnx, named) = (trained.FileIn("model.onnx"), trained.FileIn("model.bin"));
        const string sizes = "width 64, 4 blocks, 4 heads, 8 frames of 32x32, 8 classes";
        Assert.Contains(sizes, CommandLine.Succeeds("convert", trained.Run, onnx), StringComparison.Ordinal);
        CommandLine.Succeeds("convert", trained.Run, named, "--to", "onnx");
        Assert.Equal(File.ReadAllBytes(onnx), File.ReadAllBytes(named));
        Refused("not a safetensors, PyTorch, .npz or Caffe2 file", "convert", onnx, trained.FileIn("back"));
    }

    private string Predicted(string checkpoint) => CommandLine.Succeeds("predict", trained.Video, "--checkpoint", checkpoint, "--json");

    [Fact]
    public void Wrong_input_is_refused_with_status_2()
    {
        var text = trained.Write("text.mp4", "not a video");
        Refused("text.mp4: no video stream", "predict", text, "--checkpoint", trained.Run);
        Refused("none.mp4: file not found", "predict", trained.FileIn("none.mp4"), "--checkpoint", trained.Run);
        Refused("file or folder not found", "predict", trained.Video, "--checkpoint", trained.FileIn("none"));
        Refused("no checkpoint here", "predict", trained.Video, "--checkpoint", trained.FileIn("data"));
        Refused("unknown device '9'", "predict", trained.Video, "--checkpoint", trained.Run, "--device", "9");
        if (!TorchSharp.torch.cuda_is_available())
        {
            Refused("the device 'cuda' is not available", "predict", trained.Video, "--checkpoint", trained.Run, "--device", "cuda");
        }
        Refused("none.yaml: recipe not found", "train", trained.FileIn("none.yaml"));
        Refused("none.txt: list of videos not found", "evaluate", trained.FileIn("none.txt"), "--checkpoint", trained.Run);
        Refused("text.mp4", "parity", text);
        Refused("frobnicate", "frobnicate");
        Refused("an argument is empty", "train", trained.Recipe, "--output", "");
        Refused("Cannot parse argument 'a'", "predict", trained.Video, "--checkpoint", trained.Run, "--top", "a");
        Refused("--top is 0; it must be 1 or more", "predict", trained.Video, "--checkpoint", trained.Run, "--top", "0");
        Refused("--checkpoint", "predict", trained.Video);
        Refused("did you mean 'lr'", "train", trained.Write("typo.yaml", "training: {learing_rate: 1}"));
        var labels = trained.Write("labels.txt", $"{trained.Video} 8\n");
        Refused("label 8 is not among the 8 classes", "evaluate", labels, "--checkpoint", trained.Run);
    }

    private static string[] Log(string run) => File.ReadAllLines(Path.Combine(run, "log.jsonl"));

    [SkippableTheory]
    [InlineData(0, @"\.lock")] // KiB that are free
    [InlineData(4, "log.jsonl")] // a resumed run rewrites its log
    [InlineData(500, "checkpoint-00000012")]
    public void A_full_disk_costs_neither_the_last_checkpoint_nor_the_log(int free, string named)
    {
        var (whole, full) = (trained.FileIn("whole"), trained.FileIn($"full{free}"));
        var recipe = trained.Write("long.yaml", """
            model: {preset: tiny}
            data: {train: data/train.txt, val: data/val.txt, num_frames: 2, random_flip: false}
            training: {epochs: 1, batch_size: 1, lr: 0.001, steps: [0], lrs: [1], checkpoint_every_steps: 4}
            """);
        // The cases share it; it is not repeated.
        CommandLine.Succeeds("train", recipe, "--output", whole);
        using (var stop = new CancellationTokenSource())
        {
            void StopAtTen(TrainingProgress progress)
            {
                if (progress.Step == 10) stop.Cancel();
            }
            new Trainer(RecipeFile.Load(recipe), full) { OnStep = StopAtTen }.Run(stop.Token);
        }
        bool IsKept(string name) => !name.StartsWith("events", StringComparison.Ordinal) && name != "log.jsonl.partial";
        string[] Files() =>
            [.. Directory.GetFiles(full, "*", SearchOption.AllDirectories).Where(path => IsKept(Path.GetFileName(path))).Order()];
        var (before, log) = (Files(), Log(full));
        Assert.Contains(Path.Combine(full, "checkpoint-00000010", "model.safetensors"), before);

        // A disk of 8 MiB in place of the run's folder, which is copied onto it and back; only root in its own namespace may mount one.
        var start = new ProcessStartInfo("unshare", ["--map-root-user", "--mount", "bash", "-c", """
            set -e
            mkdir "$1.disk" && mount -t tmpfs -o size=8m none "$1.disk" || exit 77
            cp -r "$1" "$1.disk/run"
            mount --bind "$1.disk/run" "$1"
            free=$(df --output=avail -k "$1" | tail -n 1)
            head -c $(((free - $2) * 1024)) /dev/zero >"$1.disk/filler"
            status=0; dotnet "$3" train "$4" --output "$1" || status=$?
            rm "$1.disk/filler"; umount "$1"
            rm -r "$1"; cp -r "$1.disk/run" "$1"
            exit $status
            """, "bash", full, $"{free}", Path.Combine(AppContext.BaseDirectory, "timesformer.dll"), recipe]);
        var (status, _, error) = CommandLine.Wait(start);
        bool mounted = status != 77 && !error.StartsWith("unshare:", StringComparison.Ordinal);
        Skip.IfNot(mounted, $"no namespace to mount a small disk in: {error}");
        Assert.Equal(1, status);
        Assert.Matches($"^error: (?=.*(No space left|disk was full)).*{named}", error.TrimEnd().Split('\n')[^1]);
        Assert.Equal(before, Files());
        Assert.Equal(log, Log(full)[..log.Length]);

        CommandLine.Succeeds("train", recipe, "--output", full);
        Assert.Equal(Log(whole), Log(full));
    }

    [Fact]
    public void A_killed_run_resumes_and_ends_with_the_losses_of_an_unbroken_one()
    {
        var killed = trained.FileIn("killed");
        using (var process = CommandLine.Start(trained.FileIn(""), null, "train", trained.Recipe, "--output", killed))
        {
            _ = process.StandardError.ReadToEndAsync();
            while (!Directory.Exists(Path.Combine(killed, "checkpoint-00000002")) && !process.HasExited) Thread.Sleep(5);
            process.Kill();
            process.WaitForExit();
        }
        CommandLine.Succeeds("train", trained.Recipe, "--output", killed);
        Assert.Equal(Log(trained.Run), Log(killed));
    }

    [SkippableFact]
    public void Parity_holds_on_the_official_values_and_not_on_others()
    {
        var reference = Shared.Require("reference", "official", "divided_space_time.safetensors");
        CommandLine.Succeeds("parity", reference);
        using var scope = TorchSharp.torch.NewDisposeScope();
        using var file = TimeSformer.Checkpoints.Formats.SafeTensorsFile.Open(reference);
        var tensors = file.ReadAll();
        tensors["out.logits"] = tensors["out.logits"] + 0.01;
        TimeSformer.Checkpoints.Formats.SafeTensors.Write(trained.FileIn("other.safetensors"), tensors, file.Metadata);
        var (status, output, _) = CommandLine.Run("parity", trained.FileIn("other.safetensors"));
        Assert.Equal(1, status);
        Assert.Contains("above tolerance", output, StringComparison.Ordinal);
    }
}
