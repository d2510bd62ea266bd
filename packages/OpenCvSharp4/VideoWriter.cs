namespace OpenCvSharp;

/// <summary>Writes frames to a video file. Not being able to open one is no exception: ask <see cref="IsOpened"/>.</summary>
public class VideoWriter : DisposableCvObject
{
    private readonly WriterHandle handle;

    public VideoWriter()
    {
        Shim.Check(Shim.writer_new(out handle));
        Fps = -1;
        IsColor = true;
    }

    public VideoWriter(string fileName, FourCC fourcc, double fps, Size frameSize, bool isColor = true)
        : this() => Open(fileName, fourcc, fps, frameSize, isColor);

    public VideoWriter(string fileName, VideoCaptureAPIs apiPreference, FourCC fourcc, double fps, Size frameSize, bool isColor = true)
        : this() => Open(fileName, apiPreference, fourcc, fps, frameSize, isColor);

    /// <summary><paramref name="prms"/> are settings for opening: property, value, property, value, ...</summary>
    public VideoWriter(string fileName, FourCC fourcc, double fps, Size frameSize, int[] prms)
        : this() => Open(fileName, VideoCaptureAPIs.ANY, fourcc, fps, frameSize, prms);

    /// <summary><paramref name="prms"/> are settings for opening: property, value, property, value, ...</summary>
    public VideoWriter(string fileName, VideoCaptureAPIs apiPreference, FourCC fourcc, double fps, Size frameSize, int[] prms)
        : this() => Open(fileName, apiPreference, fourcc, fps, frameSize, prms);

    public string? FileName { get; private set; }

    public double Fps { get; private set; }

    public Size FrameSize { get; private set; }

    public bool IsColor { get; private set; }

    private protected override NativeObject Owner => handle;

    private WriterHandle Live
    {
        get
        {
            ThrowIfDisposed();
            return handle;
        }
    }

    /// <summary>The number that stands for four letters.</summary>
    public static int FourCC(char c1, char c2, char c3, char c4) => (c1 & 255) | ((c2 & 255) << 8) | ((c3 & 255) << 16) | ((c4 & 255) << 24);

    public static int FourCC(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        if (code.Length != 4)
            throw new ArgumentException($"\"{code}\" does not have four letters", nameof(code));
        return FourCC(code[0], code[1], code[2], code[3]);
    }

    public bool Open(string fileName, FourCC fourcc, double fps, Size frameSize, bool isColor = true) =>
        Open(fileName, VideoCaptureAPIs.ANY, fourcc, fps, frameSize, isColor);

    public bool Open(string fileName, VideoCaptureAPIs apiPreference, FourCC fourcc, double fps, Size frameSize, bool isColor = true)
    {
        IsColor = isColor;
        return Open(fileName, apiPreference, fourcc, fps, frameSize, [(int)VideoWriterProperties.IsColor, isColor ? 1 : 0]);
    }

    public bool IsOpened()
    {
        Shim.Check(Shim.writer_is_opened(Live, out var yes));
        return yes != 0;
    }

    /// <summary>Finishes the file, which is not readable before; disposing does it too.</summary>
    public void Release() => Shim.Check(Shim.writer_release(Live));

    /// <summary>Adds a BGR frame; one of another size than <see cref="FrameSize"/> is left out silently, as OpenCV does.</summary>
    public void Write(InputArray image) => Shim.Check(Shim.writer_write(Live, Cv2.In(image)));

    public double Get(VideoWriterProperties propId)
    {
        Shim.Check(Shim.writer_get(Live, (int)propId, out var value));
        return value;
    }

    public bool Set(VideoWriterProperties propId, double value)
    {
        Shim.Check(Shim.writer_set(Live, (int)propId, value, out var ok));
        return ok != 0;
    }

    /// <summary>The library that writes the file, "FFMPEG" for example.</summary>
    public string GetBackendName()
    {
        Shim.Check(Shim.writer_backend_name(Live, out var name));
        return Shim.Text(name);
    }

    private bool Open(string fileName, VideoCaptureAPIs api, FourCC fourcc, double fps, Size frameSize, int[] settings)
    {
        ArgumentNullException.ThrowIfNull(fileName);
        ArgumentNullException.ThrowIfNull(settings);
        (FileName, Fps, FrameSize) = (fileName, fps, frameSize);
        Shim.Check(Shim.writer_open(Live, fileName, (int)api, fourcc.Value, fps, frameSize.Width, frameSize.Height, settings, settings.Length, out var ok));
        return ok != 0;
    }
}
