using System.Runtime.InteropServices;

namespace OpenCvSharp;

/// <summary>The four letters that name a video codec.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct FourCC(int value) : IEquatable<FourCC>
{
    public const int Default = -1;
    public const int Prompt = -1;

    public static readonly int AVC = FromString("AVC");
    public static readonly int CVID = FromString("CVID");
    public static readonly int DIB = FromString("DIB");
    public static readonly int DIV3 = FromString("DIV3");
    public static readonly int DIVX = FromString("DIVX");
    public static readonly int DV25 = FromString("DV25");
    public static readonly int DV50 = FromString("DV50");
    public static readonly int DVC = FromString("DVC");
    public static readonly int DVH1 = FromString("DVH1");
    public static readonly int DVHD = FromString("DVHD");
    public static readonly int DVSD = FromString("DVSD");
    public static readonly int DVSL = FromString("DVSL");
    public static readonly int H261 = FromString("H261");
    public static readonly int H263 = FromString("H263");
    // X264, not H264, as in the original: encoders know that name.
    public static readonly int H264 = FromString("X264");
    public static readonly int H265 = FromString("H265");
    public static readonly int HEVC = FromString("HEVC");
    public static readonly int I420 = FromString("I420");
    public static readonly int IV32 = FromString("IV32");
    public static readonly int IV41 = FromString("IV41");
    public static readonly int IV50 = FromString("IV50");
    public static readonly int IYUB = FromString("IYUB");
    public static readonly int IYUV = FromString("IYUV");
    public static readonly int MJPG = FromString("MJPG");
    public static readonly int M4S2 = FromString("M4S2");
    public static readonly int MP42 = FromString("MP42");
    public static readonly int MP43 = FromString("MP43");
    public static readonly int MP4S = FromString("MP4S");
    public static readonly int MP4V = FromString("MP4V");
    public static readonly int MPG1 = FromString("MPG1");
    public static readonly int MPG2 = FromString("MPG2");
    public static readonly int MPG4 = FromString("MPG4");
    public static readonly int MSS1 = FromString("MSS1");
    public static readonly int MSS2 = FromString("MSS2");
    public static readonly int MSVC = FromString("MSVC");
    public static readonly int JPEG = FromString("JPEG");
    public static readonly int PIM1 = FromString("PIM1");
    public static readonly int WMV1 = FromString("WMV1");
    public static readonly int WMV2 = FromString("WMV2");
    public static readonly int WMV3 = FromString("WMV3");
    public static readonly int WVC1 = FromString("WVC1");
    public static readonly int XVID = FromString("XVID");
    public static readonly int X264 = FromString("X264");

    public readonly int Value = value;

    public static FourCC FromFourChars(char c1, char c2, char c3, char c4) => new(VideoWriter.FourCC(c1, c2, c3, c4));

    /// <summary>Fills up a shorter name with spaces.</summary>
    public static FourCC FromString(string code)
    {
        ArgumentException.ThrowIfNullOrEmpty(code);
        if (code.Length > 4)
            throw new ArgumentException($"\"{code}\" has more than four letters", nameof(code));
        code = code.PadRight(4);
        return FromFourChars(code[0], code[1], code[2], code[3]);
    }

    public static FourCC FromInt32(int code) => new(code);

    public int ToInt32() => Value;

    public static implicit operator int(FourCC fourcc) => fourcc.Value;

    public static implicit operator FourCC(int code) => new(code);

    public bool Equals(FourCC other) => Value == other.Value;

    public override bool Equals(object? obj) => obj is FourCC other && Equals(other);

    public static bool operator ==(FourCC left, FourCC right) => left.Equals(right);

    public static bool operator !=(FourCC left, FourCC right) => !left.Equals(right);

    public override int GetHashCode() => Value.GetHashCode();
}
