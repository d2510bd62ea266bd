using System.Globalization;
using TimeSformer.Costs;
using TimeSformer.Models;

namespace TimeSformer.Bench;

/// <summary>What a training step on many GPUs would cost, on paper.</summary>
/// <param name="Model">The preset.</param>
/// <param name="Batch">Clips of each GPU.</param>
/// <param name="StepMs">A step of one GPU.</param>
/// <param name="Megabytes">Gradients (1e6 bytes).</param>
/// <param name="Efficiency">The speed of each GPU as a fraction of that of one alone, by number of GPUs.</param>
internal sealed record ScalingEstimate(
    string Model, int Batch, double StepMs, double Megabytes, IReadOnlyDictionary<int, double> Efficiency)
{
    /// <summary>Numbers of GPUs.</summary>
    public static readonly IReadOnlyList<int> Sizes = [8, 64, 512];

    /// <summary>What the estimate takes for granted.</summary>
    public const string Assumptions = """
        - H100s that do 161 TFLOP/s, as Base did in training (8x224², 32 clips, bfloat16: 137 clips/s of 1.18 TFLOP);
        - eight in a machine, 300 GB/s between them, and 40 GB/s per GPU between machines (a 400 Gb/s adapter each, 80 % of its rate);
        - float32 gradients, summed around a ring: 2·(N − 1)/N of their bytes over the slowest link, and 20 µs for each bucket of 4 MB and
          each doubling of N;
        - a backward pass of two thirds of the step, and data that always keep up.
        """;

    private const double FlopPerSecond = 137 * 1.18e12, WithinMachine = 300e9, BetweenMachines = 40e9, Latency = 20e-6;
    private const double BucketBytes = 4 << 20, BackwardShare = 2.0 / 3;
    private const int PerMachine = 8;

    /// <summary>Base and L.</summary>
    /// <param name="hidden">The share of the time of sums, 0 to 1, that steps do not wait for.</param>
    public static IReadOnlyList<ScalingEstimate> All(double hidden) =>
        [Of("base", TimeSformerConfig.Base, 32, hidden), Of("l", TimeSformerConfig.Large, 2, hidden)];

    private static ScalingEstimate Of(string name, TimeSformerConfig config, int batch, double hidden)
    {
        var cost = CostModel.Of(config);
        double step = batch * 3 * 2.0 * cost.MultiplyAdds / FlopPerSecond, bytes = sizeof(float) * (double)cost.Parameters;
        var efficiency = Sizes.ToDictionary(size => size, size =>
        {
            double link = size <= PerMachine ? WithinMachine : BetweenMachines;
            double moving = (2.0 * (size - 1) / size * bytes / link) + (Latency * Math.Log2(size) * Math.Ceiling(bytes / BucketBytes));
            double waiting = Math.Max((1 - hidden) * moving, moving - (BackwardShare * step));
            return step / (step + waiting);
        });
        return new(name, batch, step * 1e3, bytes / 1e6, efficiency);
    }

    /// <summary>A row of a Markdown table.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"| {Model} | {Batch} | {StepMs:0} | {Megabytes:0} | {string.Join(" | ", Sizes.Select(size => $"{Efficiency[size]:P0}"))} |");
}
