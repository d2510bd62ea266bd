using TimeSformer.Training;

namespace TimeSformer.Experiments;

/// <summary>One test of trained weights.</summary>
/// <param name="Videos">Videos that count.</param>
/// <param name="Top1">Accuracy@1, 0 to 1.</param>
/// <param name="Top5">Accuracy@5, 0 to 1.</param>
/// <param name="Confusion">A row for each class: of its videos, how many were taken for each class, separated by spaces.</param>
public sealed record TestResult(int Videos, double Top1, double Top5, IReadOnlyList<string> Confusion)
{
    /// <summary>
    /// The videos that were taken for another class, by file name, with that class; of several with one name, the first. Null where names
    /// mean nothing.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Mistakes { get; init; }

    /// <summary>Of the videos of a class, how many were taken for each class: <c>[true, predicted]</c>, by label.</summary>
    public int[][] Counts() => [.. Confusion.Select(row => row.Split(' ').Select(int.Parse).ToArray())];

    /// <summary>A test as an evaluation found it.</summary>
    /// <param name="classes">Names by label.</param>
    /// <param name="named">Whether the names of mistaken videos are kept.</param>
    internal static TestResult Of(Evaluation evaluation, IReadOnlyList<string> classes, bool named)
    {
        var mistakes = evaluation.Videos.Where(scored => !scored.IsRight)
            .DistinctBy(scored => Path.GetFileName(scored.Video.Path))
            .ToDictionary(scored => Path.GetFileName(scored.Video.Path), scored => classes[scored.Predicted]);
        var rows = Rows(evaluation.Videos.Select(scored => (scored.Video.Label, scored.Predicted)), classes.Count);
        return new(evaluation.Clips, evaluation.Top1, evaluation.Top5, rows) { Mistakes = named ? mistakes : null };
    }

    /// <summary>The rows of <see cref="Confusion"/>.</summary>
    internal static IReadOnlyList<string> Rows(IEnumerable<(int Label, int Predicted)> guesses, int classes)
    {
        var predicted = guesses.ToLookup(guess => guess.Label, guess => guess.Predicted);
        var labels = Enumerable.Range(0, classes);
        return [.. labels.Select(label => string.Join(' ', labels.Select(other => predicted[label].Count(guess => guess == other))))];
    }
}
