using TimeSformer.Features;
using TimeSformer.Notebooks.FeatureMaps;

namespace TimeSformer.Cli.Commands;

/// <summary><c>map FEATURES</c>: a page of videos as points, side by side for each file of features.</summary>
internal static class MapCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("features")
        {
            Description = "Files of features, of one model each", Arity = ArgumentArity.OneOrMore,
        };
        var output = new Option<string>("--out") { Description = "Page to write", DefaultValueFactory = _ => "map.html" };
        var seed = Options.Count("--seed", "Seed of t-SNE", 0, least: 0);
        var (groups, policy) = (OwnVideos.Groups(), new PolicyOptions());
        return new Command("map", """
            Show videos as points, near each other where a model's features of them are alike, by PCA and t-SNE: a page that needs no
            network, with a panel for each file of features, in which pointing at a video shows its frames. Above each is the accuracy of a
            linear probe on recordings that it has not seen.

            Example:
              ./timesformer features my-videos --checkpoint deit_tiny_patch16_224.safetensors --output vit.features
              ./timesformer features my-videos --checkpoint runs/mine --output divided.features
              ./timesformer map vit.features divided.features --out map.html
            """) { files, output, seed, groups, policy }.Does((parsed, cancel) =>
        {
            var path = parsed.GetRequiredValue(output);
            Options.RequireFolderOf(path, "--out");
            List<FeaturePanel> panels = [];
            foreach (var file in parsed.GetRequiredValue(files))
            {
                using var loaded = FeatureSet.Load(file);
                var (known, title) = (loaded with { RecordingName = parsed.GetValue(groups) }, Path.GetFileNameWithoutExtension(file));
                CountDisplay.Run($"percent of {title}", 100, progress =>
                    panels.Add(FeaturePanel.Of(title, known, parsed.GetValue(seed), progress, cancel)));
                Console.WriteLine($"{title}: {panels[^1].Probe}");
            }
            int count = panels.SelectMany(panel => panel.Videos).DistinctBy(video => video.Path).Count();
            CountDisplay.Run("videos", count, progress => FeatureMapPage.Save(
                FeatureMap.Of(
                    panels, policy.Read(parsed), progress, (video, cause) => Console.Error.WriteLine($"no frames of {video}: {cause}"),
                    cancel),
                path));
            Console.WriteLine(path);
            return 0;
        });
    }
}
