using TimeSformer.Features;
using static TimeSformer.Tests.Features.FeatureFixtures;

namespace TimeSformer.Tests.Features;

public sealed class ClassifierTests : TensorTests
{
    [Theory, Each<ClassifierKind>]
    public void Every_classifier_tells_a_mixture_of_Gaussians(ClassifierKind kind)
    {
        using var classifier = FeatureClassifier.Fit(Mixture(seed: 1), kind);
        var test = Mixture(seed: 2);
        var predictions = classifier.Predict(test);
        Assert.True(predictions.Count(entry => entry.Predicted == entry.Video.Label) >= 0.97 * test.Videos.Count);
        var probabilities = classifier.Probabilities(test.Values);
        Assert.Equal([80, 4], probabilities.shape);
        Assert.True(probabilities.sum(1).allclose(ones(80)));
        Assert.True(probabilities.min().Number() >= 0);
        foreach (var ((video, predicted, probability), row) in predictions.Zip(Rows(probabilities)))
        {
            Assert.Equal((row.Max(), row.Index().MaxBy(entry => entry.Item).Index), (probability, predicted));
        }
    }

    [Theory, Each<ClassifierKind>]
    public void A_classifier_that_learned_from_noise_guesses(ClassifierKind kind)
    {
        using var classifier = FeatureClassifier.Fit(Mixture(spread: 1e3, seed: 1), kind);
        var predictions = classifier.Predict(Mixture(spread: 1e3, perClass: 50, seed: 2));
        Assert.InRange(predictions.Average(entry => entry.Predicted == entry.Video.Label ? 1.0 : 0), 0.15, 0.35);
    }

    [Theory, Each<ClassifierKind>]
    public void A_class_without_videos_is_never_chosen_and_one_of_a_single_video_can_be(ClassifierKind kind)
    {
        var all = Mixture();
        int[] kept = [.. Enumerable.Range(0, 80).Where(k => all.Videos[k].Label is 0 or 3 || k == 1)]; // none of class 2
        using var classifier = FeatureClassifier.Fit(all.Subset(kept), kind);
        var test = Mixture(seed: 2);
        var predicted = classifier.Predict(test).ToLookup(entry => entry.Video.Label, entry => entry.Predicted);
        Assert.All([0, 1, 3], label => Assert.Contains(label, predicted[label]));
        Assert.All(predicted, label => Assert.DoesNotContain(2, label));
    }

    [Theory, Each<ClassifierKind>]
    public void A_thousand_classes_of_one_video_are_learned(ClassifierKind kind)
    {
        using var classifier = FeatureClassifier.Fit(Mixture(classes: 1000, perClass: 1, spread: 0.01, features: 32), kind);
        var predictions = classifier.Predict(Mixture(classes: 1000, perClass: 1, spread: 0.01, features: 32, seed: 2));
        Assert.True(predictions.Count(entry => entry.Predicted == entry.Video.Label) > 900);
    }

    [Theory, Each<ClassifierKind>]
    public void Neither_the_scale_of_features_nor_one_that_never_varies_matters(ClassifierKind kind)
    {
        FeatureSet Changed(FeatureSet set) =>
            set with { Values = cat([set.Values.Times(1000).Plus(5), full([set.Values.shape[0], 1L], 7.0f)], 1) };
        using var plain = FeatureClassifier.Fit(Mixture(), kind);
        using var changed = FeatureClassifier.Fit(Changed(Mixture()), kind);
        var test = Mixture(seed: 2);
        int same = plain.Predict(test).Zip(changed.Predict(Changed(test))).Count(pair => pair.First.Predicted == pair.Second.Predicted);
        Assert.True(same >= 79, $"{same} of 80");
    }

    [Theory, Each<ClassifierKind>]
    public void One_class_is_refused_by_its_name(ClassifierKind kind)
    {
        var one = Mixture().Subset([0, 4, 8]);
        Assert.Refused<InputException>("all videos are of one class, 'class of 0'", () => FeatureClassifier.Fit(one, kind));
    }

    [Theory, Each<ClassifierKind>]
    public void Learning_and_predicting_leave_no_tensors(ClassifierKind kind)
    {
        var set = Mixture();
        Once();
        long before = LiveTensors.Settled();
        Once();
        // TorchSharp counts a parameter for ever.
        Assert.InRange(LiveTensors.Settled() - before, 0, kind is ClassifierKind.Triplet ? 1 : 0);

        void Once()
        {
            using var classifier = FeatureClassifier.Fit(set, kind);
            classifier.Predict(set);
        }
    }

