using System.Net;
using TimeSformer.Torch;
using static TorchSharp.torch;

namespace TimeSformer.Notebooks;

/// <summary>A tensor in HTML: shape, type and device, then its values or, if its shape is a picture's, a picture.</summary>
internal static class TensorHtml
{
    private const int SmallestPicture = 8, LargestPicture = 1024;

    public static string Of(Tensor tensor)
    {
        if (tensor.IsInvalid) return "<em>a disposed tensor</em>";
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var shape = tensor.dim() == 0 ? "a single value" : string.Join(" × ", tensor.shape);
        var type = $"{tensor.dtype}, {tensor.device.ToString().ToLowerInvariant()}{(tensor.requires_grad ? ", requires grad" : "")}";
        return $"""<div style="line-height:1.5"><b>{shape}</b> &nbsp;{type}{Statistics(tensor)}<br/>{Body(tensor)}</div>""";
    }

    private static string Body(Tensor tensor)
    {
        if (AsPicture(tensor) is { } picture)
        {
            return Picture.Image(picture, (int)Math.Clamp(picture.shape[0], 96, 240), "the tensor as a picture");
        }
        var values = WebUtility.HtmlEncode(tensor.detach().cpu().ToString(numpy));
        return $"""<pre style="margin:0;background:none;color:inherit">{values}</pre>""";
    }

    private static string Statistics(Tensor tensor)
    {
        if (tensor.numel() < 2 || !tensor.is_floating_point()) return "";
        var values = tensor.detach().to_type(ScalarType.Float32);
        var (mean, low, high) = (values.mean().item<float>(), values.min().item<float>(), values.max().item<float>());
        return FormattableString.Invariant($", mean {mean:0.####}, from {low:0.####} to {high:0.####}");
    }

    // (H, W, 3) uint8 as it is; a clip (T, H, W, 3) as a strip; (3, H, W) and (H, W) scaled from their range.
    private static Tensor? AsPicture(Tensor tensor)
    {
        var x = tensor.detach().cpu();
        return x.shape switch
        {
            [var height, var width, 3] when x.dtype is ScalarType.Byte && Fits(height, width) => x,
            [<= 32, var height, var width, 3] when x.dtype is ScalarType.Byte && Fits(height, width) => Picture.Strip(x),
            [3, var height, var width] when Fits(height, width) => Scaled(x).permute(1, 2, 0),
            [>= 16 and var height, >= 16 and var width] when Fits(height, width) => Scaled(x).unsqueeze(2).expand(height, width, 3),
            _ => null,
        };
    }

    private static bool Fits(long height, long width) =>
        Math.Min(height, width) >= SmallestPicture && Math.Max(height, width) <= LargestPicture;

    private static Tensor Scaled(Tensor x)
    {
        if (x.dtype is ScalarType.Byte) return x;
        var values = x.to_type(ScalarType.Float32);
        var (low, high) = (values.min(), values.max());
        // Weights and masks keep their meaning: 0 is black, 1 is white.
        if (low.item<float>() >= 0 && high.item<float>() <= 1) return values.Times(255).to_type(ScalarType.Byte);
        return ((values - low) / (high - low).Between(1e-12, float.MaxValue)).Times(255).nan_to_num(0).to_type(ScalarType.Byte);
    }
}
