using TimeSformer.Distributed;

namespace TimeSformer.Tests.Distributed;

/// <summary>How processes divide the clips of an epoch.</summary>
public sealed class DistributedSamplerTests
{
    private static readonly Gen<(int Clips, int BatchSize, int Processes)> sizes =
        from clips in Gen.Choose(0, 200)
        from processes in Gen.Choose(1, 9)
        from more in Gen.Choose(0, 30)
        select (clips, processes + more, processes);

    [Fact]
    public void Each_clip_is_one_process_s_and_the_batches_are_those_of_one_process() => Prop.ForAll(sizes.ToArbitrary(), drawn =>
    {
        var (clips, batchSize, processes) = drawn;
        var order = Enumerable.Range(0, clips).Select(clip => (long)clip).Reverse().ToList();
        var parts = Enumerable.Range(0, processes)
            .Select(rank => DistributedSampler.Parts(order, batchSize, rank, processes).ToList()).ToList();
        var batches = order.Chunk(batchSize).ToList();
        Assert.All(parts, part => Assert.Equal(batches.Count, part.Count));
        foreach (var (step, whole) in batches.Index()) Assert.Equal(whole, parts.SelectMany(part => part[step]));
    }).Check(Config.QuickThrowOnFailure);

    [Fact]
    public void Full_batches_are_divided_evenly() => Prop.ForAll(sizes.ToArbitrary(), drawn =>
    {
        var (_, batchSize, processes) = drawn;
        var shares = Enumerable.Range(0, processes).Select(rank => DistributedSampler.Share(batchSize, rank, processes)).ToList();
        int even = batchSize / processes;
        Assert.All(shares, share => Assert.InRange(share.End - share.First, even, even + 1));
    }).Check(Config.QuickThrowOnFailure);
}
