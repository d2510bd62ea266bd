using System.Text;

namespace OpenCvSharp;

/// <summary>Reads frames from a video file or a camera. Not being able to open one is no exception: ask <see cref="IsOpened"/>.</summary>
public class VideoCapture : DisposableCvObject
{
    private readonly CaptureHandle handle;

    public VideoCapture()
    {
        Shim.Check(Shim.capture_new(out handle));
        CaptureType = CaptureType.NotSpecified;
    }

    public VideoCapture(int index, VideoCaptureAPIs apiPreference = VideoCaptureAPIs.ANY)
        : this() => Open(index, apiPreference, []);

    /// <summary><paramref name="prms"/> are settings for opening: property, value, property, value, ...</summary>
    public VideoCapture(int index, VideoCaptureAPIs apiPreference, int[] prms)
        : this() => Open(index, apiPreference, prms);

    public VideoCapture(string fileName, VideoCaptureAPIs apiPreference = VideoCaptureAPIs.ANY)
        : this() => Open(fileName, apiPreference, []);

    /// <summary><paramref name="prms"/> are settings for opening: property, value, property, value, ...</summary>
    public VideoCapture(string fileName, VideoCaptureAPIs apiPreference, int[] prms)
        : this() => Open(fileName, apiPreference, prms);

    public CaptureType CaptureType { get; private set; }

    /// <summary>Time of the next frame in milliseconds.</summary>
    public int PosMsec
    {
        get => (int)Get(VideoCaptureProperties.PosMsec);
        set => Set(VideoCaptureProperties.PosMsec, value);
    }

    /// <summary>Index of the next frame; setting it seeks.</summary>
    public int PosFrames
    {
        get => (int)Get(VideoCaptureProperties.PosFrames);
        set => SetWhere(CaptureType.File, VideoCaptureProperties.PosFrames, value);
    }

    public CapturePosAviRatio PosAviRatio
    {
        get => (CapturePosAviRatio)(int)Get(VideoCaptureProperties.PosAviRatio);
        set => SetWhere(CaptureType.File, VideoCaptureProperties.PosAviRatio, (int)value);
    }

    public int FrameWidth
    {
        get => (int)Get(VideoCaptureProperties.FrameWidth);
        set => SetWhere(CaptureType.Camera, VideoCaptureProperties.FrameWidth, value);
    }

    public int FrameHeight
    {
        get => (int)Get(VideoCaptureProperties.FrameHeight);
        set => SetWhere(CaptureType.Camera, VideoCaptureProperties.FrameHeight, value);
    }

    public double Fps
    {
        get => Get(VideoCaptureProperties.Fps);
        set => SetWhere(CaptureType.Camera, VideoCaptureProperties.Fps, value);
    }

    /// <summary>The codec's four letters.</summary>
    public string FourCC
    {
        get => Encoding.Latin1.GetString(BitConverter.GetBytes((int)Get(VideoCaptureProperties.FourCC)));
        set => SetWhere(CaptureType.Camera, VideoCaptureProperties.FourCC, OpenCvSharp.FourCC.FromString(value).Value);
    }

    /// <summary>As the file's header tells or the duration suggests: a file may hold fewer.</summary>
    public int FrameCount => (int)Get(VideoCaptureProperties.FrameCount);

    private protected override NativeObject Owner => handle;

    private CaptureHandle Live
    {
        get
        {
            ThrowIfDisposed();
            return handle;
        }
    }

    public static VideoCapture FromCamera(int index, VideoCaptureAPIs apiPreference = VideoCaptureAPIs.ANY) => new(index, apiPreference);

    public static VideoCapture FromFile(string fileName, VideoCaptureAPIs apiPreference = VideoCaptureAPIs.ANY) => new(fileName, apiPreference);

    public bool Open(string fileName, VideoCaptureAPIs apiPreference = VideoCaptureAPIs.ANY) => Open(fileName, apiPreference, []);

    public bool Open(int index, VideoCaptureAPIs apiPreference = VideoCaptureAPIs.ANY) => Open(index, apiPreference, []);

    public bool IsOpened()
    {
        Shim.Check(Shim.capture_is_opened(Live, out var yes));
        return yes != 0;
    }

    /// <summary>Closes the file or camera; another can be opened.</summary>
    public void Release() => Shim.Check(Shim.capture_release(Live));

    /// <summary>Goes on to the next frame without handing it out.</summary>
    public bool Grab()
    {
        Shim.Check(Shim.capture_grab(Live, out var ok));
        return ok != 0;
    }

    /// <summary>Decodes the frame that was grabbed, as BGR.</summary>
    public bool Retrieve(OutputArray image, int flag = 0)
    {
        Cv2.Write(image, Shim.capture_retrieve(Live, Cv2.Out(image), flag, out var ok));
        return ok != 0;
    }

    public bool Retrieve(Mat image, int flag = 0) => Retrieve((OutputArray)image, flag);

    public Mat RetrieveMat()
    {
        var image = new Mat();
        Retrieve(image);
        return image;
    }

    /// <summary>Grabs and decodes the next frame; false, and an empty image, at the end.</summary>
    public bool Read(OutputArray image)
    {
        Cv2.Write(image, Shim.capture_read(Live, Cv2.Out(image), out var ok));
        return ok != 0;
    }

    public bool Read(Mat image) => Read((OutputArray)image);

    public double Get(VideoCaptureProperties propertyId) => Get((int)propertyId);

    public double Get(int propertyId)
    {
        Shim.Check(Shim.capture_get(Live, propertyId, out var value));
        return value;
    }

    public bool Set(VideoCaptureProperties propertyId, double value) => Set((int)propertyId, value);

    public bool Set(int propertyId, double value)
    {
        Shim.Check(Shim.capture_set(Live, propertyId, value, out var ok));
        return ok != 0;
    }

    /// <summary>The library that opened the video, "FFMPEG" for example.</summary>
    public string GetBackendName()
    {
        Shim.Check(Shim.capture_backend_name(Live, out var name));
        return Shim.Text(name);
    }

    /// <summary>Makes failures exceptions instead of false.</summary>
    public void SetExceptionMode(bool enable) => Shim.Check(Shim.capture_set_exception_mode(Live, enable ? 1 : 0));

    public bool GetExceptionMode()
    {
        Shim.Check(Shim.capture_get_exception_mode(Live, out var enabled));
        return enabled != 0;
    }

    private bool Open(string fileName, VideoCaptureAPIs api, int[] settings)
    {
        ArgumentException.ThrowIfNullOrEmpty(fileName);
        ArgumentNullException.ThrowIfNull(settings);
        CaptureType = CaptureType.File;
        Shim.Check(Shim.capture_open_file(Live, fileName, (int)api, settings, settings.Length, out var ok));
        return ok != 0;
    }

    private bool Open(int index, VideoCaptureAPIs api, int[] settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        CaptureType = CaptureType.Camera;
        Shim.Check(Shim.capture_open_camera(Live, index, (int)api, settings, settings.Length, out var ok));
        return ok != 0;
    }

    private void SetWhere(CaptureType type, VideoCaptureProperties property, double value)
    {
        if (CaptureType != type && CaptureType != CaptureType.NotSpecified)
            throw new NotSupportedException($"{property} can only be set on a {type.ToString().ToLowerInvariant()}");
        Set(property, value);
    }
}
