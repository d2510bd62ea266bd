using TimeSformer.Features;

namespace TimeSformer.Tests.Features;

public sealed class TripletTests : TensorTests
{
    private const double Margin = 0.3;

    // Class 0 at 0 and 30 degrees, class 1 at 50 and 120.
    private static readonly double[] angles = [0, 30, 50, 120];
    private static readonly int[] labels = [0, 0, 1, 1];

    [Fact]
    public void Hard_triplets_have_the_farthest_of_the_class_and_the_nearest_of_another() => Assert.Equal(
        Mean(D(30) - D(50), D(30) - D(20), D(70) - D(20), D(70) - D(90)), Loss(TripletMining.Hard), 1e-5);

    // None of the other class is farther from 50 degrees than 120 is: the farthest there is counts.
    [Fact]
    public void Semi_hard_triplets_have_the_nearest_of_another_class_that_is_farther_away_or_else_the_farthest() => Assert.Equal(
        Mean(D(30) - D(50), D(30) - D(90), D(70) - D(50), D(70) - D(90)), Loss(TripletMining.SemiHard), 1e-5);

    [Theory, Each<TripletMining>]
    public void The_loss_is_that_of_a_plain_search_and_never_negative(TripletMining mining)
    {
        var point = Gen.Choose(-1000, 1000).ArrayOf(3).Where(row => row.Any(value => value != 0)).Zip(Gen.Choose(0, 2));
        Prop.ForAll(point.NonEmptyListOf().ToArbitrary(), points =>
        {
            using var scope = NewDisposeScope();
            var rows = points.Select(one => Unit(one.Item1)).ToArray();
            int[] classes = [.. points.Select(one => one.Item2)];
            double loss = Loss(rows, classes, mining);
            Assert.True(loss >= 0);
            // Which of two videos is farther away is not decided by how distances are rounded.
            if (HasTies(rows, classes)) return;
            Assert.Equal(Search(rows, classes, mining), loss, 1e-4);
        }).Check(Config.QuickThrowOnFailure);
    }

    [Theory, Each<TripletMining>]
    public void The_loss_is_zero_where_classes_are_far_apart_or_have_no_pairs(TripletMining mining)
    {
        double[][] apart = [Unit([10, 1, 0]), Unit([10, 0, 1]), Unit([0, 10, 1]), Unit([1, 10, 0])];
        Assert.Equal(0, Loss(apart, [0, 0, 1, 1], mining));
        Assert.True(Loss(apart, [0, 1, 0, 1], mining) > 0.2);
        Assert.Equal(0, Loss(apart, [0, 1, 2, 3], mining));
        Assert.Equal(0, Loss(apart, [0, 0, 0, 0], mining));
    }

    [Theory, Each<TripletMining>]
    public void The_gradient_is_finite_also_without_triplets(TripletMining mining)
    {
        using var _ = enable_grad();
        foreach (var classes in new[] { new[] { 0L, 0, 1, 1 }, [0, 0, 1, 2], [0, 1, 2, 3], [0, 0, 0, 0] })
        {
            var rows = randn(4, 3).requires_grad_();
            TripletClassifier.Loss(FeatureClassifier.Unit(rows), tensor(classes), mining).backward();
            Assert.True(rows.grad!.isfinite().all().item<bool>());
        }
    }

    // The squared distance on the unit circle.
    private static double D(double degrees) => 2 - (2 * Math.Cos(degrees * Math.PI / 180));

    private static double Mean(params double[] apart) => apart.Average(value => Math.Max(0, value + Margin));

    private static double Loss(TripletMining mining) =>
        Loss([.. angles.Select(angle => new[] { Math.Cos(angle * Math.PI / 180), Math.Sin(angle * Math.PI / 180) })], labels, mining);

    private static double Loss(double[][] rows, int[] labels, TripletMining mining) => TripletClassifier.Loss(
        stack(rows.Select(row => tensor(row, ScalarType.Float64))), tensor(labels.Select(label => (long)label).ToArray()), mining,
        Margin).Number();

    private static double[] Unit(int[] row)
    {
        double length = Math.Sqrt(row.Sum(value => (double)value * value));
        return [.. row.Select(value => value / length)];
    }

    private static double Distance(double[] a, double[] b) => a.Zip(b, (x, y) => (x - y) * (x - y)).Sum();

    // Whether some video is as far from one of its class as from one of another.
    private static bool HasTies(double[][] rows, int[] labels) => rows.Index().Any(anchor =>
    {
        var distances = rows.Index().Where(row => row.Index != anchor.Index)
            .ToLookup(row => labels[row.Index] == labels[anchor.Index], row => Distance(anchor.Item, row.Item));
        return distances[true].Any(same => distances[false].Any(other => Math.Abs(same - other) < 1e-9));
    });

    private static double Search(double[][] rows, int[] labels, TripletMining mining)
    {
        List<double> losses = [];
        for (int anchor = 0; anchor < rows.Length; anchor++)
        {
            int a = anchor;
            var others = Enumerable.Range(0, rows.Length).Where(k => k != a)
                .ToLookup(k => labels[k] == labels[a], k => Distance(rows[a], rows[k]));
            var (same, different) = (others[true].ToList(), others[false].ToList());
            if (same.Count == 0 || different.Count == 0) continue;
            if (mining is TripletMining.Hard) losses.Add(same.Max() - different.Min());
            else losses.AddRange(same.Select(near => near - different.Where(far => far > near).DefaultIfEmpty(different.Max()).Min()));
        }
        return losses.Count == 0 ? 0 : Mean([.. losses]);
    }
}
