using System.Diagnostics;
using TimeSformer.Models;
using TimeSformer.Models.Attention;
using TimeSformer.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TimeSformer.Distributed;

/// <summary>
/// Sums the gradients of a model over processes, each of which has computed those of its part of a batch (Li et al., "PyTorch Distributed:
/// Experiences on Accelerating Data Parallel Training", 2020, arXiv 2006.15704). Gradients lie in flat buckets, the last blocks' first.
/// Those of a transformer's blocks are summed while the backward pass goes on below them; the rest when it has ended. Sums are of float32,
/// whatever the parameters' type. Those of a GPU are summed by NCCL or, without it, by way of the CPU's memory.
/// </summary>
public sealed class DistributedDataParallel : IDisposable
{
    private const long BucketBytes = 4 << 20;

    private readonly ProcessGroup world;
    private readonly Nccl? nccl;
    private readonly List<Bucket> buckets = [];
    private readonly List<Action> unwatch = [];
    private readonly Stopwatch waiting = new();
    private int started;      // buckets whose sums are under way
    private bool isLastPass;  // of a step
    private Exception? failure;

    /// <summary>Divides the parameters that are trained among buckets.</summary>
    /// <param name="world">All of its processes take the same steps.</param>
    /// <param name="model">With the same parameters everywhere.</param>
    /// <param name="onStaged">Called with a sentence if gradients on a GPU are summed without NCCL.</param>
    public DistributedDataParallel(ProcessGroup world, VideoModel model, Action<string>? onStaged = null)
    {
        this.world = world;
        var device = model.parameters().First().device;
        if (device.type is DeviceType.CUDA)
        {
            nccl = Nccl.Join(world, device.index, out var cause);
            if (nccl is null) onStaged?.Invoke($"gradients are summed by way of the CPU's memory: {cause}");
        }
        var blocks = (model as TransformerModel)?.Blocks ?? [];
        foreach (var bucket in Divided(model, blocks)) buckets.Add(bucket);
        Watch(blocks);
    }

    /// <summary>The time in which this process waited for sums, of all steps so far.</summary>
    public TimeSpan Waiting => waiting.Elapsed;

    /// <summary>Bytes that this process adds in each step.</summary>
    public long Bytes => buckets.Sum(bucket => bucket.Bytes);

    /// <summary>Call it before the last backward pass of a step; sums begin while it runs.</summary>
    public void BeginLastPass() => isLastPass = true;

