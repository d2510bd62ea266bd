using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TimeSformer.Video.Isolation;

/// <summary>
/// Lets a program decode videos in processes of its own kind (<see cref="VideoPolicy.Isolate"/>): OpenCV and FFmpeg are native code, in
/// which a damaged file can end the process. Such a child takes requests from its standard input and answers on its standard output.
/// </summary>
public static class DecodingProgram
{
    private const string Command = "decode-for-parent";
    private const int UserSignal = 10; // SIGUSR1, with which schedulers and mpirun announce the end

    // The program's assembly, once it has said that it serves.
    private static string? location;

    /// <summary>Serves as a child if the arguments say so. A program calls it first of all, and ends if it returns true.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool Serve(string[] args)
    {
        ServeWith(Assembly.GetCallingAssembly());
        if (args is not [Command]) return false;
        // A terminal's Ctrl-C and a scheduler's signals go to all processes; how the work ends is the parent's to say.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Ignore);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Ignore);
        using var user = OperatingSystem.IsLinux() ? PosixSignalRegistration.Create((PosixSignal)UserSignal, Ignore) : null;
        using var output = new BinaryWriter(new BufferedStream(Console.OpenStandardOutput(), 1 << 16));
        // The channel is for answers alone.
        Console.SetOut(Console.Error);
        using var requests = new BlockingCollection<byte[]>();
        new Thread(() => Listen(requests)) { IsBackground = true }.Start();
        new DecodingChild(requests.Take, output).Run();
        return true;

        static void Ignore(PosixSignalContext signal) => signal.Cancel = true;
    }

    /// <summary>Names another program that calls <see cref="Serve"/>.</summary>
    internal static void ServeWith(Assembly program) => location = program.Location;

    /// <summary>How a child is started.</summary>
    internal static ProcessStartInfo StartInfo()
    {
        var program = location ?? throw new InvalidOperationException(
            $"videos are decoded in processes of their own only by programs that begin with {nameof(DecodingProgram)}.{nameof(Serve)}");
        var host = Environment.ProcessPath!;
        bool isHost = Path.GetFileNameWithoutExtension(host) == "dotnet";
        return new(host, isHost ? [program, Command] : [Command]) { RedirectStandardInput = true, RedirectStandardOutput = true };
    }

    // Even while a frame is decoded: a child ends with its parent, whose end closes the pipe.
    private static void Listen(BlockingCollection<byte[]> requests)
    {
        using var input = new BinaryReader(Console.OpenStandardInput());
        try
        {
            while (true) requests.Add(input.ReadBytes(input.ReadInt32()));
        }
        catch (EndOfStreamException)
        {
            // At once: a decoder that hangs would hold up an orderly end.
            Process.GetCurrentProcess().Kill();
        }
    }
}
