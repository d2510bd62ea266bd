using System.Diagnostics;
using TimeSformer.Costs;
using TimeSformer.Kernels;
using TimeSformer.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace TimeSformer.Bench;

/// <summary>A step of one model, measured.</summary>
/// <param name="Model">tiny, small or base.</param>
/// <param name="Scheme">divided, joint or space.</param>
/// <param name="Precision">float32, bfloat16 or bfloat16_weights.</param>
/// <param name="Steps">How ours is computed: composed, attention or kernels.</param>
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
/// <param name="CompiledMs">The same under torch.compile.</param>
internal sealed record Row(
    string Model, string Scheme, string Precision, string Steps, string Mode, int Batch, double OursMs, double PeerMs, double Ratio,
    double GemmShare, double PeerGemmShare, double OursMb, double PeerMb, double? OfficialMs, double? CompiledMs)
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
    private const int Repeats = 4;  // on a GPU, which computes while the next step is queued

    /// <summary>A row for each mode; a profile if asked for.</summary>
    /// <param name="setting">What to measure.</param>
    /// <param name="modes">train, eval.</param>
    /// <param name="rounds">Measurements of each.</param>
    /// <param name="official">The official code in Python and, where asked for, the same compiled; or none.</param>
    /// <param name="profile">Whether to profile a training step.</param>
    /// <param name="cancel">Ends the work.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static (IReadOnlyList<Row> Rows, StepProfile? Profile) Run(
        Setting setting, IReadOnlyList<string> modes, int rounds, IReadOnlyList<OfficialCode> official, bool profile,
        CancellationToken cancel)
    {
        using var trial = new Trial(setting);
        trial.Check();
        var device = setting.Device;
        int repeats = device.type is DeviceType.CUDA ? Repeats : 1;
        long side = device.type is DeviceType.CUDA ? 8192 : 1536; // of the large product's matrices
        var type = setting.Products is Precision.Float32 ? ScalarType.Float32 : ScalarType.BFloat16;
        using var factor = randn([side, side], type, device);
        List<Turn> turns = [new("", "gemm", () => Time(() => factor.mm(factor).Dispose()))];
        foreach (var mode in modes)
        {
            foreach (var steps in setting.Steps) turns.Add(new(mode, steps, () => Computed(steps, () => Step(trial.Ours, mode))));
            turns.Add(new(mode, "peer", () => Step(trial.Peer, mode)));
            foreach (var (number, code) in official.Index()) turns.Add(new(mode, $"official {number}", () => code.Step(mode, repeats)));
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
        double gemm = 2 * Math.Pow(side, 3) / Median("", "gemm")!.Value; // FLOP per second
        var rows = from mode in modes from steps in setting.Steps select RowOf(mode, steps);
        return ([.. rows], profile ? Computed(setting.Steps[^1], () => ProfileOf(trial, setting)) : null);

        double Step(Contender contender, string mode)
        {
            contender.Model.train(mode == "train");
            return Time(() => trial.Run(contender));
        }

        double Time(Action work)
        {
            void Finish()
            {
                if (device.type is DeviceType.CUDA) cuda.synchronize(device);
            }
            Finish();
            var clock = Stopwatch.StartNew();
            for (int k = 0; k < repeats; k++) work();
            Finish();
            return clock.Elapsed.TotalSeconds / repeats;
        }

        double? Median(string mode, string who) =>
            turns.Find(turn => turn.Mode == mode && turn.Who == who)?.Seconds is { } all ? all.Order().ElementAt(all.Count / 2) : null;

        Row RowOf(string mode, string steps)
        {
            double ours = Median(mode, steps)!.Value, peer = Median(mode, "peer")!.Value, flop = Flop(setting, mode);
            return new(
                setting.Model, setting.Scheme, setting.Precision, steps, mode, setting.Batch, ours * 1e3, peer * 1e3, peer / ours,
                flop / ours / gemm, flop / peer / gemm, Computed(steps, () => Megabytes(trial, trial.Ours, mode)),
                Megabytes(trial, trial.Peer, mode), Median(mode, "official 0") * 1e3, Median(mode, "official 1") * 1e3);
        }
    }

    // Of the products. The backward pass has two for each of the forward pass's, but no gradient of the clips.
    private static double Flop(Setting setting, string mode)
    {
        var cost = CostModel.Of(setting.Config);
        long patches = cost.Layers.Single(layer => layer.Name == "patch_embed.proj").MultiplyAdds;
        return 2.0 * setting.Batch * (mode == "train" ? (3 * cost.MultiplyAdds) - patches : cost.MultiplyAdds);
    }

    private static T Computed<T>(string steps, Func<T> work)
    {
        using var kernels = steps is "kernels" ? null : CpuKernels.Off();
        using var attention = steps is "composed" ? FusedAttention.Off() : null;
        return work();
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
