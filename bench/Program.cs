// Costs of a call and of a step, measured side by side in one run: machines drift, so steps and matrix products take turns, and a step's
// rate is given as a fraction of theirs. `dotnet run -c Release --project bench [rounds]`; the last column is left for a peer's times.
using System.Diagnostics;
using TimeSformer.Models;
using TimeSformer.Torch;
using TimeSformer.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

NativeLibraries.LoadTorch();
int rounds = args.Length > 0 ? int.Parse(args[0]) : 7;
Console.WriteLine($"libtorch {__version__}, {get_num_threads()} threads, {Environment.ProcessorCount} cores, {rounds} rounds, medians");
Console.WriteLine();
Dispatch(rounds);
Console.WriteLine();
Console.WriteLine("| model | batch | mode | ms per step | GFLOP per step | fraction of the GEMM rate | peer's ms |");
Console.WriteLine("|---|---:|---|---:|---:|---:|---:|");
Steps("tiny", TimeSformerConfig.Tiny, batch: 32, rounds);
Steps("small", TimeSformerConfig.Small, batch: 4, rounds);
Console.WriteLine();
Console.WriteLine("| gradients of small, batch 4 | ms | relative time | MB of tensors |");
Console.WriteLine("|---|---:|---:|---:|");
Options(TimeSformerConfig.Small, batch: 4, rounds);
return 0;

static void Dispatch(int rounds)
{
    using var a = ones(2, 2);
    using var b = ones(2, 2);
    const int calls = 100_000;
    var times = new List<double>();
    for (int round = 0; round < rounds + 1; round++)
    {
        var clock = Stopwatch.StartNew();
        for (int i = 0; i < calls; i++) a.add(b).Dispose();
        times.Add(clock.Elapsed.TotalMicroseconds / calls);
    }
    Console.WriteLine($"add of two 2x2 tensors from C#: {Median(times.Skip(1)):0.00} µs per call");
}

static void Steps(string name, TimeSformerConfig preset, int batch, int rounds)
{
    manual_seed(0);
    using var model = new TimeSformerModel(preset with { NumClasses = 174 });
    using var optimizer = new SGD(model.parameters(), 0.005, momentum: 0.9);
    using var clips = randn(new long[] { batch, 3, preset.NumFrames, preset.ImageSize, preset.ImageSize });
    using var labels = randint(0, 174, new long[] { batch }, ScalarType.Int64);
    using var square = randn(1024, 1024);
    var (train, eval, gemm) = (new List<double>(), new List<double>(), new List<double>());
    for (int round = 0; round < rounds + 1; round++)
    {
        model.train();
        train.Add(Time(() =>
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            functional.cross_entropy(model.call(clips), labels).backward();
            optimizer.step();
        }));
        model.eval();
        eval.Add(Time(() =>
        {
            using var scope = NewDisposeScope();
            using var _ = no_grad();
            model.call(clips);
        }));
        gemm.Add(Time(() => square.mm(square).Dispose()));
    }
    double rate = 2 * Math.Pow(1024, 3) / Median(gemm.Skip(1));              // FLOP per second
    double forward = 2.0 * batch * MultiplyAdds(preset);
    Row("train", Median(train.Skip(1)), 3 * forward);
    Row("eval", Median(eval.Skip(1)), forward);

    void Row(string mode, double seconds, double flop)
    {
        var fraction = $"{flop / seconds / rate:P0} of {rate / 1e9:0} GFLOP/s";
        Console.WriteLine($"| {name} | {batch} | {mode} | {seconds * 1e3:0} | {flop / 1e9:0.0} | {fraction} | |");
    }
}

// The effect of training.precision and training.activation_checkpointing.
static void Options(TimeSformerConfig preset, int batch, int rounds)
{
    manual_seed(0);
    using var model = new TimeSformerModel(preset with { NumClasses = 174 });
    using var clips = randn(new long[] { batch, 3, preset.NumFrames, preset.ImageSize, preset.ImageSize });
    using var labels = randint(0, 174, new long[] { batch }, ScalarType.Int64);
    List<(string Name, Action Gradients, List<double> Times)> rows =
    [
        ("float32", Step(Precision.Float32, checkpointing: false), []),
        ("float32, activation checkpointing", Step(Precision.Float32, checkpointing: true), []),
        ("bfloat16", Step(Precision.Bfloat16, checkpointing: false), []),
        ("bfloat16, activation checkpointing", Step(Precision.Bfloat16, checkpointing: true), []),
    ];
    for (int round = 0; round < rounds + 1; round++)
    {
        foreach (var row in rows) row.Times.Add(Time(row.Gradients));
    }
    foreach (var (name, gradients, times) in rows)
    {
        double seconds = Median(times.Skip(1)), first = Median(rows[0].Times.Skip(1));
        model.zero_grad();
        Console.WriteLine($"| {name} | {seconds * 1e3:0} | {seconds / first:0.00} | {MemoryMeter.Peak(gradients) / 1e6:0} |");
    }

    Action Step(Precision precision, bool checkpointing) => () =>
    {
        using var scope = NewDisposeScope();
        model.zero_grad();
        if (checkpointing)
        {
            ActivationCheckpointing.Backward(model, clips, Loss, precision);
            return;
        }
        Tensor loss;
        using (Autocast.Begin(precision, CPU)) loss = Loss(model.call(clips));
        loss.backward();
    };

    Tensor Loss(Tensor logits) => functional.cross_entropy(logits.to_type(ScalarType.Float32), labels);
}

// Of the divided space-time forward pass of one clip: linear layers and attention products.
static double MultiplyAdds(TimeSformerConfig config)
{
    double d = config.EmbedDim, t = config.NumFrames, n = config.NumPatches, tokens = (n * t) + 1, hidden = d * config.MlpRatio;
    double temporal = (n * t * 5 * d * d) + (2 * n * t * t * d);              // qkv, proj, temporal_fc; scores and values
    double spatial = (t * (n + 1) * 4 * d * d) + (2 * t * (n + 1) * (n + 1) * d);
    double mlp = tokens * 2 * d * hidden;
    double embedding = n * t * config.InChannels * config.PatchSize * config.PatchSize * d;
    return embedding + (config.Depth * (temporal + spatial + mlp)) + (d * config.NumClasses);
}

static double Time(Action action)
{
    var clock = Stopwatch.StartNew();
    action();
    return clock.Elapsed.TotalSeconds;
}

static double Median(IEnumerable<double> values)
{
    var sorted = values.Order().ToArray();
    return sorted[sorted.Length / 2];
}
