using System.Globalization;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Models;

/// <summary>
/// A classifier of clips. Each model of the zoo is one file that derives from this class and one record of sizes that creates it; the names
/// of its parameters are those of the code that its weights are published with.
/// </summary>
public abstract class VideoModel : Module<Tensor, Tensor>
{
    /// <summary>How the names of batch norms' counters end.</summary>
    internal const string BatchCount = "num_batches_tracked";

    private protected VideoModel(string name, VideoModelConfig config)
        : base(name)
    {
        config.Validate();
        Config = config;
    }

    /// <summary>The model's sizes. Not overridden with the model's own type: TorchSharp stumbles over two properties of one name.</summary>
    public VideoModelConfig Config { get; }

    /// <summary>Layers between the embedding or stem, which is layer 0, and the head, which is layer Depth + 1.</summary>
    internal abstract int Depth { get; }

    /// <summary>The name of the head's last layer in the state dict; its rows are the classes.</summary>
    internal virtual string HeadName => "head";

    /// <summary>Class scores of clips.</summary>
    /// <param name="x">Clips (B, C, T, H, W), normalized RGB.</param>
    /// <returns>Logits (B, classes).</returns>
    /// <exception cref="ArgumentException">The clips' shape or type does not fit the model; the message says how.</exception>
    public sealed override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return forward_head(forward_features(x)).MoveToOuterDisposeScope();
    }

    /// <summary>What the head sees of clips.</summary>
    /// <param name="x">Clips, as for <see cref="forward"/>.</param>
    /// <returns>Features (B, D).</returns>
    /// <exception cref="ArgumentException">As for <see cref="forward"/>.</exception>
    public abstract Tensor forward_features(Tensor x);

    /// <summary>
    /// What the model's last layer tells of each part of clips, before it is pooled; here, where a model has no such parts, the features.
    /// </summary>
    /// <param name="x">Clips, as for <see cref="forward"/>.</param>
    /// <returns>(B, T', H', W', D).</returns>
    /// <exception cref="ArgumentException">As for <see cref="forward"/>.</exception>
    public virtual Tensor forward_map(Tensor x)
    {
        using var scope = NewDisposeScope();
        var features = forward_features(x);                                                           // (B, D)
        return features.view(features.shape[0], 1, 1, 1, features.shape[1]).MoveToOuterDisposeScope();
    }

    /// <summary>The classification head: features (B, D) to logits (B, classes).</summary>
    public abstract Tensor forward_head(Tensor x);

    /// <summary>
    /// The layer of a parameter, 0 to <see cref="Depth"/> + 1, for layer-wise learning rates. Here, as in transformers: <c>blocks.i</c> is
    /// layer i + 1, the last norm and the head are above the blocks, all else is layer 0.
    /// </summary>
    internal virtual int LayerOf(string parameter) => parameter.Split('.') switch
    {
        ["blocks", var block, ..] => int.Parse(block, CultureInfo.InvariantCulture) + 1,
        ["norm" or "fc_norm" or "head", ..] => Depth + 1,
        _ => 0,
    };

    /// <summary>What a file's weight means here, if it means something else or is fitted in a way of this model's own; else null.</summary>
    /// <param name="isImage">Whether the file is an image model's.</param>
    /// <param name="mode">How embeddings are resized.</param>
    internal virtual Tensor? Fit(string weight, Tensor value, bool isImage, InterpolationMode mode) => null;

    /// <summary>Whether a model that starts from another's weights may keep a weight as it was drawn.</summary>
    internal virtual bool IsOptional(string weight) => weight is "time_embed" || weight.Split('.') is ["norm" or "fc_norm", ..]
        || weight.StartsWith(HeadName, StringComparison.Ordinal) || weight.EndsWith(BatchCount, StringComparison.Ordinal);

    /// <summary>Throws unless x is (B, C, T, H, W) with the model's channels and the type of its weights.</summary>
    private protected void RequireClips(Tensor x, ScalarType type) => RequireClips(x, Config.InChannels, type);

    /// <summary>Throws unless x is (B, C, T, H, W) with so many channels and of a type.</summary>
    internal static void RequireClips(Tensor x, int channels, ScalarType type)
    {
        var shape = x.shape;
        if (shape.Length != 5)
        {
            throw new ArgumentException($"clips have 5 dimensions (B, C, T, H, W), this tensor has shape ({string.Join(", ", shape)})");
        }
        if (shape[1] != channels)
        {
            throw new ArgumentException($"the model takes {channels} channels in dimension 1, the clips have {shape[1]}");
        }
        if (shape.Contains(0)) throw new ArgumentException($"clips of shape ({string.Join(", ", shape)}) have no pixels");
        if (x.dtype != type) throw new ArgumentException($"the model's weights are {type}, the clips {x.dtype}; convert one of them");
    }

    /// <summary>Throws unless frames divide into patches.</summary>
    internal static void RequirePatches(Tensor x, int patch)
    {
        var (height, width) = (x.shape[3], x.shape[4]);
        if (height % patch == 0 && width % patch == 0) return;
        throw new ArgumentException($"frames of {height}x{width} pixels do not divide into patches of {patch}x{patch}");
    }

    /// <summary>Throws unless clips divide into tubelets of so many frames.</summary>
    internal static void RequireTubelets(Tensor x, int frames)
    {
        if (x.shape[2] % frames != 0) throw new ArgumentException($"clips of {x.shape[2]} frames do not divide into tubelets of {frames}");
    }
}
