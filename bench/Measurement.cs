using System.Diagnostics;
using TimeSformer.Costs;
using TimeSformer.Torch;
using static TorchSharp.torch;

namespace TimeSformer.Bench;

/// <summary>A step of one model, measured.</summary>
/// <param name="Model">tiny, small or base.</param>
/// <param name="Scheme">divided, joint or space.</param>
/// <param name="Precision">float32 or bfloat16.</param>
/// <param name="Mode">train or eval.</param>
/// <param name="Batch">Clips.</param>
/// <param name="OursMs">Median milliseconds of our step.</param>
/// <param name="PeerMs">Median milliseconds of the peer's step.</param>
/// <param name="Ratio">The peer's time over ours: above 1, we are faster.</param>
/// <param name="GemmShare">The rate of our step's products as a fraction of a large product's, measured in the same turns.</param>
/// <param name="PeerGemmShare">The peer's.</param>
/// <param name="OursMb">Peak megabytes (1e6 bytes) of our step's tensors, beyond weights, momentum and clips.</param>
/// <param name="PeerMb">The peer's.</param>
/// <param name="OfficialMs">Median milliseconds of the official code's step; null if it was not asked for.</param>
internal sealed record Row(
    string Model, string Scheme, string Precision, string Mode, int Batch, double OursMs, double PeerMs, double Ratio, double GemmShare,
    double PeerGemmShare, double OursMb, double PeerMb, double? OfficialMs)
{
    /// <summary>Whether the peer is as fast as the official code, within 10 %; null if that was not measured.</summary>
    public bool? PeerIsFair => OfficialMs is { } official ? Math.Abs((PeerMs / official) - 1) <= 0.1 : null;
}

/// <summary>A training step by operation.</summary>
internal sealed record StepProfile(
    string Model, string Scheme, string Precision, IReadOnlyList<Operation> Ours, IReadOnlyList<Operation> Peer);

/// <summary>
/// Measures our model and the peer side by side: machines drift, so they and a large matrix product take turns, and medians count.
/// </summary>
internal static class Measurement
{
    private const int WarmUp = 2;
    private const long Side = 1536; // of the large product's matrices

    /// <summary>A row for each mode; a profile if asked for.</summary>
    /// <param name="setting">What to measure.</param>
    /// <param name="modes">train, eval.</param>
    /// <param name="rounds">Measurements of each.</param>
    /// <param name="official">The official code in Python, or null.</param>
    /// <param name="profile">Whether to profile a training step.</param>
    /// <param name="cancel">Ends the work.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static (IReadOnlyList<Row> Rows, StepProfile? Profile) Run(
        Setting setting, IReadOnlyList<string> modes, int rounds, OfficialCode? official, bool profile, CancellationToken cancel)
    {
        using var trial = new Trial(setting);
        trial.Check();
        using var factor = randn([Side, Side], setting.Products is Precision.Bfloat16 ? ScalarType.BFloat16 : ScalarType.Float32);
        List<Turn> turns = [new("", "gemm", () => Time(() => factor.mm(factor).Dispose()))];
        foreach (var mode in modes)
        {
            turns.Add(new(mode, "ours", () => Time(trial, trial.Ours, mode)));
            turns.Add(new(mode, "peer", () => Time(trial, trial.Peer, mode)));
            if (official is not null) turns.Add(new(mode, "official", () => official.Step(mode)));
        }
        for (int round = -WarmUp; round < rounds; round++)
        {
            // Back and forth, so that none always follows the same other.
            foreach (var turn in round % 2 == 0 ? turns : turns.AsEnumerable().Reverse())
            {
                cancel.ThrowIfCancellationRequested();
                double seconds = turn.Work();
                if (round >= 0) turn.Seconds.Add(seconds);
            }
        }
        double gemm = 2 * Math.Pow(Side, 3) / Median("", "gemm")!.Value; // FLOP per second
        return ([.. modes.Select(RowOf)], profile ? ProfileOf(trial, setting) : null);

        double? Median(string mode, string who) =>
            turns.Find(turn => turn.Mode == mode && turn.Who == who)?.Seconds is { } all ? all.Order().ElementAt(all.Count / 2) : null;

        Row RowOf(string mode)
        {
            double ours = Median(mode, "ours")!.Value, peer = Median(mode, "peer")!.Value, flop = Flop(setting, mode);
            return new(
                setting.Model, setting.Scheme, setting.Precision, mode, setting.Batch, ours * 1e3, peer * 1e3, peer / ours,
                flop / ours / gemm, flop / peer / gemm, Megabytes(trial, trial.Ours, mode), Megabytes(trial, trial.Peer, mode),
                Median(mode, "official") * 1e3);
        }
    }

    // Of the products. The backward pass has two for each of the forward pass's, but no gradient of the clips.
    private static double Flop(Setting setting, string mode)
    {
        var cost = CostModel.Of(setting.Config);
        long patches = cost.Layers.Single(layer => layer.Name == "patch_embed.proj").MultiplyAdds;
        return 2.0 * setting.Batch * (mode == "train" ? (3 * cost.MultiplyAdds) - patches : cost.MultiplyAdds);
    }

    private static double Time(Trial trial, Contender contender, string mode)
    {
        contender.Model.train(mode == "train");
        return Time(() => trial.Run(contender));
    }

    private static double Time(Action work)
    {
        var clock = Stopwatch.StartNew();
        work();
        return clock.Elapsed.TotalSeconds;
    }

    private static double Megabytes(Trial trial, Contender contender, string mode)
    {
        contender.Model.train(mode == "train");
        contender.ZeroGrad();
        return MemoryMeter.Peak(() => trial.Run(contender)) / 1e6;
    }

    private static StepProfile ProfileOf(Trial trial, Setting setting)
    {
        return new(setting.Model, setting.Scheme, setting.Precision, Of(trial.Ours), Of(trial.Peer));

        IReadOnlyList<Operation> Of(Contender contender)
        {
            contender.Model.train();
            trial.Run(contender);
            return Profiler.Run(() => trial.Run(contender));
        }
    }

    private sealed record Turn(string Mode, string Who, Func<double> Work)
    {
        public List<double> Seconds { get; } = [];
    }
}
