using TimeSformer.Data;
using TimeSformer.Features;
using TimeSformer.Notebooks;
using TimeSformer.Video;

namespace TimeSformer.Cli.Commands;

/// <summary><c>classify VIDEOS --features FILE --checkpoint W</c>: a light classifier over stored features.</summary>
internal static class ClassifyCommand
{
    public static Command Create()
    {
        var videos = new Argument<string?>("videos")
        {
            Description = "A video, a folder with a folder per class, or a list", Arity = ArgumentArity.ZeroOrOne,
        };
        var features = new Option<string>("--features") { Description = "Features of the videos to learn from", Required = true };
        var checkpoint = new Option<string?>("--checkpoint") { Description = "The weights that made the features" };
        var method = new Option<ClassifierKind>("--method")
        {
            Description = "linear, centroid, knn or triplet", DefaultValueFactory = _ => ClassifierKind.Linear,
        };
        var mining = new Option<string>("--mining")
        {
            Description = "Triplets that count: semi-hard or hard", DefaultValueFactory = _ => "semi-hard",
        };
        mining.AcceptOnlyFromAmong("semi-hard", "hard");
        var groups = OwnVideos.Groups();
        var report = new Option<string?>("--report") { Description = "Write a page: confusion, accuracy of each class, hardest videos" };
        var (top, asJson) = (Options.Count("--top", "Classes to print for a video", 5), Options.Json());
        var (said, policy, device) = (new ModelOptions(), new PolicyOptions(), Options.Device());
        return new Command("classify", """
            Classify videos by the features of others, which classify learns from in seconds. Without videos, tell how well each method does
            on recordings that it has not seen.

            Examples:
              ./timesformer classify --features my.features
              ./timesformer classify new.mp4 --features my.features --checkpoint deit_tiny_patch16_224.safetensors
              ./timesformer classify test-videos --features my.features --checkpoint deit_tiny_patch16_224.safetensors --report test.html
            """)
        {
            videos, features, checkpoint, method, mining, groups, report, top, asJson, device, said, policy,
        }.Does((parsed, cancel) =>
        {
            using var loaded = FeatureSet.Load(parsed.GetRequiredValue(features));
            var known = loaded with { RecordingName = parsed.GetValue(groups) };
            var kind = parsed.GetValue(method);
            var mined = parsed.GetValue(mining) == "hard" ? TripletMining.Hard : TripletMining.SemiHard;
            var (page, json) = (parsed.GetValue(report), parsed.GetValue(asJson));
            if (page is not null) Options.RequireFolderOf(page, report.Name);
            if (parsed.GetValue(videos) is not { } path)
            {
                const string why = "without videos, classify compares its methods on the file of features";
                Options.Refuse(parsed, why, [checkpoint, top, device, .. said.All, .. policy.All]);
                Compare(known, kind, mined, page, json, cancel);
                return 0;
            }
            var weights = parsed.GetValue(checkpoint)
                ?? throw new InputException("--checkpoint is missing: the weights that made the features");
            bool isVideo = IsVideo(path);
            var list = isVideo ? VideoList.Of(path, [new(Path.GetFullPath(path), 0)], ["?"])
                : ClassMapping.Fit(
                    OwnVideos.Read(path), path, known.Classes, "the file of features",
                    sentence => Console.Error.WriteLine($"note: {sentence}"));
            if (isVideo) Options.Refuse(parsed, $"a page is of a test of several videos, and {path} is one", report);
            else Options.Refuse(parsed, $"the classes of one video are printed, and {path} is a list or folder", top);
            using var classifier = FeatureClassifier.Fit(known, kind, mined);
            using var made = FeaturesCommand.Make(
                parsed, said, policy, weights, list.Items, list.Classes, parsed.GetValue(device)!, known, cancel);
            if (isVideo) PrintVideo(classifier, made, path, parsed.GetValue(top), json);
            else PrintTest(new($"{path}, {kind}", classifier.Predict(made), known.Classes), page, json);
            return 0;
        });
    }

    // What predict takes. Pictures beside folders are not the frames of a video.
    private static bool IsVideo(string path) => File.Exists(path)
        ? VideoFormats.IsVideo(path) || FrameFolder.IsPicture(path)
        : FrameFolder.IsFrameFolder(path) && !Directory.EnumerateDirectories(path).Any();

    private static void Compare(
        FeatureSet known, ClassifierKind kind, TripletMining mined, string? page, bool asJson, CancellationToken cancel)
    {
        FeaturesCommand.WarnOfAlike(known);
        var tests = Enum.GetValues<ClassifierKind>().ToDictionary(method => method, method => new ClassReport(
            $"{method}, recordings left out", FeatureValidation.Run(known, method, mined, cancel: cancel), known.Classes));
        if (asJson)
        {
            Terminal.PrintJson(new
            {
                methods = tests.Select(test => new
                {
                    method = RecipeFile.NameOf(test.Key), test.Value.Accuracy, videos = test.Value.Predictions.Count,
                }),
            });
        }
        else
        {
            Terminal.PrintTable(["method", "accuracy@1", "videos"], tests.Select(test => (string[])
                [RecipeFile.NameOf(test.Key), $"{100 * test.Value.Accuracy:0.0}", $"{test.Value.Predictions.Count}"]));
            Console.WriteLine("accuracy@1 in percent, by cross-validation: no recording is both learned from and tested on");
        }
        Save(tests[kind], page, asJson);
    }

    private static void PrintVideo(FeatureClassifier classifier, FeatureSet video, string path, int top, bool asJson)
    {
        using var probabilities = classifier.Probabilities(video.Values);
        var scores = probabilities.data<float>().ToArray().Index().OrderByDescending(entry => entry.Item).Take(top)
            .Select(entry => new { name = classifier.Classes[entry.Index], label = entry.Index, probability = (double)entry.Item })
            .ToList();
        if (asJson) Terminal.PrintJson(new { video = path, predictions = scores });
        else foreach (var score in scores) Console.WriteLine($"{score.probability,7:P1}  {score.name}");
    }

    /// <summary>Prints a test, and writes its page.</summary>
    public static void PrintTest(ClassReport report, string? page, bool asJson)
    {
        if (asJson)
        {
            Terminal.PrintJson(new
            {
                report.Accuracy, videos = report.Predictions.Count,
                classes = report.PerClass().Select(row => new { row.Name, row.Videos, row.Accuracy }),
                mistakes = report.Hardest().Select(hard => new { hard.Path, hard.Is, hard.TakenFor, hard.Probability }),
            });
        }
        else
        {
            Terminal.PrintTable(
                ["class", "videos", "accuracy@1"],
                report.PerClass().Select(row => (string[])[row.Name, $"{row.Videos}", $"{100 * row.Accuracy:0.0}"]));
            Console.WriteLine($"accuracy@1 {report.Accuracy:P1}, {report.Predictions.Count} videos");
        }
        Save(report, page, asJson);
    }

    // Where the page is must not follow the JSON.
    private static void Save(ClassReport report, string? page, bool asJson)
    {
        if (page is null) return;
        report.Save(page);
        (asJson ? Console.Error : Console.Out).WriteLine($"report: {page}");
    }
}
