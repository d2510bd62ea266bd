namespace TimeSformer.Models.Attention;

/// <summary>The layout of a batch's tokens: B clips of T frames of H x W patches.</summary>
/// <remarks>
/// In a sequence the patches are in the official order, all frames of one place and then the next place: (h·W + w)·T + t.
/// </remarks>
/// <param name="Batch">B, the clips.</param>
/// <param name="Frames">T, the frames per clip.</param>
/// <param name="Height">H, the patches down a frame.</param>
/// <param name="Width">W, the patches across a frame.</param>
public readonly record struct TokenGrid(long Batch, long Frames, long Height, long Width)
{
    /// <summary>N = H·W, the patches per frame.</summary>
    public long Patches => Height * Width;
}
