namespace TimeSformer.Tests.Training;

/// <summary>training.class_weights: balanced.</summary>
public sealed class ClassWeightsTests() : TrainingTests(videosPerClass: 2)
{
    private static readonly float[,] logits = { { 1, 0, -1, 2 }, { 0, 3, 1, 1 }, { 2, 2, 0, -1 } };
    private static readonly long[] labels = [0, 2, 0];
    private static readonly float[] weights = [0.5f, 1, 2, 0];

    [Fact]
    public void A_class_weighs_the_less_the_more_videos_it_has_and_nothing_without_any()
    {
        var videos = VideoList.Of("test", new[] { 0, 0, 0, 2, 2, 3 }.Select(label => new VideoItem("a", label)), ["a", "b", "c", "d"]);
        // scikit-learn's compute_class_weight("balanced", classes=[0, 2, 3], y): 6 / (3 * count).
        Assert.Equal([2f / 3, 0, 1, 2], ClassWeights.Balanced(videos));
    }

    [Theory, InlineData(0.0), InlineData(0.1)]
    public void The_loss_is_the_mean_weighted_by_the_labels(double smoothing)
    {
        // By hand: the sum over clips of w[y] times the cross entropy, of which a fraction is spread over the classes with their weights.
        double sum = 0, total = 0;
        for (int b = 0; b < 3; b++)
        {
            double norm = Math.Log(Enumerable.Range(0, 4).Sum(c => Math.Exp(logits[b, c])));
            sum += (1 - smoothing) * weights[labels[b]] * (norm - logits[b, labels[b]]);
            for (int c = 0; c < 4; c++) sum += smoothing / 4 * weights[c] * (norm - logits[b, c]);
            total += weights[labels[b]];
        }
        using var scope = NewDisposeScope();
        var targets = tensor(labels);
        Assert.Equal(sum / total, Loss(targets, smoothing).item<float>(), 1e-6);
        Assert.Equal(
            nn.functional.cross_entropy(tensor(logits), targets, tensor(weights), label_smoothing: smoothing).item<float>(),
            Loss(targets, smoothing).item<float>(), 1e-6);
    }

    [Theory, InlineData(0.0), InlineData(0.1)]
    public void Mixed_labels_are_weighted_in_proportion(double smoothing)
    {
        using var scope = NewDisposeScope();
        var mixed = tensor(new float[,] { { 0.7f, 0, 0.3f, 0 }, { 0.5f, 0, 0.5f, 0 }, { 0, 0.2f, 0, 0.8f } });
        double sum = 0;
        for (int b = 0; b < 3; b++)
        {
            double norm = Math.Log(Enumerable.Range(0, 4).Sum(c => Math.Exp(logits[b, c])));
            for (int c = 0; c < 4; c++)
            {
                double target = ((1 - smoothing) * mixed[b, c].item<float>()) + (smoothing / 4);
                sum += weights[c] * target * (norm - logits[b, c]);
            }
        }
        Assert.Equal(sum / 3, Loss(mixed, smoothing).item<float>(), 1e-6);
        Assert.Equal(
            nn.functional.cross_entropy(tensor(logits), mixed, tensor(weights), label_smoothing: smoothing).item<float>(),
            Loss(mixed, smoothing).item<float>(), 1e-6);
    }

    [Fact]
    public void A_step_in_parts_is_the_same_step()
    {
        File.WriteAllLines(Data.Train, File.ReadAllLines(Data.Train).Skip(3)); // classes of different sizes
        OptimizationRecipe options = new() { Epochs = 1, BatchSize = 8, ClassWeights = ClassWeighting.Balanced };
        var whole = FirstLoss(options, "whole");
        Assert.Equal(whole, FirstLoss(options with { MicroBatchSize = 3 }, "parts"), 1e-5);
        Assert.NotEqual(whole, FirstLoss(options with { ClassWeights = ClassWeighting.None }, "unweighted"), 1e-3);
    }

    [Fact]
    public void Recipes_without_it_keep_their_text()
    {
        Assert.DoesNotContain("class_weights", RecipeFile.ToYaml(new()), StringComparison.Ordinal);
        var weighted = RecipeFile.Parse("training: {class_weights: balanced}");
        Assert.Equal(ClassWeighting.Balanced, weighted.Training.ClassWeights);
        Assert.Contains("class_weights: balanced", RecipeFile.ToYaml(weighted), StringComparison.Ordinal);
    }

    private static Tensor Loss(Tensor targets, double smoothing)
    {
        // In two parts, as micro-batches are.
        var (x, w) = (tensor(logits), tensor(weights));
        return Part(..2) + Part(2..);

        Tensor Part(Range clips) => ClassWeights.Loss(x[clips], targets[clips], ClassWeights.Whole(targets, w), w, smoothing);
    }

    private double FirstLoss(OptimizationRecipe options, string run)
    {
        Train(Recipe(options) with { Model = new() { Preset = "tiny", DropPathRate = 0 } }, run);
        return RunLog.Read(folder.File(run)).First(entry => entry.Loss is not null).Loss!.Value;
    }
}
