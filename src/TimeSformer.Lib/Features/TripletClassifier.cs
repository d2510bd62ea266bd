using TimeSformer.Torch;
using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace TimeSformer.Features;

/// <summary>Which triplets of an anchor, another video of its class and one of another class count (Schroff et al., CVPR 2015).</summary>
public enum TripletMining
{
    /// <summary>
    /// For each anchor and each other video of its class, the nearest video of another class that is farther away, or the farthest of all.
    /// </summary>
    SemiHard,

    /// <summary>For each anchor, the farthest video of its class and the nearest of another (Hermans et al., 2017).</summary>
    Hard,
}

/// <summary>
/// The nearest class mean in an embedding that the triplet loss makes: videos of a class come closer to each other than to those of other
/// classes, by a margin (FaceNet, Schroff et al., CVPR 2015). A linear layer, learned in each step on all videos, or on some of each class.
/// </summary>
internal sealed class TripletClassifier : FeatureClassifier
{
    private const int Width = 64, Steps = 200, ClassesPerStep = 16, VideosPerClass = 8, Seed = 0;
    private const double Margin = 0.3, LearningRate = 1e-3, WeightDecay = 0.05;

    private readonly Tensor projection;
    private readonly Tensor centroids;

    public TripletClassifier(FeatureSet training, TripletMining mining)
        : base(training)
    {
        using var scope = NewDisposeScope();
        var (rows, labels) = (Scale.Apply(training.Values), training.Labels());
        projection = Learn(rows, labels, mining).MoveToOuterDisposeScope();                           // (E, F)
        centroids = Centroids(Embed(rows, projection), labels, Classes.Count).MoveToOuterDisposeScope();
    }

    public override void Dispose()
    {
        projection.Dispose();
        centroids.Dispose();
        base.Dispose();
    }

    private protected override Tensor Scores(Tensor scaled)
    {
        using var scope = NewDisposeScope();
        return CentroidClassifier.ToCentroids(Embed(scaled, projection), centroids).MoveToOuterDisposeScope();
    }

    /// <summary>The mean loss of the triplets that mining chooses; zero if there are none.</summary>
    /// <param name="embedded">(N, E), rows of length 1.</param>
    /// <param name="labels">(N), int64.</param>
    /// <param name="mining">Which triplets count.</param>
    /// <param name="margin">By how much other classes must be farther away, in squared distance.</param>
    internal static Tensor Loss(Tensor embedded, Tensor labels, TripletMining mining, double margin = Margin)
    {
        using var scope = NewDisposeScope();
        using Scalar infinity = double.PositiveInfinity, less = double.NegativeInfinity, zero = 0;
        var distances = Matrix.matmul(embedded, embedded.t()).Times(-2).Plus(2);                      // (N, N), squared
        var same = labels.unsqueeze(0).eq(labels.unsqueeze(1));
        var itself = eye(labels.shape[0], dtype: ScalarType.Bool, device: labels.device);
        var (positive, negative) = (same & ~itself, ~same);
        Tensor apart, counts;
        if (mining is TripletMining.Hard)
        {
            var farthest = distances.masked_fill(~positive, less).max(1).values;                      // (N)
            var nearest = distances.masked_fill(~negative, infinity).min(1).values;
            apart = farthest - nearest;
            counts = positive.any(1) & negative.any(1);
        }
        else
        {
            // (anchor, positive, negative)
            var farther = distances.unsqueeze(1).gt(distances.unsqueeze(2)) & negative.unsqueeze(1);
            var semi = distances.unsqueeze(1).expand_as(farther).masked_fill(~farther, infinity).min(2).values; // (N, N)
            var farthest = distances.masked_fill(~negative, less).max(1).values.unsqueeze(1);         // (N, 1)
            apart = distances - where(farther.any(2), semi, farthest.expand_as(semi));
            counts = positive & negative.any(1).unsqueeze(1);
        }
        var losses = apart.Plus(margin).masked_select(counts).clamp_min(zero);
        return (losses.shape[0] == 0 ? embedded.sum().Times(0) : losses.mean()).MoveToOuterDisposeScope();
    }

    private static Tensor Embed(Tensor rows, Tensor projection)
    {
        using var scope = NewDisposeScope();
        return Unit(Matrix.matmul(rows, projection.t())).MoveToOuterDisposeScope();
    }

    private static Tensor Learn(Tensor rows, Tensor labels, TripletMining mining)
    {
        using var grad = enable_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator(Seed);
        long features = rows.shape[1];
        var projection = new Parameter(randn([Width, features], generator: generator).Over(Math.Sqrt(features)));
        using var optimizer = new AdamW([new ParamGroup([projection], LearningRate)], 0.9, 0.999, weightDecay: WeightDecay);
        var random = new Random(Seed);
        var byClass = labels.data<long>().ToArray().Index().ToLookup(label => label.Item, label => label.Index);
        bool isSmall = labels.shape[0] <= ClassesPerStep * VideosPerClass;
        for (int step = 0; step < Steps; step++)
        {
            using var inner = NewDisposeScope();
            var (x, y) = isSmall ? (rows, labels) : Sample(rows, labels, byClass, random);
            optimizer.zero_grad();
            Loss(Embed(x, projection), y, mining).backward();
            optimizer.step();
        }
        return projection.detach().clone().MoveToOuterDisposeScope();
    }

    private static (Tensor, Tensor) Sample(Tensor rows, Tensor labels, ILookup<long, int> byClass, Random random)
    {
        var classes = byClass.ToArray();
        random.Shuffle(classes);
        var chosen = classes.Take(ClassesPerStep).SelectMany(members =>
        {
            int[] shuffled = [.. members];
            random.Shuffle(shuffled);
            return shuffled.Take(VideosPerClass);
        });
        var index = tensor(chosen.Select(place => (long)place).ToArray());
        return (rows.index_select(0, index), labels.index_select(0, index));
    }
}
