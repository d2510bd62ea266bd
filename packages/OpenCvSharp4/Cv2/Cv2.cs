namespace OpenCvSharp;

/// <summary>OpenCV's functions.</summary>
public static partial class Cv2
{
    /// <summary>How many threads OpenCV's functions may use; 0 or 1 means none besides the caller's, a negative number the default.</summary>
    public static void SetNumThreads(int nThreads) => Shim.Check(Shim.shim_set_num_threads(nThreads));

    public static int GetNumThreads()
    {
        Shim.Check(Shim.shim_get_num_threads(out var count));
        return count;
    }

    /// <summary>The version of the OpenCV that is running, "4.6.0" for example.</summary>
    public static string? GetVersionString()
    {
        Shim.Check(Shim.shim_version(out var text));
        return Shim.Text(text);
    }

    public static string GetBuildInformation()
    {
        Shim.Check(Shim.shim_build_information(out var text));
        return Shim.Text(text);
    }

    internal static MatHandle In(InputArray array)
    {
        ArgumentNullException.ThrowIfNull(array);
        return array.Handle;
    }

    internal static MatHandle Out(OutputArray array)
    {
        ArgumentNullException.ThrowIfNull(array);
        return array.Handle;
    }

    internal static MatHandle Optional(InputArray? array) => array?.Handle ?? MatHandle.None;

    /// <summary>Finishes a call that wrote to <paramref name="dst"/>.</summary>
    internal static void Write(OutputArray dst, int status)
    {
        Shim.Check(status);
        dst.Handle.Account();
    }
}
