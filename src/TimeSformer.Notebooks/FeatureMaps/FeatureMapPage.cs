namespace TimeSformer.Notebooks.FeatureMaps;

/// <summary>
/// A page, without need of a network, of features as in the paper's t-SNE figure: each video is a point, whose color and shape tell its
/// class; pointing at it shows its frames, and where it is in the other models' panels.
/// </summary>
public static class FeatureMapPage
{
    /// <summary>The page.</summary>
    public static string Html(FeatureMap map)
    {
        var numbers = map.Videos.Index().ToDictionary(entry => entry.Item.Path, entry => entry.Index);
        var data = new
        {
            map.Classes, map.Side, map.Strips,
            Videos = map.Videos.Select(video => new { Name = Path.GetFileName(video.Path), video.Label }),
            Panels = map.Panels.Select(panel => new
            {
                panel.Title, panel.Probe, panel.Projections,
                Videos = panel.Videos.Select(video => numbers[video.Path]),
                Predicted = panel.Predicted.Select(label => label is { } known ? panel.Classes[known] : null),
            }),
        };
        return EmbeddedPage.Html("FeatureMaps", string.Join(", ", map.Panels.Select(panel => panel.Title)), data);
    }

    /// <summary>Writes the page.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(FeatureMap map, string path) => File.WriteAllText(path, Html(map));
}
