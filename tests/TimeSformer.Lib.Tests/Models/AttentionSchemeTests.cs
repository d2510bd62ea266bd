using TimeSformer.Interpretation;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace TimeSformer.Tests.Models;

/// <summary>
/// Each scheme's block against attention over all tokens of the clip under the mask of the paper's figure 3, in float64, for grids of
/// any size. The masks follow from coordinates (t, h, w), the blocks from rearranged tensors.
/// </summary>
public sealed class AttentionSchemeTests : TensorTests
{
    private readonly record struct Place(long T, long H, long W);

    // Group maps a patch to its group in a step: patches attend to each other if their groups are equal.
    private sealed record MaskedStep(string Prefix, bool WithClassToken, Func<Place, TokenGrid, object> Group);

    private static readonly MaskedStep time = new("temporal_", false, (place, _) => (place.H, place.W));

    private static readonly Dictionary<AttentionScheme, MaskedStep[]> schemes = new()
    {
        [AttentionScheme.SpaceOnly] = [new("", true, (place, _) => place.T)],
        [AttentionScheme.JointSpaceTime] = [new("", true, (_, _) => 0)],
        [AttentionScheme.DividedSpaceTime] = [time, new("", true, (place, _) => place.T)],
        [AttentionScheme.SparseLocalGlobal] =
        [
            new("local_", true, (place, grid) => (2 * place.H < grid.Height, 2 * place.W < grid.Width)),
            new("", true, (place, _) => (place.T % 2, place.H % 2, place.W % 2)),
        ],
        [AttentionScheme.Axial] =
        [time, new("width_", true, (place, _) => (place.T, place.H)), new("", true, (place, _) => (place.T, place.W))],
    };

    private static readonly Gen<TokenGrid> grids =
        from batch in Gen.Choose(1, 2)
        from frames in Gen.Choose(1, 5)
        from height in Gen.Choose(1, 5)
        from width in Gen.Choose(1, 5)
        select new TokenGrid(batch, frames, height, width);

