using TimeSformer.Data;
using TimeSformer.Torch;
using static TorchSharp.torch;

namespace TimeSformer.Features;

/// <summary>The way in which features are classified.</summary>
public enum ClassifierKind
{
    /// <summary>Multinomial logistic regression, the usual linear probe.</summary>
    Linear,

    /// <summary>The class whose mean is nearest.</summary>
    Centroid,

    /// <summary>The classes of the nearest videos, the nearer the more weight.</summary>
    Knn,

    /// <summary>The nearest class mean in an embedding learned with the triplet loss.</summary>
    Triplet,
}

/// <summary>
/// Classifies features. All kinds see the features standardized (mean 0 and deviation 1 over the training videos) and scaled to length 1.
/// </summary>
public abstract class FeatureClassifier : IDisposable
{
    private protected FeatureClassifier(FeatureSet training)
    {
        Classes = training.Classes;
        Source = training.Source;
        Scale = new(training.Values);
    }

    /// <summary>Class names by label.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>What the features must be made with.</summary>
    public FeatureSource Source { get; }

    /// <summary>What features go through first.</summary>
    private protected FeatureScale Scale { get; }

    /// <summary>Learns from labeled features.</summary>
    /// <param name="mining">Which triplets count, for <see cref="ClassifierKind.Triplet"/>.</param>
    /// <exception cref="InputException">There are fewer than two classes with videos.</exception>
    public static FeatureClassifier Fit(FeatureSet training, ClassifierKind kind, TripletMining mining = TripletMining.SemiHard)
    {
        RequireClasses(training);
        using var _ = no_grad();
        return kind switch
        {
            ClassifierKind.Centroid => new CentroidClassifier(training),
            ClassifierKind.Knn => new KnnClassifier(training),
            ClassifierKind.Triplet => new TripletClassifier(training, mining),
            _ => new LinearClassifier(training),
        };
    }

    /// <summary>Throws unless there are two classes with videos.</summary>
    /// <exception cref="InputException">Names the only one.</exception>
    internal static void RequireClasses(FeatureSet training)
    {
        int first = training.Videos[0].Label;
        if (training.Videos.Any(video => video.Label != first)) return;
        throw new InputException($"all videos are of one class, '{training.Classes[first]}'; a classifier needs at least two");
    }

    /// <summary>Probabilities of the classes.</summary>
    /// <param name="features">(M, F).</param>
    /// <returns>(M, classes), float32; rows sum to 1.</returns>
    public Tensor Probabilities(Tensor features)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        return Scores(Scale.Apply(features)).softmax(1).MoveToOuterDisposeScope();
    }

    /// <summary>The most probable class of each video of a set.</summary>
    public IReadOnlyList<(VideoItem Video, int Predicted, double Probability)> Predict(FeatureSet videos)
    {
        using var scope = NewDisposeScope();
        var (best, label) = Probabilities(videos.Values).max(1);                                      // (M) each
        var (probabilities, labels) = (best.data<float>().ToArray(), label.data<long>().ToArray());
        return [.. videos.Videos.Select((video, k) => (video, (int)labels[k], (double)probabilities[k]))];
    }

    /// <summary>Frees what was learned.</summary>
    public virtual void Dispose()
    {
        Scale.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Logits (M, classes) of scaled features (M, F).</summary>
    private protected abstract Tensor Scores(Tensor scaled);

    /// <summary>Rows scaled to length 1.</summary>
    internal static Tensor Unit(Tensor rows)
    {
        using var scope = NewDisposeScope();
        return (rows / rows.norm(1, keepdim: true, p: 2f).Plus(1e-12)).MoveToOuterDisposeScope();
    }

    /// <summary>The mean of each class's rows, scaled to length 1; zeros for a class without rows.</summary>
    /// <param name="rows">(N, E).</param>
    /// <param name="labels">(N), int64.</param>
    /// <returns>(classes, E).</returns>
    internal static Tensor Centroids(Tensor rows, Tensor labels, int classes)
    {
        using var scope = NewDisposeScope();
        var members = nn.functional.one_hot(labels, classes).to_type(rows.dtype).t();                 // (classes, N)
        return Unit(Matrix.matmul(members, rows)).MoveToOuterDisposeScope();
    }
}
