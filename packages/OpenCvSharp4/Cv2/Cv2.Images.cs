namespace OpenCvSharp;

// Image files and encoded images.
public static partial class Cv2
{
    /// <summary>The image is empty where the file is missing or no decoder understands it.</summary>
    public static Mat ImRead(string fileName, ImreadModes flags = ImreadModes.Color) => new(ReadImage(fileName, flags));

    /// <summary>The file's extension chooses the encoder.</summary>
    public static bool ImWrite(string fileName, Mat img, int[]? prms = null) => ImWrite(fileName, [img], prms);

    public static bool ImWrite(string fileName, Mat img, params ImageEncodingParam[] prms) => ImWrite(fileName, [img], ImageEncodingParam.Flatten(prms));

    /// <summary>Several images make one multi-page file.</summary>
    public static bool ImWrite(string fileName, IEnumerable<Mat> img, int[]? prms = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(fileName);
        ArgumentNullException.ThrowIfNull(img);
        using var mats = new MatList(img);
        Shim.Check(Shim.imgcodecs_write(fileName, mats.Pointers, mats.Count, prms ?? [], prms?.Length ?? 0, out var ok));
        return ok != 0;
    }

    public static bool ImWrite(string fileName, IEnumerable<Mat> img, params ImageEncodingParam[] prms) => ImWrite(fileName, img, ImageEncodingParam.Flatten(prms));

    public static Mat ImDecode(Mat buf, ImreadModes flags)
    {
        ArgumentNullException.ThrowIfNull(buf);
        return ImDecode(buf.AsSpan<byte>(), flags);
    }

    public static Mat ImDecode(byte[] buf, ImreadModes flags)
    {
        ArgumentNullException.ThrowIfNull(buf);
        return ImDecode(buf.AsSpan(), flags);
    }

    /// <summary>The image is empty where no decoder understands the bytes.</summary>
    public static unsafe Mat ImDecode(ReadOnlySpan<byte> span, ImreadModes flags)
    {
        if (span.IsEmpty)
            throw new ArgumentException("No bytes to decode", nameof(span));
        fixed (byte* data = span)
        {
            Shim.Check(Shim.imgcodecs_decode((IntPtr)data, span.Length, (int)flags, out var handle));
            return new Mat(handle);
        }
    }

    /// <summary>The extension, ".png" for example, chooses the encoder.</summary>
    public static bool ImEncode(string ext, InputArray img, out byte[] buf, int[]? prms = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(ext);
        Shim.Check(Shim.imgcodecs_encode(ext, In(img), prms ?? [], prms?.Length ?? 0, out var bytes, out var ok));
        using (bytes)
            buf = bytes.ToArray();
        return ok != 0;
    }

    public static void ImEncode(string ext, InputArray img, out byte[] buf, params ImageEncodingParam[] prms) =>
        ImEncode(ext, img, out buf, ImageEncodingParam.Flatten(prms));

    public static bool HaveImageReader(string fileName)
    {
        ArgumentException.ThrowIfNullOrEmpty(fileName);
        Shim.Check(Shim.imgcodecs_have_reader(fileName, out var yes));
        return yes != 0;
    }

    public static bool HaveImageWriter(string fileName)
    {
        ArgumentException.ThrowIfNullOrEmpty(fileName);
        Shim.Check(Shim.imgcodecs_have_writer(fileName, out var yes));
        return yes != 0;
    }

    internal static MatHandle ReadImage(string fileName, ImreadModes flags)
    {
        ArgumentException.ThrowIfNullOrEmpty(fileName);
        Shim.Check(Shim.imgcodecs_read(fileName, (int)flags, out var handle));
        return handle;
    }
}
