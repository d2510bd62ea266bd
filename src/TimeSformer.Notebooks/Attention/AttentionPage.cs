using TimeSformer.Interpretation;
using TimeSformer.Torch;
using static TorchSharp.torch;

namespace TimeSformer.Notebooks.Attention;

/// <summary>
/// A page, without need of a network, on what a model looked at in a clip: the maps over its frames and, of models with attention, what
/// each patch attends to, by block and head.
/// </summary>
public static class AttentionPage
{
    private const int ShownClasses = 5;

    /// <summary>The page.</summary>
    /// <exception cref="ArgumentException">The frames do not have a clip's shape.</exception>
    public static string Html(ClipExplanation clip)
    {
        using var scope = NewDisposeScope();
        var frames = Picture.Frames(clip.Frames);
        var data = new
        {
            clip.Title, clip.Label, Size = frames.shape[1],
            Frames = Enumerable.Range(0, (int)frames.shape[0]).Select(t => Picture.DataUri(frames[t])),
            Scores = clip.Scores.Take(ShownClasses).Union(clip.Scores.Where(score => score.Label == clip.Label)),
            Maps = clip.Maps.Select(map => Map(map, clip.Scores.First(score => score.Label == clip.Label).Name)),
            Attention = clip.Attention is null ? null : AttentionData.Of(clip.Attention),
        };
        return EmbeddedPage.Html("Attention", clip.Title, data);
    }

    /// <summary>Writes the page.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(ClipExplanation clip, string path) => File.WriteAllText(path, Html(clip));

    private static object Map(ClipMap of, string name)
    {
        var map = of.Map.detach().cpu().to_type(ScalarType.Float32);
        var levels = Overlay.Levels(map).Times(255).round().to_type(ScalarType.Byte).contiguous();
        var (title, meaning) = of.Method switch
        {
            RelevanceMethod.Rollout => ("rollout",
                "Bright is what the prediction is made of: attention followed back through all blocks, whatever the class."),
            RelevanceMethod.Gradient => ("gradient", $"Bright is what speaks for “{name}”, by the gradient of its score."),
            _ => ("occlusion", $"Bright is what “{name}” misses most when it is covered."),
        };
        return new
        {
            Name = title, Title = title, Meaning = meaning,
            Frames = map.shape[0], Height = map.shape[1], Width = map.shape[2],
            Shares = map.sum([1L, 2]).data<float>().ToArray(), Levels = levels.bytes.ToArray(),
        };
    }
}
