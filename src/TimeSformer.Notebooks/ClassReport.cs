using System.Net;
using System.Text;
using TimeSformer.Data;
using TimeSformer.Experiments;

namespace TimeSformer.Notebooks;

/// <summary>How the videos of a test were classified: the confusion of classes, the accuracy of each, and the hardest videos.</summary>
/// <param name="Title">What was tested.</param>
/// <param name="Predictions">Each video with the class that it was taken for and the probability of that class, 0 to 1.</param>
/// <param name="Classes">Class names by label.</param>
public sealed record ClassReport(
    string Title, IReadOnlyList<(VideoItem Video, int Predicted, double Probability)> Predictions, IReadOnlyList<string> Classes)
{
    private const int MostHard = 30;

    /// <summary>Accuracy@1, 0 to 1.</summary>
    public double Accuracy => Predictions.Count(entry => entry.Predicted == entry.Video.Label) / (double)Math.Max(1, Predictions.Count);

    /// <summary>The accuracy of each class that has videos, 0 to 1, in the order of labels.</summary>
    public IReadOnlyList<(string Name, int Videos, double Accuracy)> PerClass() =>
    [
        .. from entry in Predictions
           group entry by entry.Video.Label into label
           orderby label.Key
           select (Classes[label.Key], label.Count(), label.Average(entry => entry.Predicted == label.Key ? 1.0 : 0)),
    ];

    /// <summary>The videos that were taken for another class, the surest mistake first.</summary>
    public IReadOnlyList<(string Path, string Is, string TakenFor, double Probability)> Hardest() =>
    [
        .. Predictions.Where(entry => entry.Predicted != entry.Video.Label).OrderByDescending(entry => entry.Probability)
            .Select(entry => (entry.Video.Path, Classes[entry.Video.Label], Classes[entry.Predicted], entry.Probability)),
    ];

    /// <summary>Writes the report as a page that needs no network.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        var figure = ConfusionFigure.Of([Confusion()], Classes).WithTitle(WebUtility.HtmlEncode(Title));
        var rows = new StringBuilder();
        foreach (var (name, videos, accuracy) in PerClass())
        {
            rows.Append($"<tr><td>{Html(name)}</td><td>{videos}</td><td>{100 * accuracy:0.0} %</td></tr>");
        }
        var hard = new StringBuilder();
        foreach (var (video, label, taken, probability) in Hardest().Take(MostHard))
        {
            hard.Append($"<tr><td>{Html(video)}</td><td>{Html(label)}</td><td>{Html(taken)}</td><td>{100 * probability:0} %</td></tr>");
        }
        var tables = $"""
            <p>accuracy@1 {100 * Accuracy:0.0} %, {Predictions.Count} videos</p>
            <table><tr><th>class</th><th>videos</th><th>accuracy@1</th></tr>{rows}</table>
            <h2>Hardest videos</h2>
            <table><tr><th>video</th><th>is</th><th>taken for</th><th>probability</th></tr>{hard}</table>
            """;
        File.WriteAllText(path, FigureHtml.Page(figure, Title, tables));
    }

    private TestResult Confusion() => new(
        Predictions.Count, Accuracy, 1, TestResult.Rows(Predictions.Select(entry => (entry.Video.Label, entry.Predicted)), Classes.Count));

    private static string Html(string text) => WebUtility.HtmlEncode(text);
}
