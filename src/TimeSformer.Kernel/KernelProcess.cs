using System.Runtime.InteropServices;

namespace TimeSformer.Jupyter;

/// <summary>Ends the kernel's process.</summary>
internal static partial class KernelProcess
{
    /// <summary>Ends the process, even if a cell hangs in native code.</summary>
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
    /// Delays the abort after a native error, so that other threads can publish what the native code printed: the handler of SIGABRT is
    /// <c>sleep</c>, which takes the signal's number as seconds. The process then aborts as usual.
    /// </summary>
    public static void DelayAbort() => Handle(6, NativeLibrary.GetExport(NativeLibrary.Load("libc.so.6"), "sleep"));

    /// <summary>Returns memory that was freed but that the C library keeps: with glibc, a process hardly shrinks by itself.</summary>
    public static void ReturnFreedMemory()
    {
        try
        {
            _ = Trim(0);
        }
        catch (Exception error) when (error is EntryPointNotFoundException or DllNotFoundException)
        {
            // Other C libraries return it by themselves.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint pad);

    /// <summary>Ends the process immediately.</summary>
    [LibraryImport("libc", EntryPoint = "_exit")]
    public static partial void ExitNow(int status);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint Handle(int signal, nint handler);
}
