using FsCheck.Xunit;
using TimeSformer.Distributed;

namespace TimeSformer.Tests;

/// <summary>How processes divide the clips of an epoch.</summary>
public sealed class DistributedSamplerTests
{
    [Property]
    public void Each_clip_is_one_process_s_and_the_batches_are_those_of_one_process(byte clips, byte batch, byte processes)
    {
        int size = (processes % 8) + 1, batchSize = size + (batch % 32);
        var order = Enumerable.Range(0, clips).Select(clip => (long)clip).Reverse().ToList();
        var parts = Enumerable.Range(0, size).Select(rank => DistributedSampler.Parts(order, batchSize, rank, size).ToList()).ToList();
        var batches = order.Chunk(batchSize).ToList();
        Assert.All(parts, part => Assert.Equal(batches.Count, part.Count));
        foreach (var (step, whole) in batches.Index()) Assert.Equal(whole, parts.SelectMany(part => part[step]));
    }

    [Property]
    public void Full_batches_are_divided_evenly(byte batch, byte processes)
    {
        int size = (processes % 8) + 1, batchSize = size + (batch % 32);
        var shares = Enumerable.Range(0, size).Select(rank => DistributedSampler.Share(batchSize, rank, size)).ToList();
        Assert.All(shares, share => Assert.InRange(share.End - share.First, batchSize / size, (batchSize + size - 1) / size));
    }
}
