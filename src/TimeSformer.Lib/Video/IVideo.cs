using OpenCvSharp;
using TimeSformer.Video.Isolation;
using static TorchSharp.torch;

namespace TimeSformer.Video;

/// <summary>A video with random access to its frames: a file (<see cref="VideoReader"/>) or pictures (<see cref="FrameFolder"/>).</summary>
public interface IVideo : IDisposable
{
    /// <summary>What is known of the video so far; decoding may correct the frame count.</summary>
    VideoInfo Info { get; }

    /// <summary>Decodes the frames that <paramref name="sample"/> selects; indices may repeat and come in any order.</summary>
    /// <param name="sample">Returns indices from 0; called again with the true length if the video has fewer frames than declared.</param>
    /// <param name="shortSide">The short side in pixels to which each frame is scaled as it is decoded; if null, none is.</param>
    /// <returns>RGB frames (T, H, W, 3), uint8, on the CPU.</returns>
    /// <exception cref="ArgumentException">There are no indices, or one is out of range.</exception>
    /// <exception cref="VideoException">The frames cannot be decoded.</exception>
    Tensor ReadFrames(Func<VideoInfo, int[]> sample, int? shortSide = null);

    /// <summary>Decodes all frames in order and stores their count in <see cref="Info"/>.</summary>
    /// <param name="onFrame">Receives each frame (BGR), which is valid until the call returns.</param>
    /// <exception cref="VideoException">A frame cannot be decoded, or too many are missing.</exception>
    void Decode(Action<Mat> onFrame);

    /// <summary>Opens a video file, a folder of pictures or a picture, which may be animated.</summary>
    /// <param name="policy">Which imperfect videos are used; by default, <see cref="VideoPolicy.Default"/>.</param>
    /// <exception cref="VideoException">The file is missing, empty or cannot be decoded.</exception>
    static IVideo Open(string path, VideoPolicy? policy = null)
    {
        if (policy is { Isolate: true }) return IsolatedVideo.Open(path, policy);
        bool isPictures = Directory.Exists(path) || (FrameFolder.IsPicture(path) && File.Exists(path));
        if (!isPictures) return VideoReader.Open(path, policy);
        return AnimatedPicture.IsAnimated(path) ? AnimatedPicture.Open(path) : FrameFolder.Open(path);
    }
}

/// <summary>Which imperfect videos are used, and where they are decoded.</summary>
/// <param name="AllowTruncated">Whether the good part of a file that was cut off, or decodes only in part, counts as a video.</param>
/// <param name="RepeatFrames">
/// Whether a video with fewer frames than a clip repeats them, as the official code's clamping does; else it is refused.
/// </param>
/// <param name="Isolate">
/// Whether videos are decoded in processes of their own, so that a file on which the decoder crashes or hangs costs no more than itself;
/// see <see cref="DecodingProgram"/>. The frames are the same.
/// </param>
public sealed record VideoPolicy(bool AllowTruncated = false, bool RepeatFrames = true, bool Isolate = false)
{
    /// <summary>Truncated videos are refused; short ones repeat frames.</summary>
    public static VideoPolicy Default { get; } = new();
}

/// <summary>
/// The properties of a video as it is shown. If the distances of its frames vary, it counts as one of 30 frames per second, where the frame
/// at index k is the one shown at k/30 seconds.
/// </summary>
/// <param name="Width">Of a frame, in pixels.</param>
/// <param name="Height">Of a frame, in pixels.</param>
/// <param name="FramesPerSecond">30 if the file does not declare them.</param>
/// <param name="FrameCount">As declared, or as decoded if there are fewer.</param>
public sealed record VideoInfo(int Width, int Height, double FramesPerSecond, int FrameCount)
{
    /// <summary>Checks frame indices.</summary>
    /// <exception cref="ArgumentException">There are none, or one is out of range.</exception>
    internal void Check(int[] indices)
    {
        if (indices.Length == 0) throw new ArgumentException("no frames were requested");
        var (first, last) = (indices.Min(), indices.Max());
        if (first >= 0 && last < FrameCount) return;
        throw new ArgumentException($"frames {first} to {last} were requested from a video with {FrameCount} frames");
    }
}

/// <summary>A video cannot be decoded; the message is one line with the file and the cause.</summary>
public sealed class VideoException(string path, string cause) : InputException($"{path}: {cause}")
{
    /// <summary>The path of the video.</summary>
    public string Path { get; } = path;

    /// <summary>What is wrong with the video.</summary>
    public string Cause { get; } = cause;

    /// <summary>Returns what `decode` returns; turns errors of OpenCV and of reading files into a <see cref="VideoException"/>.</summary>
    internal static T Decoding<T>(string path, Func<T> decode)
    {
        try
        {
            return decode();
        }
        catch (OpenCVException error)
        {
            throw new VideoException(path, error.Message.ReplaceLineEndings(" "));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new VideoException(path, $"the file cannot be read: {error.Message.ReplaceLineEndings(" ")}");
        }
    }
}
