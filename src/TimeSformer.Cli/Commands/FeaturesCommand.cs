using TimeSformer.Checkpoints;
using TimeSformer.Data;
using TimeSformer.Features;

namespace TimeSformer.Cli.Commands;

/// <summary><c>features FOLDER --checkpoint W</c>: features of videos by a frozen model, stored once for <c>classify</c>.</summary>
internal static class FeaturesCommand
{
    private const int AlikeShown = 5;

    public static Command Create()
    {
        var videos = OwnVideos.Argument("A folder with a folder of videos per class, or a list");
        var checkpoint = Options.Checkpoint();
        var output = Output();
        var (said, policy, device) = (new ModelOptions(), new PolicyOptions(), Options.Device());
        return new Command("features", """
            Make features of videos by a model whose weights stay as they are, image models included, and store them for classify. A file
            that exists gains the videos that it does not have, with their classes.

            Example:
              ./timesformer features my-videos --checkpoint deit_tiny_patch16_224.safetensors --output my.features
            """) { videos, checkpoint, output, device, said, policy }.Does((parsed, cancel) =>
        {
            var path = parsed.GetRequiredValue(output);
            Options.RequireFolderOf(path, output.Name);
            var list = OwnVideos.Read(parsed.GetRequiredValue(videos));
            using var known = File.Exists(path) ? FeatureSet.Load(path) : null;
            var paths = known?.Videos.Select(video => video.Path).ToHashSet() ?? [];
            var added = list.Items.Where(video => !paths.Contains(video.Path)).ToList();
            using var made = Make(
                parsed, said, policy, parsed.GetRequiredValue(checkpoint), added, list.Classes, parsed.GetValue(device)!, known, cancel);
            using var all = known is null ? null : known.With(made);
            var set = all ?? made;
            if (added.Count > 0) set.Save(path);
            WarnOfAlike(set);
            Console.WriteLine($"{path}: {set.Videos.Count} videos of {set.Classes.Count} classes, {set.Values.shape[1]} features each");
            return 0;
        });
    }

    /// <summary>The option for the file of features.</summary>
    public static Option<string> Output() => new("--output")
    {
        Description = "File of the features", DefaultValueFactory = _ => "videos.features",
    };

    /// <summary>Makes features with a display, as the command line says.</summary>
    /// <exception cref="InputException">Those that are known were made in another way.</exception>
    public static FeatureSet Make(
        ParseResult parsed, ModelOptions said, PolicyOptions policy, string checkpoint, IReadOnlyList<VideoItem> videos,
        IReadOnlyList<string> classes, string device, FeatureSet? known, CancellationToken cancel)
    {
        var (model, info) = Checkpoint.LoadModel(checkpoint, said.Facts(parsed));
        using var owned = model;
        FeatureExtractor extractor = new(model, FeatureExtractor.ClipOf(info), device) { Policy = policy.Read(parsed) };
        known?.Require(extractor.Source);
        if (known is not null && videos.Count == 0) return known.Subset([]);
        FeatureSet? set = null;
        CountDisplay.Run("videos", videos.Count, progress => set = extractor.Run(
            VideoList.Of(checkpoint, videos, classes), progress,
            (path, cause) => Console.Error.WriteLine($"skipped {path}: {cause}"), cancel));
        return set!;
    }

    /// <summary>Notes which videos seem to come from one recording, unless their names tell.</summary>
    public static void WarnOfAlike(FeatureSet set)
    {
        if (set.RecordingName is not null) return;
        var shared = set.Groups().Index().GroupBy(entry => entry.Item, entry => set.Videos[entry.Index])
            .Where(group => group.Count() > 1).ToList();
        if (shared.Count == 0) return;
        Console.Error.WriteLine(
            $"note: {shared.Sum(group => group.Count())} videos have the same background as others, such as "
            + $"{string.Join(", ", shared[0].Take(AlikeShown).Select(video => Path.GetFileName(video.Path)))}; they count as of "
            + $"{shared.Count} recordings, and no recording is both learned from and tested on");
    }
}
