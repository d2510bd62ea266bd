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

    [LibraryImport("libc", EntryPoint = "_exit")] private static partial void ExitNow(int status);
}
