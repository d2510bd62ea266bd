namespace TimeSformer.Models.Convolution;

/// <summary>Residual blocks in each of a ResNet's four stages, which the papers call res2 to res5.</summary>
public sealed record StageDepths(int Res2, int Res3, int Res4, int Res5)
{
    /// <summary>ResNet-18 and, of blocks with three convolutions, ResNet-26.</summary>
    public static StageDepths Two { get; } = new(2, 2, 2, 2);

    /// <summary>ResNet-50.</summary>
    public static StageDepths ResNet50 { get; } = new(3, 4, 6, 3);

    /// <summary>The numbers with commas.</summary>
    internal string Text => $"{Res2}, {Res3}, {Res4} and {Res5}";

    /// <summary>The blocks' part of <see cref="VideoModelConfig.WeightSizes"/>.</summary>
    /// <param name="width">Channels of the stem.</param>
    /// <param name="entering">Channels that enter the first stage: the stem's and those of a fusion.</param>
    internal IEnumerable<WeightSize> Sizes(long width, long entering)
    {
        foreach (var (index, (_, blocks)) in Named.Index())
        {
            long inner = width << index, outer = 4 * inner, before = index == 0 ? entering : (2L << index) * entering;
            var stage = $"s{index + 2}.pathway0_res";
            // Where a stage's input has the shape of its result, no convolution is beside the first block.
            if (index > 0 || before != outer) yield return new($"{stage}0.branch1.weight", outer, before, 1, 1, 1);
            for (int block = 0; block < blocks; block++) yield return new($"{stage}{block}.branch2.b.weight", inner, inner, 1, 3, 3);
        }
    }

    internal (string Stage, int Blocks)[] Named => [(nameof(Res2), Res2), (nameof(Res3), Res3), (nameof(Res4), Res4), (nameof(Res5), Res5)];
}