    [Theory, Each<AttentionScheme>]
    public void A_block_equals_full_attention_under_the_schemes_mask(AttentionScheme scheme) =>
        Prop.ForAll(grids.ToArbitrary(), grid =>
        {
            using var scope = NewDisposeScope();
            using var model = Model(scheme);
            var tokens = randn([grid.Batch, 1 + (grid.Patches * grid.Frames), 12], ScalarType.Float64);
            var expected = Masked(model, tokens, grid);
            var actual = scheme is AttentionScheme.SpaceOnly
                ? FromFrames(model.Blocks[0].call(ToFrames(tokens, grid), grid), grid)
                : model.Blocks[0].call(tokens, grid);
            // The space-only block has a class token per frame: the model averages them at its end, the masked reference at once.
            if (scheme is AttentionScheme.SpaceOnly) (expected, actual) = (expected[.., 1..], actual[.., 1..]);
            return actual.allclose(expected, rtol: 1e-9, atol: 1e-9);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    [Theory, Each<AttentionScheme>]
    public void Recorded_weights_are_nonzero_just_where_the_mask_allows_and_recording_keeps_the_logits(AttentionScheme scheme) =>
        Prop.ForAll(grids.ToArbitrary(), grid =>
        {
            using var scope = NewDisposeScope();
            using var model = Model(scheme);
            var clips = randn(new[] { grid.Batch, 3, grid.Frames, grid.Height * 8, grid.Width * 8 }, ScalarType.Float64);
            var record = AttentionRecorder.Record(model, clips);
            var (cls, maps) = (record.ClassTokens, record.Maps);
            Assert.True(record.Logits.allclose(model.call(clips), rtol: 0, atol: 0));
            Assert.Equal(AttentionStep.Of(scheme).Select(step => step.Name), maps.Select(map => map.Step));
            foreach (var (map, step) in maps.Zip(schemes[scheme]))
            {
                var sees = map.Dense().amin([0, 1]) > 0; // (S, S)
                var allowed = SameGroup(step, grid);
                Assert.True(sees[cls.., cls..].Equals(allowed));
                Assert.Equal(step.WithClassToken, sees[..cls].any(0).all().item<bool>());
                var sums = map.Dense().sum([-1L])[.., .., (step.WithClassToken ? 0 : cls)..];
                Assert.True(sums.allclose(ones_like(sums)));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(15));

    [Theory]
    [InlineData(AttentionScheme.SpaceOnly, 196 + 1)]
    [InlineData(AttentionScheme.JointSpaceTime, (8 * 196) + 1)]
    [InlineData(AttentionScheme.DividedSpaceTime, 8 + 196 + 1)]
    [InlineData(AttentionScheme.SparseLocalGlobal, (8 * 7 * 7) + 1 + (4 * 7 * 7) + 1)]
    [InlineData(AttentionScheme.Axial, 8 + 14 + 1 + 14 + 1)]
    public void A_patch_of_Base_makes_the_papers_number_of_comparisons(AttentionScheme scheme, int comparisons)
    {
        var grid = new TokenGrid(1, 8, 14, 14);
        var counts = AttentionStep.Of(scheme).Select(step => step.Groups(grid, CPU)[0].shape[1] + (step.WithClassToken ? 1 : 0));
        Assert.Equal(comparisons, counts.Sum());
    }

    [Theory, Each<AttentionScheme>]
    public void Gradients_reach_every_parameter_and_no_tensor_leaks(AttentionScheme scheme)
    {
        using var _ = enable_grad();
        using var model = Model(scheme);
        var clip = randn([1, 3, 3, 24, 40], ScalarType.Float64);
        long before = LiveTensors.Settled();
        using (NewDisposeScope())
        {
            model.call(clip).square().sum().backward();
            foreach (var (name, parameter) in model.named_parameters())
            {
                Assert.True(parameter.grad is { } gradient && gradient.abs().sum().item<double>() > 0, name);
            }
        }
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Theory, Each<AttentionScheme>]
    public void The_added_attentions_of_a_block_start_with_zero_projections(AttentionScheme scheme)
    {
        using var model = new TimeSformerModel(Sizes(scheme));
        var zero = model.named_parameters().Where(named => named.name.EndsWith("_fc.weight")).ToList();
        Assert.Equal(AttentionStep.Of(scheme).Count - 1, zero.Count);
        Assert.All(zero, named => Assert.Equal(0, named.parameter.abs().sum().item<float>()));
    }

    private static TimeSformerConfig Sizes(AttentionScheme scheme) =>
        TimeSformerConfig.Tiny with { Attention = scheme, EmbedDim = 12, NumHeads = 3, Depth = 1, NumClasses = 5, NumFrames = 3 };

    private static TimeSformerModel Model(AttentionScheme scheme)
    {
        var model = new TimeSformerModel(Sizes(scheme));
        model.to(ScalarType.Float64);
        model.eval();
        using var _ = no_grad();
        foreach (var parameter in model.parameters()) parameter.normal_(0, 0.4);
        return model;
    }

    // In the model's token order: all frames of a patch, then the next patch.
    private static List<Place> Places(TokenGrid grid) =>
    [
        .. from h in Enumerable.Range(0, (int)grid.Height)
           from w in Enumerable.Range(0, (int)grid.Width)
           from t in Enumerable.Range(0, (int)grid.Frames)
           select new Place(t, h, w),
    ];

    private static Tensor SameGroup(MaskedStep step, TokenGrid grid)
    {
        var groups = Places(grid).Select(place => step.Group(place, grid)).ToList();
        return tensor((from query in groups from key in groups select query.Equals(key)).ToArray()).view(groups.Count, groups.Count);
    }

    private static Tensor Masked(TimeSformerModel model, Tensor x, TokenGrid grid)
    {
        var weights = model.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value);
        Tensor Weight(string name) => weights[$"blocks.0.{name}"];
        Tensor Layer(string name, Tensor input) => functional.linear(input, Weight($"{name}.weight"), Weight($"{name}.bias"));
        Tensor Norm(string name, Tensor input) =>
            functional.layer_norm(input, [12], Weight($"{name}.weight"), Weight($"{name}.bias"), 1e-6);

        foreach (var step in schemes[((TimeSformerConfig)model.Config).Attention])
        {
            var qkv = Layer(step.Prefix + "attn.qkv", Norm(step.Prefix + "norm1", x)).view(x.shape[0], -1, 3, 3, 4).permute(2, 0, 3, 1, 4);
            Tensor Attend(Tensor allowed)
            {
                var scores = (qkv[0].matmul(qkv[1].transpose(-2, -1)) / 2).masked_fill(allowed.logical_not(), double.NegativeInfinity);
                return Layer(step.Prefix + "attn.proj", scores.softmax(-1).matmul(qkv[2]).transpose(1, 2).flatten(2));
            }
            var same = SameGroup(step, grid);
            long count = 1 + same.shape[0];
            var allowed = ones(count, count, ScalarType.Bool);
            allowed[1.., 1..] = same;
            if (!step.WithClassToken) allowed[1.., 0] = zeros(count - 1, ScalarType.Bool);
            var added = Attend(allowed);
            if (step.WithClassToken)
            {
                // The class token's result is the mean over groups of its attention to each group alone.
                int FirstOfGroup(int patch) => Array.IndexOf(same[patch].data<bool>().ToArray(), true);
                var copies = Enumerable.Range(0, (int)same.shape[0]).Select(FirstOfGroup).Distinct().Select(first =>
                {
                    var alone = allowed.clone();
                    alone[0, 1..] = same[first];
                    return Attend(alone)[.., ..1];
                });
                added = cat([stack(copies.ToArray()).mean([0L]), added[.., 1..]], 1);
            }
            if (step.Prefix.Length > 0) added = Layer(step.Prefix + "fc", added);
            x = step.WithClassToken ? x + added : cat([x[.., ..1], x[.., 1..] + added[.., 1..]], 1);
        }
        return x + Layer("mlp.fc2", functional.gelu(Layer("mlp.fc1", Norm("norm2", x))));
    }

    // (B, 1 + N·T, D) to (B·T, 1 + N, D) and back: the class token is copied to every frame, and averaged on the way back.
    private static Tensor ToFrames(Tensor x, TokenGrid grid)
    {
        var patches = x[.., 1..].view(grid.Batch, grid.Patches, grid.Frames, -1).transpose(1, 2).flatten(0, 1);
        return cat([x[.., ..1].unsqueeze(1).expand(grid.Batch, grid.Frames, 1, 12).flatten(0, 1), patches], 1);
    }

    private static Tensor FromFrames(Tensor x, TokenGrid grid)
    {
        var frames = x.unflatten(0, grid.Batch, grid.Frames);
        return cat([frames[.., .., 0].mean([1L], keepdim: true), frames[.., .., 1..].transpose(1, 2).flatten(1, 2)], 1);
    }
}
