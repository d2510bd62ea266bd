using System.Runtime.InteropServices;
using OpenCvSharp;
using static TorchSharp.torch;

namespace TimeSformer.Video;

/// <summary>Decoded frames as a tensor (T, H, W, 3): RGB, uint8, on the CPU.</summary>
internal static class FrameTensor
{
    /// <summary>Room for frames.</summary>
    /// <exception cref="VideoException">They are too large (<see cref="CheckSize"/>) or do not fit into memory.</exception>
    public static Tensor Allocate(string path, int count, OpenCvSharp.Size size)
    {
        CheckSize(path, size);
        try
        {
            return empty(new long[] { count, size.Height, size.Width, 3 }, ScalarType.Byte);
        }
        catch (ExternalException)
        {
            throw new VideoException(path, $"{count} frames of {size.Width}x{size.Height} pixels do not fit into memory");
        }
    }

    /// <summary>Checks a size to which frames are scaled: those of a picture of 16384x1 pixels could take gigabytes each.</summary>
    /// <exception cref="VideoException">A side has more than 16384 pixels.</exception>
    public static void CheckSize(string path, OpenCvSharp.Size size)
    {
        if (Math.Max(size.Width, size.Height) <= VideoDecoder.MaxSide) return;
        throw new VideoException(path, $"its frames would be scaled to {size.Width}x{size.Height} pixels, but a side may have "
            + $"{VideoDecoder.MaxSide} at most; crop them");
    }

    /// <summary>The size of a video's frames, or the one to which they are scaled.</summary>
    public static OpenCvSharp.Size Size(VideoInfo video, int? shortSide) =>
        ClipTransform.ScaledSize(video.Width, video.Height, shortSide ?? Math.Min(video.Width, video.Height));

    /// <summary>Scales a decoded frame (BGR) to the tensor's size and stores it at the given places.</summary>
    public static unsafe void Store(Mat frame, Tensor frames, IEnumerable<int> places)
    {
        int height = (int)frames.shape[1], width = (int)frames.shape[2];
        using var scaled = new Mat();
        bool isScaled = frame.Width != width || frame.Height != height;
        if (isScaled) Cv2.Resize(frame, scaled, new(width, height), interpolation: InterpolationFlags.Linear);
        foreach (int t in places)
        {
            using var target = frames[t]; // (H, W, 3): a span cannot hold more than 2 GiB
            fixed (byte* bytes = target.bytes)
            {
                using var rgb = Mat.FromPixelData(height, width, MatType.CV_8UC3, (nint)bytes);
                Cv2.CvtColor(isScaled ? scaled : frame, rgb, ColorConversionCodes.BGR2RGB);
            }
        }
    }
}