    /// <summary>
    /// Completes the sums: each parameter that has a gradient anywhere then has the sum here. Call it after the last backward pass of a
    /// step, or without one where this process has no part of the batch.
    /// </summary>
    /// <param name="totals">Further numbers to add up, in place: float64, on the CPU.</param>
    public void Finish(Tensor totals)
    {
        using var _ = no_grad();
        isLastPass = false;
        if (failure is not null) throw failure;
        Start(from: -1);
        var more = world.all_reduce(totals);
        waiting.Start();
        Task.WaitAll([.. buckets.Select(bucket => bucket.Sum!), more]);
        nccl?.Wait();
        waiting.Stop();
        foreach (var bucket in buckets) bucket.Return(isOnHost: nccl is null);
        started = 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var remove in unwatch) remove();
        foreach (var bucket in buckets) bucket.Dispose();
        nccl?.Dispose();
    }

    // The blocks' parameters, from the last block on, then all others, whose gradients may be completed last of all.
    private static IEnumerable<Bucket> Divided(VideoModel model, IReadOnlyList<TransformerBlock> blocks)
    {
        var rest = model.parameters().ToHashSet<Parameter>(ReferenceEqualityComparer.Instance);
        var (parameters, bytes) = (new List<Parameter>(), 0L);
        for (int index = blocks.Count - 1; index >= -1; index--)
        {
            foreach (var parameter in index >= 0 ? blocks[index].parameters() : rest)
            {
                if (index >= 0) rest.Remove(parameter);
                if (!parameter.requires_grad) continue;
                parameters.Add(parameter);
                bytes += parameter.numel() * sizeof(float);
            }
            if (parameters.Count == 0 || (bytes < BucketBytes && index >= 0)) continue;
            yield return new([.. parameters], index);
            (parameters, bytes) = ([], 0);
        }
    }

    // At the input of a block, its gradients and those of all blocks above are complete.
    private void Watch(IReadOnlyList<TransformerBlock> blocks)
    {
        foreach (var (index, block) in blocks.Index())
        {
            if (!buckets.Exists(bucket => bucket.Lowest == index)) continue;
            unwatch.Add(block.register_forward_pre_hook((_, x, grid) =>
                (x.requires_grad && isLastPass && is_grad_enabled() ? StageBoundary.Mark(x, () => Reached(index)) : x, grid)).remove);
        }
    }

    // Called from native code, where an exception would end the process.
    private void Reached(int block)
    {
        try
        {
            using var _ = no_grad();
            Start(from: block);
        }
        catch (Exception error)
        {
            failure = error;
        }
    }

    // In the same order in all processes.
    private void Start(int from)
    {
        for (; started < buckets.Count && buckets[started].Lowest >= from; started++) buckets[started].Start(world, nccl);
    }

    // The gradients of some blocks, the lowest of which has the number `Lowest`, or of all else (-1); and for each parameter whether it has
    // one: 1 or 0.
    private sealed class Bucket : IDisposable
    {
        private readonly Parameter[] parameters;
        private readonly Tensor flat;     // (elements + parameters), float32, on the parameters' device
        private readonly Tensor onHost;   // the same, or its copy on the CPU

        public Bucket(Parameter[] parameters, int lowest)
        {
            (this.parameters, Lowest) = (parameters, lowest);
            long count = parameters.Sum(parameter => parameter.numel()) + parameters.Length;
            flat = zeros(count, device: parameters[0].device).DetachFromDisposeScope();
            onHost = flat.cpu().DetachFromDisposeScope();
        }

        public int Lowest { get; }

        public long Bytes => flat.numel() * sizeof(float);

        public Task? Sum { get; private set; }

        public void Start(ProcessGroup world, Nccl? nccl)
        {
            using var scope = NewDisposeScope();
            foreach (var (parameter, place, isThere) in Places())
            {
                if (parameter.grad is { } gradient)
                {
                    place.copy_(gradient.view(-1));
                    isThere.fill_(Arithmetic.One);
                }
                else
                {
                    place.zero_();
                    isThere.zero_();
                }
            }
            if (nccl is not null)
            {
                nccl.all_reduce(flat);
                Sum = Task.CompletedTask;
                return;
            }
            onHost.copy_(flat);
            Sum = world.all_reduce(onHost);
        }

        public void Return(bool isOnHost)
        {
            using var scope = NewDisposeScope();
            if (isOnHost) flat.copy_(onHost);
            var present = flat.narrow(0, flat.numel() - parameters.Length, parameters.Length).cpu().data<float>().ToArray();
            foreach (var ((parameter, place, _), count) in Places().Zip(present))
            {
                if (count > 0) parameter.grad = place.view(parameter.shape).to_type(parameter.dtype);
            }
            Sum = null;
        }

        public void Dispose()
        {
            // After a failure in the midst of a sum, MPI still uses it until the process ends.
            if (Sum is { IsCompleted: false }) return;
            flat.Dispose();
            onHost.Dispose();
        }

        private IEnumerable<(Parameter Parameter, Tensor Gradient, Tensor IsThere)> Places()
        {
            long start = 0, flags = flat.numel() - parameters.Length;
            foreach (var (index, parameter) in parameters.Index())
            {
                yield return (parameter, flat.narrow(0, start, parameter.numel()), flat.narrow(0, flags + index, 1));
                start += parameter.numel();
            }
        }
    }
}
