using TimeSformer.Data;

namespace TimeSformer.Features;

/// <summary>Videos to learn from and videos to test on, by index; no recording is on both sides.</summary>
public sealed record FeatureFold(IReadOnlyList<int> Training, IReadOnlyList<int> Test);

/// <summary>How well classifiers do on recordings that they have not seen, by cross-validation.</summary>
public static class FeatureValidation
{
    /// <summary>The folds of a validation, if there are as many recordings.</summary>
    public const int DefaultFolds = 5;

    /// <summary>
    /// Divides videos into folds such that all videos of a recording are in the same one, and of similar size. A fold whose training
    /// part would miss one of the classes is left out.
    /// </summary>
    /// <returns>None if there are fewer than two recordings.</returns>
    public static IReadOnlyList<FeatureFold> Folds(FeatureSet videos, int most)
    {
        var recordings = videos.Groups().Index().GroupBy(entry => entry.Item, entry => entry.Index).Select(group => group.ToList())
            .OrderByDescending(group => group.Count).ToList();
        int count = Math.Min(most, recordings.Count);
        if (count < 2) return [];
        List<int>[] parts = [.. Enumerable.Range(0, count).Select(_ => new List<int>())];
        foreach (var recording in recordings) parts.MinBy(part => part.Count)!.AddRange(recording);
        int classes = videos.Videos.Select(video => video.Label).Distinct().Count();
        return
        [
            .. parts.Select(test => new FeatureFold([.. Enumerable.Range(0, videos.Videos.Count).Except(test)], [.. test.Order()]))
                .Where(fold => fold.Training.Select(place => videos.Videos[place].Label).Distinct().Count() == classes),
        ];
    }

    /// <summary>
    /// What a classifier predicts for each video when it has learned from the other recordings; videos without a fold are left out.
    /// </summary>
    /// <param name="videos">The videos.</param>
    /// <param name="kind">The classifier.</param>
    /// <param name="mining">Which triplets count, for <see cref="ClassifierKind.Triplet"/>.</param>
    /// <param name="folds">The most folds.</param>
    /// <param name="progress">Receives the number of folds done.</param>
    /// <param name="cancel">Ends the work after a fold.</param>
    /// <exception cref="InputException">There is one class, or no recording can be left out without a class.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static IReadOnlyList<(VideoItem Video, int Predicted, double Probability)> Run(
        FeatureSet videos, ClassifierKind kind, TripletMining mining = TripletMining.SemiHard, int folds = DefaultFolds,
        IProgress<int>? progress = null, CancellationToken cancel = default)
    {
        FeatureClassifier.RequireClasses(videos);
        var divided = Folds(videos, folds);
        if (divided.Count == 0)
        {
            throw new InputException(
                "nothing can be tested: without any one recording, a class would have no videos to learn from; add videos of other "
                + "recordings");
        }
        List<(VideoItem, int, double)> predictions = [];
        foreach (var (done, fold) in divided.Index())
        {
            cancel.ThrowIfCancellationRequested();
            using var training = videos.Subset(fold.Training);
            using var test = videos.Subset(fold.Test);
            using var classifier = FeatureClassifier.Fit(training, kind, mining);
            predictions.AddRange(classifier.Predict(test));
            progress?.Report(done + 1);
        }
        return predictions;
    }
}
