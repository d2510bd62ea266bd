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

    /// <summary>The weights that show that the last block of each stage is there (<see cref="VideoModelConfig.WeightSizes"/>).</summary>
    internal IEnumerable<(string Weight, int Dimension, long Length)> LastBlocks(int width) => Named.Select((stage, index) =>
        ($"s{index + 2}.pathway0_res{stage.Blocks - 1}.branch2.a.weight", 0, (long)width << index));

    internal (string Stage, int Blocks)[] Named => [(nameof(Res2), Res2), (nameof(Res3), Res3), (nameof(Res4), Res4), (nameof(Res5), Res5)];
}
