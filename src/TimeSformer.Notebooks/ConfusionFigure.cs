using Plotly.NET;
using Plotly.NET.CSharp;
using TimeSformer.Experiments;
using Chart = Plotly.NET.CSharp.Chart;

namespace TimeSformer.Notebooks;

/// <summary>What classes are taken for, summed over runs.</summary>
public static class ConfusionFigure
{
    /// <summary>Of the videos of each class, in percent, how many were taken for each: <c>[true, predicted]</c>, by label.</summary>
    /// <param name="tests">Tests of models of the same classes.</param>
    public static double[][] Percentages(IEnumerable<TestResult> tests)
    {
        var counts = tests.Select(test => test.Counts()).ToList();
        double Sum(int label, int predicted) => counts.Sum(count => count[label][predicted]);
        int classes = counts.Count > 0 ? counts[0].Length : 0;
        return
        [
            .. from label in Enumerable.Range(0, classes)
               let all = Math.Max(1, Enumerable.Range(0, classes).Sum(predicted => Sum(label, predicted)))
               select Enumerable.Range(0, classes).Select(predicted => 100 * Sum(label, predicted) / all).ToArray(),
        ];
    }

    /// <summary>The percentages as a grid of colors: a row for each class, a column for what it was taken for.</summary>
    /// <param name="classes">Names by label.</param>
    public static GenericChart Of(IEnumerable<TestResult> tests, IReadOnlyList<string> classes)
    {
        double[][] percentages = Percentages(tests);
        var text = percentages.Select(row => row.Select(value => $"{value:0} %"));
        return Chart.AnnotatedHeatmap<double, string, string, string>(
                percentages, text, X: new(classes, true), Y: new(classes, true), ReverseYAxis: new(true, true))
            .WithXAxisStyle<double, double, string>(TitleText: "taken for")
            .WithYAxisStyle<double, double, string>(TitleText: "is")
            .WithCourseStyle().WithSize(620, 480);
    }
}