    [Fact]
    public void Centroids_are_as_an_independent_formula_has_them()
    {
        var (training, test) = (Mixture(spread: 2), Mixture(spread: 2, seed: 2));
        using var classifier = FeatureClassifier.Fit(training, ClassifierKind.Centroid);
        var (rows, tested) = Scaled(training, test);
        var centers = Enumerable.Range(0, 4).Select(label =>
        {
            var members = rows.Where((_, k) => training.Videos[k].Label == label).ToList();
            return Unit([.. Enumerable.Range(0, 16).Select(f => members.Average(row => row[f]))]);
        }).ToList();
        AssertProbabilities(classifier, test, tested.Select(row => Shares(centers.Select(center => Math.Exp(Dot(row, center) / 0.1)))));
    }

    [Fact]
    public void Nearest_neighbors_are_as_an_independent_formula_has_them()
    {
        var (training, test) = (Mixture(spread: 2), Mixture(spread: 2, seed: 2));
        using var classifier = FeatureClassifier.Fit(training, ClassifierKind.Knn);
        var (rows, tested) = Scaled(training, test);
        AssertProbabilities(classifier, test, tested.Select(row =>
        {
            var near = rows.Select((other, k) => (Cosine: Dot(row, other), training.Videos[k].Label))
                .OrderByDescending(pair => pair.Cosine).Take(5);
            double Weight(int label) => near.Where(pair => pair.Label == label).Sum(pair => Math.Exp(pair.Cosine / 0.07));
            return Shares(Enumerable.Range(0, 4).Select(Weight));
        }));
    }

    [Theory, InlineData(1e-3), InlineData(1e-2)]
    public void The_gradient_of_the_logistic_regression_is_zero_where_it_ends(double penalty)
    {
        var set = Mixture(spread: 2);
        var x = cat([FeatureClassifier.Unit(set.Values), ones(80, 1)], 1);
        var (rows, squares, axes) = LinearClassifier.Principal(x);
        using var fitted = Matrix.matmul(axes, LinearClassifier.Descend(rows, squares, set.Labels(), classes: 4, penalty));
        using var _ = enable_grad();
        var weights = fitted.clone().requires_grad_();
        var loss = nn.functional.cross_entropy(Matrix.matmul(x, weights), set.Labels()).Plus(weights.square().sum().Times(penalty / 2));
        loss.backward();
        Assert.True(weights.grad!.norm().Number() < 1e-4, $"{weights.grad!.norm().Number()}");
        Assert.True(loss.Number() < 0.9 * Math.Log(4));
    }

    [Fact]
    public void More_features_than_videos_are_learned_from_as_they_are()
    {
        // 2,000 features, of which 16 say something.
        FeatureSet Wide(FeatureSet set) => set with { Values = cat([set.Values, zeros(80, 1984)], 1) };
        using var narrow = FeatureClassifier.Fit(Mixture(), ClassifierKind.Linear);
        using var wide = FeatureClassifier.Fit(Wide(Mixture()), ClassifierKind.Linear);
        var test = Mixture(seed: 2);
        Assert.True(wide.Probabilities(Wide(test).Values).allclose(narrow.Probabilities(test.Values), rtol: 1e-3, atol: 1e-3));
    }

    private static void AssertProbabilities(FeatureClassifier classifier, FeatureSet test, IEnumerable<double[]> expected)
    {
        foreach (var (wanted, row) in expected.Zip(Rows(classifier.Probabilities(test.Values))))
        {
            foreach (var (a, b) in wanted.Zip(row)) Assert.Equal(a, b, 1e-4);
        }
    }

    // Rows standardized by the training's columns, of length 1.
    private static (double[][] Training, double[][] Test) Scaled(FeatureSet training, FeatureSet test)
    {
        var rows = Rows(training.Values);
        var mean = Enumerable.Range(0, 16).Select(f => rows.Average(row => row[f])).ToArray();
        var deviation = Enumerable.Range(0, 16).Select(f => Math.Sqrt(rows.Average(row => Math.Pow(row[f] - mean[f], 2)))).ToArray();
        double[][] Of(double[][] all) => [.. all.Select(row => Unit([.. row.Select((value, f) => (value - mean[f]) / deviation[f])]))];
        return (Of(rows), Of(Rows(test.Values)));
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    private static double[] Unit(double[] row) => [.. row.Select(value => value / Math.Sqrt(Dot(row, row)))];

    private static double[] Shares(IEnumerable<double> weights)
    {
        var all = weights.ToArray();
        return [.. all.Select(weight => weight / all.Sum())];
    }
}
