using TimeSformer.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace TimeSformer.Interpretation;

/// <summary>How far the patches of a step look, as one head's mean.</summary>
/// <param name="Block">The block's index from 0.</param>
/// <param name="Step">The step's name.</param>
/// <param name="Head">The head's index from 0.</param>
/// <param name="Space">In patches within the frame.</param>
/// <param name="Time">In frames, or tubelets.</param>
public sealed record HeadDistance(int Block, string Step, int Head, double Space, double Time)
{
    /// <summary>
    /// Mean attention distance (Dosovitskiy et al. 2021, figure 7, with time beside space): the distance from a patch to the patches that
    /// it attends to, weighted by its attention to them, averaged over patches and clips. Class tokens have no place and are left out.
    /// </summary>
    /// <param name="record">Clips' attention.</param>
    public static IReadOnlyList<HeadDistance> Of(AttentionRecord record) =>
        [.. record.Maps.SelectMany(map => Of(map, record))];

    private static IEnumerable<HeadDistance> Of(AttentionMap map, AttentionRecord record)
    {
        using var scope = NewDisposeScope();
        var (_, frames, _, width) = record.Grid;
        List<(Tensor Space, Tensor Time, double Queries)> groups = [];
        foreach (var (tokens, weights, _) in map.Groups)
        {
            var isPatch = tokens.ge(record.ClassTokens).to_type(weights.dtype);                       // (G, L)
            var place = tokens.Plus(-record.ClassTokens).clamp(min: Arithmetic.Zero);                 // (h·W + w)·T + t
            var pairs = weights * (isPatch.unsqueeze(2) * isPatch.unsqueeze(1)).unsqueeze(1);         // (B, G, A, L, L), of patches alone
            pairs = pairs / pairs.sum([-1L], keepdim: true).clamp(min: Arithmetic.Least);
            var across = Apart(Remainder(Quotient(place, frames), width), weights);
            var down = Apart(Quotient(place, frames * width), weights);
            groups.Add((
                Sum(pairs, across.square().Plus(down.square()).sqrt()), Sum(pairs, Apart(Remainder(place, frames), weights)),
                isPatch.sum().Number() * weights.shape[0]));
        }
        double queries = groups.Sum(group => group.Queries);
        if (queries == 0) yield break;                                                                // class tokens alone
        var space = groups.Select(group => group.Space).Aggregate((sum, next) => sum.Plus(next)).cpu().to_type(ScalarType.Float64);
        var time = groups.Select(group => group.Time).Aggregate((sum, next) => sum.Plus(next)).cpu().to_type(ScalarType.Float64);
        var (far, longAgo) = (space.data<double>().ToArray(), time.data<double>().ToArray());
        for (int head = 0; head < far.Length; head++)
        {
            yield return new(map.Block, map.Step, head, far[head] / queries, longAgo[head] / queries);
        }
    }

    // Distances of all pairs of a group, by their coordinates (G, L): (G, L, L).
    private static Tensor Apart(Tensor coordinates, Tensor like) =>
        coordinates.unsqueeze(2).Plus(coordinates.unsqueeze(1).neg()).abs().to_type(like.dtype);

    // The sum of weights (B, G, A, L, L) times distances (G, L, L): (A).
    private static Tensor Sum(Tensor weights, Tensor distances) => (weights * distances.unsqueeze(1)).sum([0L, 1, 3, 4]);

    private static Tensor Quotient(Tensor x, long divisor)
    {
        using Scalar number = divisor;
        return x.floor_divide(number);
    }

    private static Tensor Remainder(Tensor x, long divisor)
    {
        using Scalar number = divisor;
        return x.remainder(number);
    }
}
