using OpenCvSharp;
using TimeSformer.Torch;
using static TorchSharp.torch;

namespace TimeSformer.Notebooks;

/// <summary>Tensors as pictures in a page.</summary>
internal static class Picture
{
    /// <summary>Height up to which pixels are meant to be seen as squares.</summary>
    public const int SmallPicture = 80;

    /// <summary>An RGB picture (H, W, 3), uint8 on the CPU, as a data URI: exact where it is small, else a JPEG, which keeps notebooks small.</summary>
    public static unsafe string DataUri(Tensor picture)
    {
        using var packed = picture.cpu().contiguous();
        fixed (byte* pixels = packed.bytes)
        {
            using var rgb = Mat.FromPixelData((int)packed.shape[0], (int)packed.shape[1], MatType.CV_8UC3, (nint)pixels);
            using var bgr = new Mat();
            Cv2.CvtColor(rgb, bgr, ColorConversionCodes.RGB2BGR);
            bool isSmall = packed.shape[0] <= SmallPicture;
            Cv2.ImEncode(isSmall ? ".png" : ".jpg", bgr, out var bytes, isSmall ? [] : [new ImageEncodingParam(ImwriteFlags.JpegQuality, 90)]);
            return $"data:image/{(isSmall ? "png" : "jpeg")};base64,{Convert.ToBase64String(bytes)}";
        }
    }

    /// <summary>The frames of a clip (T, H, W, 3) side by side with a gap of white: (H, T·(W + gap) - gap, 3).</summary>
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

    /// <summary>An HTML image that is drawn at a height on the page.</summary>
    public static string Image(Tensor picture, int height, string alternative) =>
        $"""<img src="{DataUri(picture)}" style="height:{height}px;max-width:100%;object-fit:contain;object-position:left{(picture.shape[0] <= SmallPicture ? ";image-rendering:pixelated" : "")}" alt="{alternative}"/>""";

    /// <summary>
    /// A clip in any common form as frames to look at, (T, H, W, 3), uint8 on the CPU: (T, H, W, 3) uint8 as it is; (C, T, H, W) or (1, C, T, H, W)
    /// float as the model takes it, with the official normalisation undone.
    /// </summary>
    /// <exception cref="ArgumentException">The shape is none of these.</exception>
    public static Tensor Frames(Tensor clip)
    {
        using var scope = NewDisposeScope();
        var frames = clip.shape switch
        {
            [_, _, _, 3] when clip.dtype is ScalarType.Byte => clip.alias(),
            [3, _, _, _] => Denormalised(clip),
            [1, 3, _, _, _] => Denormalised(clip[0]),
            var shape => throw new ArgumentException($"a clip to show is (T, H, W, 3) of uint8, or (3, T, H, W) or (1, 3, T, H, W) as the model takes it; this is ({string.Join(", ", shape)}) of {clip.dtype}"),
        };
        return frames.cpu().MoveToOuterDisposeScope();
    }

    private static Tensor Denormalised(Tensor clip)
    {
        var (mean, std) = (Video.ClipNormalization.Default.Mean, Video.ClipNormalization.Default.Std);
        return clip.detach().Times(std).Plus(mean).Times(255).round().Between(0, 255).to_type(ScalarType.Byte).permute(1, 2, 3, 0); // (T, H, W, 3)
    }
}
