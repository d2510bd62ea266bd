using System.Text.RegularExpressions;

namespace TimeSformer.Tests.Checkpoints;

/// <summary>Other publishers' names of convolutional models' weights, against the models' own.</summary>
public sealed partial class ConvolutionNamesTests : CheckpointTests
{
    private static readonly SlowFastConfig small = SlowFastConfig.Small with { Width = 8 };

    [Theory]
    [InlineData("conv1_w", "s1.pathway0_stem.conv.weight")]
    [InlineData("t_conv1_w", "s1.pathway1_stem.conv.weight")]
    [InlineData("res_conv1_bn_riv", "s1.pathway0_stem.bn.running_var")]
    [InlineData("t_res_conv1_bn_s", "s1.pathway1_stem.bn.weight")]
    [InlineData("t_pool1_subsample_w", "s1_fuse.conv_f2s.weight")]
    [InlineData("t_pool1_subsample_bn_b", "s1_fuse.bn.bias")]
    [InlineData("t_res4_5_branch2c_bn_subsample_w", "s4_fuse.conv_f2s.weight")]
    [InlineData("t_res2_2_branch2c_bn_subsample_bn_rm", "s2_fuse.bn.running_mean")]
    [InlineData("res4_0_branch1_w", "s4.pathway0_res0.branch1.weight")]
    [InlineData("t_res2_0_branch1_bn_b", "s2.pathway1_res0.branch1_bn.bias")]
    [InlineData("res4_22_branch2a_w", "s4.pathway0_res22.branch2.a.weight")]
    [InlineData("t_res5_2_branch2c_bn_rm", "s5.pathway1_res2.branch2.c_bn.running_mean")]
    [InlineData("pred_w", "head.projection.weight")]
    [InlineData("pred_b", "head.projection.bias")]
    public void Caffe2s_blobs_have_PySlowFasts_names(string blob, string name) => Assert.Equal(name, ConvolutionNames.OfCaffe2(blob));

    [Theory]
    [InlineData("conv1_w_momentum")]
    [InlineData("res2_0_branch2a_bn_s_momentum")]
    [InlineData("lr")]
    [InlineData("model_iter")]
    [InlineData("pool1_subsample_w")]
    [InlineData("res2_0_branch2d_w")]
    [InlineData("res2_0_branch1_riv")]
    [InlineData("nonlocal_conv3_1_theta_w")]
    [InlineData("conv1_w\n")]
    public void Other_blobs_have_none(string blob) => Assert.Null(ConvolutionNames.OfCaffe2(blob));

    [Fact]
    public void A_file_with_Caffe2s_names_fills_a_SlowFast()
    {
        manual_seed(4);
        using var source = new SlowFast(small with { NumClasses = 5 });
        foreach (var (name, weight) in source.state_dict())
        {
            if (!name.EndsWith("num_batches_tracked")) weight.uniform_(0.5, 1.5);
        }
        var path = folder.File("SLOWFAST.pkl");
        var blobs = source.state_dict().Where(named => !named.Key.EndsWith("num_batches_tracked"))
            .SelectMany(named => new[] { (Blob(named.Key), named.Value), ($"{Blob(named.Key)}_momentum", zeros(1)) });
        File.WriteAllBytes(path, PythonTwo.Blobs([.. blobs.Select(blob => (blob.Item1, PythonTwo.Array(blob.Item2)))]));

        using var file = TensorFile.Open(path);
        Assert.All(ConvolutionNames.Caffe2Anchors, anchor => Assert.Contains(anchor, file.Entries.Keys));
        using var model = new SlowFast(small with { NumClasses = 5 });
        var state = model.state_dict();
        foreach (var blob in file.Entries.Keys)
        {
            if (ConvolutionNames.OfCaffe2(blob) is { } name) StateDict.Copy(name, file.Read(blob), state[name]);
        }
        foreach (var (name, weight) in source.state_dict())
        {
            if (!name.EndsWith("num_batches_tracked")) Assert.True(weight.Equals(state[name]), name);
        }
    }

    [Fact]
    public void PySlowFasts_and_torchvisions_anchors_are_in_their_models()
    {
        using var slowFast = new SlowFast(small);
        Assert.Subset(slowFast.state_dict().Keys.ToHashSet(), ConvolutionNames.PySlowFastAnchors.ToHashSet());
        using var cnnGru = new CnnGru(CnnGruConfig.Small);
        var names = ConvolutionNames.TorchVisionAnchors.Select(ConvolutionNames.OfTorchVision).ToHashSet();
        Assert.Subset(cnnGru.state_dict().Keys.ToHashSet<string?>(), names);
        Assert.Null(ConvolutionNames.OfTorchVision("fc.weight"));
    }

    // Caffe2's name of a weight, step by step in the other direction.
    private static string Blob(string name)
    {
        if (name.StartsWith("head.projection.")) return $"pred_{name[16]}";
        var kind = name.EndsWith("running_mean") ? "rm" : name.EndsWith("running_var") ? "riv" : name.EndsWith("bias") ? "b"
            : name.Contains("bn.") ? "s" : "w";
        var bn = name.Contains("bn.") ? "_bn" : "";
        var fast = name.Contains("pathway1") ? "t_" : "";
        int stage = name[1] - '0';
        if (name.Contains("_fuse"))
        {
            return stage == 1 ? $"t_pool1_subsample{bn}_{kind}" : $"t_res{stage}_{small.Depths.Res2 - 1}_branch2c_bn_subsample{bn}_{kind}";
        }
        if (stage == 1) return bn.Length > 0 ? $"{fast}res_conv1{bn}_{kind}" : $"{fast}conv1_{kind}";
        var (block, branch) = (Block().Match(name).Groups[1].Value, name.Contains("branch1") ? "1" : $"2{name.Split('.')[3][0]}");
        return $"{fast}res{stage}_{block}_branch{branch}{bn}_{kind}";
    }

    [GeneratedRegex(@"_res(\d+)\.")]
    private static partial Regex Block();
}
