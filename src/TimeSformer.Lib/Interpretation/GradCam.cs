using TimeSformer.Models;
using TimeSformer.Models.Convolution;
using TimeSformer.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Interpretation;

/// <summary>
/// Where a convolutional network finds a class: its last maps, weighted by the mean gradient of the class score, without what speaks
/// against it (Selvaraju et al., ICCV 2017, "Grad-CAM", equations 1 and 2).
/// </summary>
public static class GradCam
{
    /// <summary>How much each place of the last maps contributes to a class score.</summary>
    /// <param name="model">An <see cref="I3D"/>, <see cref="SlowFast"/>, whose pathways are added, or <see cref="CnnGru"/>.</param>
    /// <param name="clips">(B, C, T, H, W), as the model takes them.</param>
    /// <param name="labels">(B) int64, the class of each clip.</param>
    /// <returns>(B, T', H', W'); the fractions of a clip sum to 1, or are all 0 where nothing speaks for the class.</returns>
    /// <exception cref="ArgumentException">The clips' shape does not fit the model.</exception>
    /// <exception cref="InputException">The model is none of these.</exception>
    public static Tensor Of(VideoModel model, Tensor clips, Tensor labels)
    {
        using var _ = set_grad_enabled(true);
        using var scope = NewDisposeScope();
        List<Tensor> maps = [];
        var unhook = Watch(model, map =>
        {
            var kept = map.alias().DetachFromDisposeScope();
            if (!kept.requires_grad) kept.requires_grad = true;                                       // of a frozen model
            maps.Add(kept);
            return kept.alias();
        });
        try
        {
            var score = model.call(clips).gather(1, labels.unsqueeze(1)).sum();
            var gradients = autograd.grad([score], maps);
            using var __ = no_grad();
            long longest = maps.Max(map => model is CnnGru ? clips.shape[2] : map.shape[2]);
            var sum = maps.Zip(gradients, (map, gradient) => Weighted(map, gradient, model is CnnGru ? clips.shape[0] : null, longest))
                .Aggregate((all, next) => all.Plus(next)).relu();                                     // (B, T', H', W')
            return Relevance.Normalized(sum).MoveToOuterDisposeScope();
        }
        finally
        {
            unhook();
            foreach (var map in maps) map.Dispose();
        }
    }

    // The sum over channels of maps (B, K, T', H', W'), each times its mean gradient; of images (B·T, K, H', W'), by frame.
    private static Tensor Weighted(Tensor map, Tensor gradient, long? clips, long frames)
    {
        bool isImage = map.dim() == 4;
        var weights = gradient.mean(isImage ? [2L, 3] : [2L, 3, 4], keepdim: true);
        var sum = (map * weights).sum([1L], keepdim: true);                                           // (B, 1, T', H', W') or (B·T, 1, ...)
        if (isImage) return sum.squeeze(1).unflatten(0, clips!.Value, frames);
        long[] size = [frames, sum.shape[3], sum.shape[4]];
        return functional.interpolate(sum, size, mode: InterpolationMode.Trilinear, align_corners: false).squeeze(1);
    }

    // Passes the last maps, one for each pathway, through a function until the action is called.
    private static Action Watch(VideoModel model, Func<Tensor, Tensor> see)
    {
        return model switch
        {
            I3D or SlowFast => ((ResidualStage)Child(model, "s5")).register_forward_hook((_, _, maps) => [.. maps.Select(see)]).remove,
            CnnGru => ((Sequential)Child(Child(model, "backbone"), "layer4")).register_forward_hook((_, _, map) => see(map)).remove,
            _ => throw new InputException($"{model.GetName()} is no convolutional network; Grad-CAM explains those"),
        };

        static Module Child(Module of, string name) => of.named_children().First(child => child.name == name).module;
    }
}
