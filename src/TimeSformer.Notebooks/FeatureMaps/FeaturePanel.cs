using TimeSformer.Data;
using TimeSformer.Features;
using static TorchSharp.torch;

namespace TimeSformer.Notebooks.FeatureMaps;

/// <summary>A picture of features in a plane.</summary>
/// <param name="Name">PCA or t-SNE.</param>
/// <param name="X">Rightwards, of each video.</param>
/// <param name="Y">Upwards.</param>
/// <param name="Note">What it shows of the features.</param>
public sealed record Projection(string Name, IReadOnlyList<float> X, IReadOnlyList<float> Y, string Note);

/// <summary>A model's features of videos as pictures, and what a linear probe makes of them.</summary>
/// <param name="Title">What made them.</param>
/// <param name="Source">With what clips.</param>
/// <param name="Videos">The N videos.</param>
/// <param name="Classes">Class names by label.</param>
/// <param name="Projections">The pictures.</param>
/// <param name="Predicted">The class that a linear probe takes each video for when it has learned from other recordings, if tested.</param>
/// <param name="Probe">Its accuracy in words, or why it cannot be tested.</param>
public sealed record FeaturePanel(
    string Title, FeatureSource Source, IReadOnlyList<VideoItem> Videos, IReadOnlyList<string> Classes,
    IReadOnlyList<Projection> Projections, IReadOnlyList<int?> Predicted, string Probe)
{
    private const int Components = 50, Neighbors = 5;

    /// <summary>
    /// Projects features, scaled as for the classifiers, by PCA and, of their first 50 principal components, by t-SNE; and tests a linear
    /// probe by cross-validation.
    /// </summary>
    /// <param name="title">What made them.</param>
    /// <param name="features">The features.</param>
    /// <param name="seed">Of t-SNE.</param>
    /// <param name="progress">Receives the percentage done: half for t-SNE, half for the probe.</param>
    /// <param name="cancel">Ends the work.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static FeaturePanel Of(
        string title, FeatureSet features, int seed = 0, IProgress<int>? progress = null, CancellationToken cancel = default)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        using var scale = new FeatureScale(features.Values);
        var pca = Pca.Of(scale.Apply(features.Values), Components);
        var points = pca.Scores.to_type(ScalarType.Float32);                                          // (N, 50)
        Projection[] projections =
        [
            Project("PCA", points[.., ..2], $"the axes hold {100 * pca.Shares[0]:0} % and {100 * pca.Shares[1]:0} % of the variance"),
            Project(
                "t-SNE", TSne.Of(points, seed, new Percent(progress, 0, TSne.Steps), cancel), "distances between groups mean little"),
        ];
        var (predicted, probe) = Tested(features, new(progress, 50, FeatureValidation.DefaultFolds), cancel);
        progress?.Report(100);                                                                        // folds may be fewer
        return new(title, features.Source, features.Videos, features.Classes, projections, predicted, probe);

        Projection Project(string name, Tensor places, string note)
        {
            bool isMeasured = 2 * Neighbors < features.Videos.Count;
            var trust = isMeasured ? $"; trustworthiness {Trustworthiness.Of(points, places, Neighbors):0.000}" : "";
            return new(name, Column(places, 0), Column(places, 1), note + trust);
        }
    }

    private static float[] Column(Tensor places, int column) => places[.., column].contiguous().data<float>().ToArray();

    private static (IReadOnlyList<int?> Predicted, string Probe) Tested(FeatureSet features, Percent percent, CancellationToken cancel)
    {
        try
        {
            var tested = FeatureValidation.Run(features, ClassifierKind.Linear, progress: percent, cancel: cancel);
            var predicted = tested.ToDictionary(entry => entry.Video, entry => entry.Predicted);
            double accuracy = tested.Average(entry => entry.Video.Label == entry.Predicted ? 100.0 : 0);
            return (
                [.. features.Videos.Select(video => predicted.TryGetValue(video, out int label) ? label : (int?)null)],
                $"linear probe: {accuracy:0.0} % of {tested.Count} videos, whose recordings it has not seen");
        }
        catch (InputException error)
        {
            return (new int?[features.Videos.Count], $"no linear probe: {error.Message}");
        }
    }

    // Half of the whole, from a percentage on.
    private sealed class Percent(IProgress<int>? whole, int from, int count) : IProgress<int>
    {
        public void Report(int value) => whole?.Report(from + (50 * value / count));
    }
}
