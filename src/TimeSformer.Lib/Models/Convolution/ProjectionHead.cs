using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Models.Convolution;

/// <summary>Dropout and a linear layer: features (B, D) to logits (B, classes).</summary>
internal sealed class ProjectionHead : Module<Tensor, Tensor>
{
    internal readonly Linear projection;
    private readonly Dropout dropout;

    public ProjectionHead(int features, int classes, double dropRate)
        : base(nameof(ProjectionHead))
    {
        dropout = Dropout(dropRate);
        projection = Linear(features, classes);
        RegisterComponents();
    }

    /// <summary>Features (B, D) to logits (B, classes).</summary>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return projection.call(dropout.call(x)).MoveToOuterDisposeScope();
    }
}
