using OpenCvSharp;
using static TorchSharp.torch;

namespace TimeSformer.Video;

/// <summary>A video of which chosen frames can be read: a file (<see cref="VideoReader"/>) or a folder of pictures, or one picture (<see cref="FrameFolder"/>).</summary>
public interface IVideo : IDisposable
{
    /// <summary>What is known of the video so far.</summary>
    VideoInfo Info { get; }

    /// <summary>Decodes the frames that `sample` chooses for the video; indices may repeat and come in any order.</summary>
    /// <param name="sample">Indices from 0 for a video; called again with the true length where there are fewer frames than announced.</param>
    /// <returns>RGB frames (T, H, W, 3), uint8, on the CPU.</returns>
    /// <exception cref="VideoException">The frames cannot be decoded.</exception>
    Tensor ReadFrames(Func<VideoInfo, int[]> sample);

    /// <summary>Decodes all frames in their order; counts them in <see cref="Info"/>.</summary>
    /// <param name="onFrame">Given each frame, BGR, which lives until it returns.</param>
    /// <exception cref="VideoException">A frame cannot be decoded, or too many are missing.</exception>
    void Decode(Action<Mat> onFrame);

    /// <summary>Opens a video file, a folder of pictures or a picture.</summary>
    /// <exception cref="VideoException">It is missing, empty, or no video that can be decoded.</exception>
    static IVideo Open(string path) => Directory.Exists(path) || (FrameFolder.IsPicture(path) && File.Exists(path)) ? FrameFolder.Open(path) : VideoReader.Open(path);
}
