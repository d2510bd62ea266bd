using OpenCvSharp;
using TimeSformer.Torch;
using static TorchSharp.torch;

namespace TimeSformer.Notebooks;

/// <summary>Tensors as images in HTML.</summary>
internal static class Picture
{
    /// <summary>Height up to which pixels are shown as squares.</summary>
    public const int SmallPicture = 80;

    /// <summary>
    /// An RGB picture (H, W, 3), uint8, as a data URI: a lossless PNG up to the height <see cref="SmallPicture"/>, else a JPEG, which keeps
    /// notebooks small.
    /// </summary>
    public static string DataUri(Tensor picture)
    {
        bool isSmall = picture.shape[0] <= SmallPicture;
        return $"data:image/{(isSmall ? "png" : "jpeg")};base64,{Convert.ToBase64String(Encoded(picture, isSmall ? ".png" : ".jpg"))}";
    }

    /// <summary>An RGB picture (H, W, 3), uint8, as the content of a file.</summary>
    /// <param name="ending">.png or .jpg.</param>
    public static byte[] Encoded(Tensor picture, string ending)
    {
        using var bgr = Bgr(picture);
        ImageEncodingParam[] quality = ending is ".jpg" ? [new(ImwriteFlags.JpegQuality, 90)] : [];
        Cv2.ImEncode(ending, bgr, out var bytes, quality);
        return bytes;
    }

    /// <summary>An RGB picture (H, W, 3), uint8, as OpenCV has it.</summary>
    public static unsafe Mat Bgr(Tensor picture)
    {
        using var packed = picture.cpu().contiguous();
        fixed (byte* pixels = packed.bytes)
        {
            using var rgb = Mat.FromPixelData((int)packed.shape[0], (int)packed.shape[1], MatType.CV_8UC3, (nint)pixels);
            var bgr = new Mat();
            Cv2.CvtColor(rgb, bgr, ColorConversionCodes.RGB2BGR);
            return bgr;
        }
    }

    /// <summary>The frames of a clip (T, H, W, 3) side by side with white gaps: (H, T·(W + gap) - gap, 3).</summary>
    public static Tensor Strip(Tensor frames)
    {
        using var scope = NewDisposeScope();
        int gap = frames.shape[1] <= SmallPicture ? 1 : 4;
        using TorchSharp.Scalar white = 255;
        var padded = full(new[] { frames.shape[0], frames.shape[1], frames.shape[2] + gap, 3 }, white, frames.dtype, frames.device);
        padded[.., .., ..^gap] = frames;
        var strip = padded.transpose(0, 1).flatten(1, 2);                       // (H, T·(W + gap), 3)
        return strip[.., ..^gap].MoveToOuterDisposeScope();
    }

    /// <summary>An HTML image of a picture (H, W, 3), displayed at a height in pixels.</summary>
    public static string Image(Tensor picture, int height, string alternative)
    {
        var rendering = picture.shape[0] <= SmallPicture ? ";image-rendering:pixelated" : "";
        var style = $"height:{height}px;max-width:100%;object-fit:contain;object-position:left{rendering}";
        return $"""<img src="{DataUri(picture)}" style="{style}" alt="{alternative}"/>""";
    }

    /// <summary>
    /// The frames of a clip, (T, H, W, 3), uint8 on the CPU: as they are from (T, H, W, 3), uint8; with the official normalization undone
    /// from (3, T, H, W) or (1, 3, T, H, W), float, as the model takes it.
    /// </summary>
    /// <exception cref="ArgumentException">The clip has another shape.</exception>
    public static Tensor Frames(Tensor clip)
    {
        using var scope = NewDisposeScope();
        var frames = clip.shape switch
        {
            [_, _, _, 3] when clip.dtype is ScalarType.Byte => clip.alias(),
            [3, _, _, _] => Denormalised(clip),
            [1, 3, _, _, _] => Denormalised(clip[0]),
            var shape => throw new ArgumentException(
                "a clip has shape (T, H, W, 3) and type uint8, or shape (3, T, H, W) or (1, 3, T, H, W) as the model takes it; "
                + $"this has shape ({string.Join(", ", shape)}) and type {clip.dtype}"),
        };
        return frames.cpu().MoveToOuterDisposeScope();
    }

    private static Tensor Denormalised(Tensor clip)
    {
        var (mean, std) = (Video.ClipNormalization.Default.Mean[0], Video.ClipNormalization.Default.Std[0]);
        var values = clip.detach().Times(std).Plus(mean).Times(255).round().Between(0, 255);
        return values.to_type(ScalarType.Byte).permute(1, 2, 3, 0);                     // (T, H, W, 3)
    }
}
