using System.Runtime.InteropServices;

namespace TimeSformer.Jupyter;

/// <summary>The end of the process.</summary>
internal static partial class KernelProcess
{
    /// <summary>Ends the process, also where a cell hangs in native code.</summary>
    public static void Exit(int status)
    {
        new Thread(() =>
        {
            Thread.Sleep(3000);
            ExitNow(status);
        })
        { IsBackground = true }.Start();
        Environment.Exit(status);
    }

    /// <summary>
    /// Gives the other threads time to publish what native code has printed before it aborts: the signal's handler is <c>sleep</c>, and the
    /// signal's number is how many seconds. Then the process ends as it would have ended.
    /// </summary>
    public static void DelayAbort() => Handle(6, NativeLibrary.GetExport(NativeLibrary.Load("libc.so.6"), "sleep"));

    /// <summary>Ends the process at once.</summary>
    [LibraryImport("libc", EntryPoint = "_exit")]
    public static partial void ExitNow(int status);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint Handle(int signal, nint handler);
}
