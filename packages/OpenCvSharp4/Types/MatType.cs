namespace OpenCvSharp;

/// <summary>What an array's elements are: a number type (depth) and how many of it (channels).</summary>
public readonly record struct MatType(int value) : IEquatable<int>
{
    private const int ChannelShift = 3;
    private const int MaxChannels = 512;
    private const int MaxDepths = 1 << ChannelShift;

    public const int CV_8U = 0;
    public const int CV_8S = 1;
    public const int CV_16U = 2;
    public const int CV_16S = 3;
    public const int CV_32S = 4;
    public const int CV_32F = 5;
    public const int CV_64F = 6;
    public const int CV_USRTYPE1 = 7;

    public static readonly MatType CV_8UC1 = CV_8UC(1);
    public static readonly MatType CV_8UC2 = CV_8UC(2);
    public static readonly MatType CV_8UC3 = CV_8UC(3);
    public static readonly MatType CV_8UC4 = CV_8UC(4);
    public static readonly MatType CV_8SC1 = CV_8SC(1);
    public static readonly MatType CV_8SC2 = CV_8SC(2);
    public static readonly MatType CV_8SC3 = CV_8SC(3);
    public static readonly MatType CV_8SC4 = CV_8SC(4);
    public static readonly MatType CV_16UC1 = CV_16UC(1);
    public static readonly MatType CV_16UC2 = CV_16UC(2);
    public static readonly MatType CV_16UC3 = CV_16UC(3);
    public static readonly MatType CV_16UC4 = CV_16UC(4);
    public static readonly MatType CV_16SC1 = CV_16SC(1);
    public static readonly MatType CV_16SC2 = CV_16SC(2);
    public static readonly MatType CV_16SC3 = CV_16SC(3);
    public static readonly MatType CV_16SC4 = CV_16SC(4);
    public static readonly MatType CV_32SC1 = CV_32SC(1);
    public static readonly MatType CV_32SC2 = CV_32SC(2);
    public static readonly MatType CV_32SC3 = CV_32SC(3);
    public static readonly MatType CV_32SC4 = CV_32SC(4);
    public static readonly MatType CV_32FC1 = CV_32FC(1);
    public static readonly MatType CV_32FC2 = CV_32FC(2);
    public static readonly MatType CV_32FC3 = CV_32FC(3);
    public static readonly MatType CV_32FC4 = CV_32FC(4);
    public static readonly MatType CV_64FC1 = CV_64FC(1);
    public static readonly MatType CV_64FC2 = CV_64FC(2);
    public static readonly MatType CV_64FC3 = CV_64FC(3);
    public static readonly MatType CV_64FC4 = CV_64FC(4);

    private readonly int value = value;

    public int Value => value;

    public int Depth => value & (MaxDepths - 1);

    public int Channels => (value >> ChannelShift) + 1;

    public bool IsInteger => Depth < CV_32F;

    public static MatType CV_8UC(int ch) => MakeType(CV_8U, ch);

    public static MatType CV_8SC(int ch) => MakeType(CV_8S, ch);

    public static MatType CV_16UC(int ch) => MakeType(CV_16U, ch);

    public static MatType CV_16SC(int ch) => MakeType(CV_16S, ch);

    public static MatType CV_32SC(int ch) => MakeType(CV_32S, ch);

    public static MatType CV_32FC(int ch) => MakeType(CV_32F, ch);

    public static MatType CV_64FC(int ch) => MakeType(CV_64F, ch);

    public static MatType MakeType(int depth, int channels)
    {
        if (channels is <= 0 or >= MaxChannels)
            throw new OpenCvSharpException($"An array has 1 to {MaxChannels - 1} channels, not {channels}");
        if (depth is < 0 or >= MaxDepths)
            throw new OpenCvSharpException($"A depth is 0 to {MaxDepths - 1}, not {depth}");
        return new MatType(depth + ((channels - 1) << ChannelShift));
    }

    public int ToInt32() => value;

    public static MatType FromInt32(int value) => new(value);

    public static explicit operator int(MatType self) => self.value;

    public static implicit operator MatType(int value) => new(value);

    public bool Equals(int other) => value == other;

    public static bool operator ==(MatType self, int other) => self.Equals(other);

    public static bool operator !=(MatType self, int other) => !self.Equals(other);

    public override string ToString()
    {
        var depth = Depth switch
        {
            CV_8U => nameof(CV_8U),
            CV_8S => nameof(CV_8S),
            CV_16U => nameof(CV_16U),
            CV_16S => nameof(CV_16S),
            CV_32S => nameof(CV_32S),
            CV_32F => nameof(CV_32F),
            CV_64F => nameof(CV_64F),
            _ => nameof(CV_USRTYPE1),
        };
        return Channels <= 4 ? $"{depth}C{Channels}" : $"{depth}C({Channels})";
    }
}
