using TimeSformer.Bench;

namespace TimeSformer.Tests;

/// <summary>The peer is our model in other operations; else a comparison of their times would mean nothing.</summary>
public sealed class TrialTests
{
    [Theory]
    [InlineData(AttentionScheme.DividedSpaceTime)]
    [InlineData(AttentionScheme.JointSpaceTime)]
    [InlineData(AttentionScheme.SpaceOnly)]
    public void The_peer_has_our_logits_and_gradients(AttentionScheme scheme)
    {
        using var trial = new Trial(Small(scheme));
        Assert.InRange(trial.Compare().Difference, 0, 1e-5);
    }

    [Fact]
    public void A_difference_in_one_layer_is_found()
    {
        using var trial = new Trial(Small(AttentionScheme.DividedSpaceTime));
        using (no_grad()) trial.Peer.Model.get_parameter("blocks.1.temporal_fc.weight")!.mul_(1.1);
        Assert.Throws<InvalidOperationException>(trial.Check);
    }

    [Fact]
    public void Steps_of_both_optimizers_lead_to_the_same_weights()
    {
        using var trial = new Trial(Small(AttentionScheme.DividedSpaceTime));
        using var scope = NewDisposeScope();
        var before = trial.Peer.Model.get_parameter("head.weight")!.clone();
        for (int step = 0; step < 3; step++)
        {
            trial.Run(trial.Ours);
            trial.Run(trial.Peer);
        }
        var peer = trial.Peer.Model.state_dict();
        Assert.All(trial.Ours.Model.state_dict(), weight => Assert.True(peer[weight.Key].allclose(weight.Value, 1e-4, 1e-6), weight.Key));
        Assert.False(peer["head.weight"].allclose(before, 1e-3, 1e-4));
    }

    [Fact]
    public void Memory_and_products_of_a_step_are_measured_for_each_mode()
    {
        var (rows, _) = Measurement.Run(Small(AttentionScheme.SpaceOnly), ["train", "eval"], 1, [], profile: false, default);
        Assert.Equal(["train", "eval"], rows.Select(row => row.Mode));
        Assert.All(rows, row => Assert.Equal(row.PeerMs / row.OursMs, row.Ratio, 9));
        Assert.All(rows, row => Assert.InRange(row.GemmShare, 0, 1));
        Assert.True(rows[0].OursMb > rows[1].OursMb && rows[0].PeerMb > rows[1].PeerMb);
    }

    private static Setting Small(AttentionScheme scheme) => new("", "", "float32", new TimeSformerConfig
    {
        Attention = scheme, NumClasses = 5, NumFrames = 3, ImageSize = 16, PatchSize = 8, EmbedDim = 12, Depth = 2, NumHeads = 2,
        DropPathRate = 0, WeightStd = 0.3, EmbeddingStd = 0.5,
    }, Precision.Float32, 2);
}
