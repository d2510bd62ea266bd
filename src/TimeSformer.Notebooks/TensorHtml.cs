using System.Net;
using TimeSformer.Torch;
using static TorchSharp.torch;

namespace TimeSformer.Notebooks;

/// <summary>A tensor on a page: shape, type and device, some of its values, and a picture where it is one.</summary>
internal static class TensorHtml
{
    private const int SmallestPicture = 8;
    private const int LargestPicture = 1024;

    public static string Of(Tensor tensor)
    {
        if (tensor.IsInvalid) return "<em>a tensor that has been disposed of</em>";
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var shape = tensor.dim() == 0 ? "a single value" : string.Join(" × ", tensor.shape);
        var head = $"<b>{shape}</b> &nbsp;{tensor.dtype}, {tensor.device.ToString().ToLowerInvariant()}{(tensor.requires_grad ? ", requires grad" : "")}{Statistics(tensor)}";
        return $"""<div style="line-height:1.5">{head}<br/>{Body(tensor)}</div>""";
    }

    private static string Body(Tensor tensor)
    {
        if (AsPicture(tensor) is { } picture)
        {
            return Picture.Image(picture, (int)Math.Clamp(picture.shape[0], 96, 240), "the tensor as a picture");
        }
        return $"""<pre style="margin:0;background:none;color:inherit">{WebUtility.HtmlEncode(tensor.detach().cpu().ToString(numpy))}</pre>""";
    }

    private static string Statistics(Tensor tensor)
    {
        if (tensor.numel() < 2 || !tensor.is_floating_point()) return "";
        var values = tensor.detach().to_type(ScalarType.Float32);
        return FormattableString.Invariant($", mean {values.mean().item<float>():0.####}, from {values.min().item<float>():0.####} to {values.max().item<float>():0.####}");
    }

    // (H, W, 3) of uint8 as it is; a clip (T, H, W, 3) as a strip; (3, H, W) and (H, W) of numbers scaled to their range.
    private static Tensor? AsPicture(Tensor tensor)
    {
        var x = tensor.detach().cpu();
        return x.shape switch
        {
            [var height, var width, 3] when x.dtype is ScalarType.Byte && Fits(height, width) => x,
            [<= 32, var height, var width, 3] when x.dtype is ScalarType.Byte && Fits(height, width) => Picture.Strip(x),
            [3, var height, var width] when Fits(height, width) => Scaled(x).permute(1, 2, 0),
            [var height, var width] when Fits(height, width) && height >= 16 && width >= 16 => Scaled(x).unsqueeze(2).expand(height, width, 3),
            _ => null,
        };
    }

    private static bool Fits(long height, long width) => height is >= SmallestPicture and <= LargestPicture && width is >= SmallestPicture and <= LargestPicture;

    private static Tensor Scaled(Tensor x)
    {
        if (x.dtype is ScalarType.Byte) return x;
        var values = x.to_type(ScalarType.Float32);
        var (low, high) = (values.min(), values.max());
        // Shares and masks keep their meaning: 0 is black, 1 is white.
        if (low.item<float>() >= 0 && high.item<float>() <= 1) return values.Times(255).to_type(ScalarType.Byte);
        return ((values - low) / (high - low).Between(1e-12, float.MaxValue)).Times(255).nan_to_num(0).to_type(ScalarType.Byte);
    }
}
