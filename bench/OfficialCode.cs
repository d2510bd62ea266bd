using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using static TorchSharp.torch;

namespace TimeSformer.Bench;

/// <summary>
/// The official code in a Python of the user's, for one setting: a process that makes a step when it is asked to (official_code.py).
/// </summary>
internal sealed class OfficialCode : IDisposable
{
    private static readonly JsonSerializerOptions json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly Process process;
    private readonly Task<string> errors;

    /// <summary>Starts it; the first step may follow.</summary>
    /// <param name="python">The program.</param>
    /// <param name="folder">The folder of a checkout of the official repository.</param>
    /// <param name="setting">The model, the batch, the type and the device.</param>
    /// <param name="compile">Whether the model runs under torch.compile.</param>
    /// <exception cref="InputException">
    /// The program or the model's code is not there, or Python lacks a package; the message says which.
    /// </exception>
    public OfficialCode(string python, string folder, Setting setting, bool compile = false)
    {
        if (!File.Exists(Path.Combine(folder, "timesformer", "models", "vit.py")))
        {
            throw new InputException($"--peer {folder} has no timesformer/models/vit.py; name a checkout of the official TimeSformer");
        }
        var (config, scheme) = (setting.Config, setting.Scheme switch
        {
            "divided" => "divided_space_time",
            "joint" => "joint_space_time",
            _ => "space_only",
        });
        var sizes = new
        {
            config.ImageSize, config.PatchSize, config.InChannels, config.NumClasses, config.EmbedDim, config.Depth, config.NumHeads,
            config.MlpRatio, config.QkvBias, config.NumFrames, Eps = config.LayerNormEps, scheme, setting.Batch, setting.Precision,
            Trial.LearningRate, Trial.Momentum, Trial.WeightDecay, Threads = get_num_threads(), Device = setting.Device.ToString(), compile,
        };
        using var script = new StreamReader(typeof(OfficialCode).Assembly.GetManifestResourceStream("official_code.py")!);
        string[] arguments = ["-c", script.ReadToEnd(), Path.GetFullPath(folder), JsonSerializer.Serialize(sizes, json)];
        var start = new ProcessStartInfo(python, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        // As for libtorch here.
        start.Environment.TryAdd("OMP_WAIT_POLICY", "PASSIVE");
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new InputException($"--python {python} cannot be started: {error.Message}", error);
        }
        errors = process.StandardError.ReadToEndAsync();
        string? answer;
        do answer = process.StandardOutput.ReadLine();
        while (answer is not (null or "ready"));
        if (answer is null) throw Failed();
    }

    /// <summary>The seconds of a step, train or eval, on average over some in a row.</summary>
    /// <exception cref="InputException">The process ended; the message has its last line.</exception>
    public double Step(string mode, int repeats = 1)
    {
        try
        {
            process.StandardInput.WriteLine($"{mode} {repeats}");
            process.StandardInput.Flush();
        }
        catch (IOException)
        {
            throw Failed();
        }
        return double.TryParse(process.StandardOutput.ReadLine(), out double seconds) ? seconds : throw Failed();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Without input it ends by itself.
        process.StandardInput.Close();
        if (!process.WaitForExit(milliseconds: 10_000)) process.Kill();
        process.Dispose();
    }

    private InputException Failed()
    {
        if (!process.WaitForExit(milliseconds: 10_000)) process.Kill();
        var last = errors.Result.Trim().Split('\n')[^1];
        return new($"the official code in --python {process.StartInfo.FileName} failed: {(last is "" ? "it ended without a word" : last)}");
    }
}
