using System.Text.RegularExpressions;
using TimeSformer.Checkpoints;
using TimeSformer.Data;
using TimeSformer.Features;
using TimeSformer.Video;
using static TorchSharp.torch;

namespace TimeSformer.Cli.Commands;

/// <summary><c>finetune FOLDER --checkpoint W</c>: a classifier for classes of one's own, from any weights.</summary>
internal static class FinetuneCommand
{
    public static Command Create()
    {
        var videos = OwnVideos.Argument("A folder with a folder of videos per class, or a list");
        var checkpoint = Options.Checkpoint();
        var output = new Option<string>("--output") { Description = "Folder of the run", DefaultValueFactory = _ => "runs/finetune" };
        var train = new Option<TrainedPart>("--train")
        {
            Description = "What is trained: all, head, or temporal (attention over time, and the head)",
            DefaultValueFactory = _ => TrainedPart.All,
        };
        var test = new Option<string?>("--test") { Description = "A folder or list to test on at the end; nothing is learned from it" };
        var groups = OwnVideos.Groups();
        var attention = Options.Attention();
        var size = Options.Count<int?>("--size", "Height and width of a clip in pixels", null);
        var epochs = Options.Count<int?>("--epochs", "Passes over the videos", null);
        var rate = new Option<double?>("--lr") { Description = "The head's learning rate (default: by a range test)" };
        var seed = Options.Count("--seed", "Seed of weights, order and augmentation", 0, least: 0);
        var (policy, on) = (new PolicyOptions(), Options.Device());
        return new Command("finetune", """
            Fit a model to classes of one's own. Starts from any weights that are known, those of image models included, finds a learning
            rate, and stops in time if there are enough videos to tell. If interrupted, the same command resumes.

            Example:
              ./timesformer finetune my-videos --checkpoint deit_tiny_patch16_224.safetensors --output runs/mine
            """)
        {
            videos, checkpoint, output, train, test, groups, attention, size, epochs, rate, seed, on, policy,
        }.Does((parsed, cancel) =>
        {
            var (folder, device) = (parsed.GetRequiredValue(output), parsed.GetValue(on)!);
            var list = OwnVideos.Read(parsed.GetRequiredValue(videos));
            if (list.Items.Select(video => video.Label).Distinct().Count() < 2)
            {
                throw new InputException(
                    $"{parsed.GetValue(videos)}: there is one class, '{list.Classes[list.Items[0].Label]}'; a classifier needs two");
            }
            var tested = parsed.GetValue(test) is { } path ? OwnVideos.Read(path) : null;
            // A run that exists has classes of its own.
            var names = Path.Combine(folder, VideoList.ClassesName);
            bool goesOn = File.Exists(RecipeOf(folder)) && File.Exists(names);
            if (tested is not null)
            {
                ClassMapping.Fit(
                    tested, parsed.GetValue(test)!, goesOn ? File.ReadAllLines(names) : list.Classes,
                    goesOn ? "the model" : "the training videos");
            }
            Finetuning plan = new(parsed.GetRequiredValue(checkpoint), parsed.GetValue(train), parsed.GetValue(attention))
            {
                ImageSize = parsed.GetValue(size), Epochs = parsed.GetValue(epochs),
            };
            var recipe = Prepared(
                plan, list, folder, device, policy.Read(parsed), parsed.GetValue(groups), parsed.GetValue(rate), parsed.GetValue(seed),
                cancel);
            int status = TrainCommand.Run(policy.Read(parsed, recipe), folder, device, extend: false, world: null, cancel);
            if (status != 0 || tested is null) return status;
            Test(Checkpoint.Best(folder), tested, parsed.GetValue(test)!, folder, device, policy.Read(parsed), cancel);
            return 0;
        });
    }

    private static string RecipeOf(string folder) => Path.Combine(folder, "recipe.yaml");

    // The recipe of the run in the folder or, if there is none yet, a new one; its lists are beside it.
    private static Recipe Prepared(
        Finetuning plan, VideoList list, string folder, string device, VideoPolicy policy, Regex? groups, double? rate, int seed,
        CancellationToken cancel)
    {
        Directory.CreateDirectory(folder);
        var (trainList, heldOutList) = (Path.Combine(folder, "train.txt"), Path.Combine(folder, "held_out.txt"));
        var saved = RecipeOf(folder);
        if (File.Exists(saved))
        {
            Console.Error.WriteLine(
                $"note: {folder} holds a run; it goes on as {saved} says, whatever videos, weights and options are given now");
            return RecipeFile.Load(saved);
        }
        var (backgrounds, seconds, broken) = Looks(list, policy, cancel);
        foreach (var (path, cause) in broken) Console.Error.WriteLine($"skipped {path}: {cause}");
        using (backgrounds)
        {
            var usable = list.Items.Where(video => !broken.ContainsKey(video.Path)).ToList();
            var recordings = Recordings.Of(usable, backgrounds, groups);
            var (train, heldOut) = Finetuning.Divide(usable, recordings);
            File.WriteAllLines(Path.Combine(folder, VideoList.ClassesName), list.Classes);
            VideoList.Write(trainList, train);
            if (heldOut.Count > 0) VideoList.Write(heldOutList, heldOut);
            Console.Error.WriteLine(heldOut.Count > 0
                ? $"{train.Count} videos to learn from, {heldOut.Count} of other recordings to stop by"
                : $"{train.Count} videos to learn from; to stop in time, each class would need {Finetuning.HeldOutFrom} or more, from "
                    + "several recordings");
            Recipe Of(double lr) => plan.Recipe(
                trainList, heldOut.Count > 0 ? heldOutList : "", heldOut.Count > 0, seconds, train.Count, device == "cpu", lr, seed);
            double chosen = rate ?? 0;
            if (rate is null)
            {
                const int steps = 60;
                CountDisplay.Run("steps of the range test", steps, progress => chosen = LearningRateRangeTest.Choose(
                    LearningRateRangeTest.Run(Of(plan.UsualRate), steps, device, progress, cancel), plan.UsualRate));
                Console.Error.WriteLine($"learning rate {chosen:0.#####}, by a range test");
            }
            return Of(chosen);
        }
    }

    private static (Tensor Backgrounds, double Seconds, IReadOnlyDictionary<string, string> Broken) Looks(
        VideoList list, VideoPolicy policy, CancellationToken cancel)
    {
        (Tensor, double, IReadOnlyDictionary<string, string>)? found = null;
        CountDisplay.Run("videos looked at", list.Items.Count, progress => found = Recordings.Look(list, policy, progress, cancel));
        return found!.Value;
    }

    private static void Test(
        string checkpoint, VideoList given, string source, string folder, string device, VideoPolicy policy, CancellationToken cancel)
    {
        var (model, info) = Checkpoint.LoadModel(checkpoint);
        using var owned = model;
        var videos = ClassMapping.Fit(given, source, info.Classes);
        List<(VideoItem, int, double)> predictions = [];
        CountDisplay.Run("test videos", videos.Items.Count, progress =>
        {
            foreach (var video in videos.Items)
            {
                cancel.ThrowIfCancellationRequested();
                try
                {
                    var best = Predictor.Run(model, info, video.Path, device, policy)[0];
                    predictions.Add((video, best.Label, best.Probability));
                }
                catch (VideoException error)
                {
                    Console.Error.WriteLine($"skipped {error.Message}");
                }
                progress.Report(predictions.Count);
            }
        });
        ClassifyCommand.PrintTest(new("test", predictions, info.Classes), Path.Combine(folder, "test.html"), asJson: false);
    }
}
