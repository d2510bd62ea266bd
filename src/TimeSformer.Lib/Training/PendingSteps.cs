using TimeSformer.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace TimeSformer.Training;

/// <summary>A step that is done, or queued on a device which still computes it.</summary>
/// <param name="Step">Its number, from 1.</param>
/// <param name="Epoch">From 0.</param>
/// <param name="LearningRate">The step's.</param>
/// <param name="Scaler">That of its loss, or null.</param>
/// <param name="Losses">Of its micro-batches, scaled; they sum to the loss.</param>
/// <param name="GradientNorm">Null if it was not clipped.</param>
internal sealed record PendingStep(
    long Step, int Epoch, double LearningRate, GradScaler? Scaler, IReadOnlyList<Tensor> Losses, Tensor? GradientNorm) : IDisposable
{
    /// <summary>The mean loss; waits for the device.</summary>
    public double ReadLoss() => Losses.Sum(loss => (double)loss.item<float>()) / (Scaler?.Scale ?? 1);

    /// <summary>Whether the norm of the gradients was finite; waits for the device.</summary>
    public bool HasFiniteGradients() => GradientNorm is null || double.IsFinite(GradientNorm.Number());

    public void Dispose()
    {
        foreach (var loss in Losses) loss.Dispose();
        GradientNorm?.Dispose();
    }
}

/// <summary>
/// Steps whose numbers have not been read. A GPU computes a step while the next one is prepared, so its numbers are read one step later.
/// </summary>
/// <param name="device">Where the steps are computed.</param>
/// <param name="read">Reads and reports a step.</param>
internal sealed class PendingSteps(Device device, Action<PendingStep> read) : IDisposable
{
    private readonly Queue<PendingStep> steps = new();
    private readonly int most = device.type is DeviceType.CPU ? 0 : 1;

    /// <summary>Adds a step, and reads those before it; on the CPU, also itself.</summary>
    public void Add(PendingStep step)
    {
        steps.Enqueue(step);
        Read(most);
    }

    /// <summary>Reads all.</summary>
    public void ReadAll() => Read(0);

    public void Dispose()
    {
        foreach (var step in steps) step.Dispose();
    }

    private void Read(int left)
    {
        while (steps.Count > left)
        {
            using var step = steps.Dequeue();
            read(step);
        }
    }
}
