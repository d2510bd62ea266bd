using TimeSformer.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace TimeSformer.Video;

/// <summary>Normalizes colors, as values in [0, 1], to (value - mean) / std. The defaults are the official code's for all colors.</summary>
public sealed record ClipNormalization
{
    private const double OfficialMean = 0.45, OfficialStd = 0.225;

    /// <summary>Takes a mean and a standard deviation for red, green and blue, or one for all three.</summary>
    /// <param name="mean">One value or three; 0.45 if null.</param>
    /// <param name="std">One value or three, above 0; 0.225 if null.</param>
    /// <exception cref="ArgumentException">There are not one or three finite values, or a standard deviation is not above 0.</exception>
    public ClipNormalization(IReadOnlyList<double>? mean = null, IReadOnlyList<double>? std = null)
    {
        (Mean, Std) = (Channels("mean", mean ?? [OfficialMean]), Channels("std", std ?? [OfficialStd]));
        if (!Std.All(value => value > 0)) throw new ArgumentException($"the std is {Text(Std)}; it must be above 0");
    }

    /// <summary>The official mean and standard deviation (config/defaults.py, DATA.MEAN and DATA.STD).</summary>
    public static ClipNormalization Default { get; } = new();

    /// <summary>The means of red, green and blue.</summary>
    public IReadOnlyList<double> Mean { get; }

    /// <summary>The standard deviations of red, green and blue.</summary>
    public IReadOnlyList<double> Std { get; }

    /// <summary>Normalizes clips (B, T, H, W, 3), uint8, into (B, 3, T, H, W), float32, on the same device.</summary>
    public Tensor Apply(Tensor clips)
    {
        using var scope = NewDisposeScope();
        // Filled on the device: numbers copied to a GPU would wait for all its work.
        Tensor Each(Func<double, double, double> value) =>                                          // (3, 1, 1, 1)
            cat([.. Mean.Zip(Std, value).Select(Filled)]).view(3, 1, 1, 1);
        Tensor Filled(double value)
        {
            using Scalar number = value;
            return full(1, number, ScalarType.Float32, clips.device);
        }
        var values = clips.permute(0, 4, 1, 2, 3).to_type(ScalarType.Float32).contiguous();         // (B, 3, T, H, W)
        var normalized = values.mul(Each((_, std) => 1 / (255 * std))).Plus(Each((mean, std) => -mean / std));
        return normalized.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public bool Equals(ClipNormalization? other) =>
        other is not null && Mean.SequenceEqual(other.Mean) && Std.SequenceEqual(other.Std);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Mean[0], Std[0]);

    /// <summary>One number if all channels share it, else the three with commas between them.</summary>
    public static string Text(IReadOnlyList<double> channels) =>
        channels.Distinct().Count() == 1 ? $"{channels[0]:0.####}" : string.Join(',', channels.Select(value => $"{value:0.####}"));

    private static double[] Channels(string name, IReadOnlyList<double> values) =>
        values.Count is not (1 or 3) || !values.All(double.IsFinite)
            ? throw new ArgumentException($"the {name} has {values.Count} values; it must be one finite number, or three")
            : [values[0], values[values.Count / 2], values[^1]];
}
