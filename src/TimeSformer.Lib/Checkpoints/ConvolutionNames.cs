using System.Text.RegularExpressions;

namespace TimeSformer.Checkpoints;

/// <summary>
/// How publishers name the weights of convolutional models. PySlowFast's own files need no renaming: their names are those of
/// <see cref="Models.I3D"/> and <see cref="Models.SlowFast"/>.
/// </summary>
internal static partial class ConvolutionNames
{
    /// <summary>Names that each PySlowFast file of a ResNet has and others do not.</summary>
    public static IReadOnlyList<string> PySlowFastAnchors { get; } = ["s1.pathway0_stem.conv.weight", "s2.pathway0_res0.branch2.a.weight"];

    /// <summary>Names that each file of PySlowFast's Caffe2 models has and others do not.</summary>
    public static IReadOnlyList<string> Caffe2Anchors { get; } = ["conv1_w", "res2_0_branch2a_w"];

    /// <summary>Names that each file of torchvision's ResNets has and others do not.</summary>
    public static IReadOnlyList<string> TorchVisionAnchors { get; } = ["conv1.weight", "layer1.0.conv1.weight"];

    /// <summary>PySlowFast, its Caffe2 models, torchvision's ResNets, and CNN-GRU.</summary>
    public static IReadOnlyList<NamingFamily> Families { get; } =
    [
        new("PySlowFast", "", PySlowFastAnchors, [], name => name),
        new("PySlowFast Caffe2", "", Caffe2Anchors, [], OfCaffe2),
        new("CNN-GRU", "", ["gru1.weight_hh_l0", "backbone.conv1.weight"], [], name => name),
        new("torchvision ResNet", "", TorchVisionAnchors, [], OfTorchVision),
    ];

    /// <summary>PySlowFast's name of one of its Caffe2 models' blobs; null for a blob that is none of the model's.</summary>
    /// <remarks>
    /// The facts are those of slowfast/utils/c2_model_loading.py: <c>t_</c> is the fast pathway, <c>res_conv1_bn</c> the stem's norm,
    /// <c>subsample</c> a fusion, <c>pred</c> the head; norms end with s, b, rm and riv.
    /// </remarks>
    public static string? OfCaffe2(string blob)
    {
        var match = Caffe2Blob().Match(blob);
        if (!match.Success) return null;
        string Part(string group) => match.Groups[group].Value;
        bool Has(string group) => match.Groups[group].Success;

        int pathway = Has("fast") ? 1 : 0;
        var layer = Has("head") ? "head.projection"
            : Has("fusion") ? $"s{(Has("stage") ? Part("stage") : "1")}_fuse.{(Has("norm") ? "bn" : "conv_f2s")}"
            : Has("stem") ? $"s1.pathway{pathway}_stem.{(Has("norm") ? "bn" : "conv")}"
            : $"s{Part("stage")}.pathway{pathway}_res{Part("block")}.branch{Branch(Part("branch"))}{(Has("norm") ? "_bn" : "")}";
        return Part("kind") switch
        {
            "w" or "s" => $"{layer}.weight",
            "b" => $"{layer}.bias",
            "rm" => $"{layer}.running_mean",
            _ => $"{layer}.running_var",
        };
    }

    /// <summary>The name in <see cref="Models.CnnGru"/> of a weight of torchvision's ResNet; null for its classifier.</summary>
    public static string? OfTorchVision(string name) =>
        name.StartsWith("fc.", StringComparison.Ordinal) ? null : $"backbone.{name}";

    // 2a to 2.a
    private static string Branch(string branch) => branch.Insert(1, branch.Length == 1 ? "" : ".");

    // conv1_w; res_conv1_bn_s; pred_b; res3_1_branch2a_w; res3_0_branch1_bn_riv; t_pool1_subsample_w; t_res4_5_branch2c_bn_subsample_bn_s
    [GeneratedRegex(
        @"^(?:(?<head>pred)_(?<kind>[wb])"
        + @"|(?<fast>t_)?(?:(?<stem>conv1|res_conv1(?<norm>_bn))"
        + @"|(?<=^t_)(?<fusion>pool1_subsample|res(?<stage>[2-4])_\d{1,2}_branch2c_bn_subsample)(?<norm>_bn)?"
        + @"|res(?<stage>[2-5])_(?<block>\d{1,2})_branch(?<branch>1|2[abc])(?<norm>_bn)?)"
        + @"_(?<kind>(?(norm)(?:s|b|rm|riv)|w)))\z",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Caffe2Blob();
}
