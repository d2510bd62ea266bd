using TimeSformer.Experiments;
using TimeSformer.Notebooks;

namespace TimeSformer.Tests.Notebooks;

public sealed class ConfusionFigureTests
{
    private static readonly TestResult[] tests = [new(5, 0.6, 1, ["2 1", "1 1"]), new(3, 1, 1, ["1 0", "0 2"])];

    [Fact]
    public void Percentages_are_of_each_classs_videos_over_all_tests()
    {
        double[][] percentages = ConfusionFigure.Percentages(tests);
        Assert.Equal([75, 25], percentages[0]);
        Assert.Equal([25, 75], percentages[1]);
        Assert.Empty(ConfusionFigure.Percentages([]));
    }

    [Fact]
    public void A_class_without_videos_has_zeros() =>
        Assert.Equal([[100, 0], [0, 0]], ConfusionFigure.Percentages([new(1, 1, 1, ["1 0", "0 0"])]));

    [Fact]
    public void The_figure_names_the_classes_and_prints_the_percentages()
    {
        var page = FigureHtml.Data(ConfusionFigure.Of(tests, ["push", "punch"]));
        Assert.All(["push", "punch", "75 %", "taken for"], text => Assert.Contains(text, page, StringComparison.Ordinal));
    }
}
