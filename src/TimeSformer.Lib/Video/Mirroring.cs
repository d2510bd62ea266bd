using OpenCvSharp;

namespace TimeSformer.Video;

/// <summary>Mirrored display of a video's frames: rows and columns exchanged first if `Transposed`, then flipped.</summary>
internal sealed record Mirroring(bool Transposed, bool FlipX, bool FlipY)
{
    private const int One = 1 << 16; // fixed point, 16.16

    /// <summary>Of a display matrix (ISO/IEC 14496-12, tkhd: a b u, c d v, x y w); null if it does not mirror.</summary>
    /// <param name="entry">The matrix's entry at an index from 0.</param>
    public static Mirroring? Of(Func<int, int> entry)
    {
        var (a, b, c, d) = (entry(0), entry(1), entry(3), entry(4));
        bool isUpright = Math.Abs(a) == One && Math.Abs(d) == One && b == 0 && c == 0;
        bool isTurned = Math.Abs(b) == One && Math.Abs(c) == One && a == 0 && d == 0;
        if (isUpright && (a < 0) != (d < 0)) return new(Transposed: false, a < 0, d < 0);
        return isTurned && (b < 0) == (c < 0) ? new(Transposed: true, c < 0, b < 0) : null;
    }

    /// <summary>Turns a frame as it is displayed.</summary>
    public void Apply(Mat frame)
    {
        if (Transposed) Cv2.Transpose(frame, frame);
        if (FlipX) Cv2.Flip(frame, frame, FlipMode.Y);
        if (FlipY) Cv2.Flip(frame, frame, FlipMode.X);
    }
}
