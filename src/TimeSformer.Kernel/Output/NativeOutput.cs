using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace TimeSformer.Jupyter;

/// <summary>
/// What native code, as libtorch, prints: file descriptors 1 and 2 become pipes, whose other ends are read into the notebook. What they
/// were before stays open for the kernel's own words.
/// </summary>
internal sealed unsafe partial class NativeOutput
{
    private const int NonBlocking = 0x800, CloseOnExec = 0x80000, LineBuffered = 1;
    private const short PollIn = 1;

    private readonly (int Reader, string Stream, Decoder Decoder)[] pipes;
    private readonly OutputBuffer buffer;
    private readonly nint standardOutput;
    private readonly byte[] bytes = new byte[65536];

    /// <summary>Takes the descriptors over. To be called before anything uses the console.</summary>
    public NativeOutput(OutputBuffer buffer)
    {
        this.buffer = buffer;
        int former = Duplicate(2);
        Former = new StreamWriter(new FileStream(new SafeFileHandle(former, true), FileAccess.Write)) { AutoFlush = true };
        pipes = [(Redirect(1), "stdout", Encoding.UTF8.GetDecoder()), (Redirect(2), "stderr", Encoding.UTF8.GetDecoder())];
        // The C library would keep lines back, for a pipe is no terminal.
        standardOutput = *(nint*)NativeLibrary.GetExport(NativeLibrary.Load("libc.so.6"), "stdout");
        SetBuffering(standardOutput, null, LineBuffered, 0);
        new Thread(Watch) { IsBackground = true, Name = "native output" }.Start();
    }

    /// <summary>The standard error that the process was started with.</summary>
    public TextWriter Former { get; }

    /// <summary>Takes over what has been printed until now.</summary>
    public void Drain()
    {
        FlushStream(standardOutput);
        lock (bytes)
        {
            if (!Wait(0)) return;
            foreach (var (reader, stream, decoder) in pipes) Take(reader, stream, decoder);
        }
    }

    private void Take(int reader, string stream, Decoder decoder)
    {
        while (true)
        {
            nint length;
            fixed (byte* data = bytes) length = Read(reader, data, (nuint)bytes.Length);
            if (length <= 0) return;
            var text = new char[decoder.GetCharCount(bytes, 0, (int)length)];
            decoder.GetChars(bytes, 0, (int)length, text, 0);
            bool ends = text.AsSpan().Contains("terminate called", StringComparison.Ordinal);
            if (ends) buffer.Write("stderr", "The kernel ends, for native code has failed. Restart it and run the cells from the top.\n");
            buffer.Write(stream, new string(text));
            if (ends) End();
        }
    }

    // C++ has met an error that nobody catches, says which, piece by piece, and aborts the process.
    private void End()
    {
        buffer.Flush();
        _ = Task.Delay(500).ContinueWith(_ => KernelProcess.ExitNow(134), TaskScheduler.Default);
    }

    private void Watch()
    {
        while (true)
        {
            if (Wait(-1)) Drain();
        }
    }

    // Whether something is there to be read.
    private bool Wait(int timeout)
    {
        var waits = stackalloc PollRequest[pipes.Length];
        for (int i = 0; i < pipes.Length; i++) waits[i] = new() { FileDescriptor = pipes[i].Reader, Events = PollIn };
        return Poll(waits, (nuint)pipes.Length, timeout) > 0;
    }

    private static int Redirect(int descriptor)
    {
        var ends = stackalloc int[2];
        if (Pipe(ends, CloseOnExec | NonBlocking) != 0) throw new IOException("no pipe for the output of native code");
        // The writing end must block: a program that prints must not see errors.
        SetFlags(ends[1], 4, 0);
        if (Duplicate2(ends[1], descriptor) < 0) throw new IOException("cannot redirect the output of native code");
        CloseDescriptor(ends[1]);
        return ends[0];
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollRequest
    {
        public int FileDescriptor;
        public short Events, Returned;
    }

    [LibraryImport("libc", EntryPoint = "dup")] private static partial int Duplicate(int descriptor);

    [LibraryImport("libc", EntryPoint = "dup2")] private static partial int Duplicate2(int from, int to);

    [LibraryImport("libc", EntryPoint = "pipe2")] private static partial int Pipe(int* ends, int flags);

    [LibraryImport("libc", EntryPoint = "fcntl")] private static partial void SetFlags(int descriptor, int command, int flags);

    [LibraryImport("libc", EntryPoint = "close")] private static partial void CloseDescriptor(int descriptor);

    [LibraryImport("libc", EntryPoint = "read")] private static partial nint Read(int descriptor, byte* data, nuint length);

    [LibraryImport("libc", EntryPoint = "poll")] private static partial int Poll(PollRequest* requests, nuint count, int timeout);

    [LibraryImport("libc", EntryPoint = "setvbuf")]
    private static partial void SetBuffering(nint stream, byte* data, int mode, nuint length);

    [LibraryImport("libc", EntryPoint = "fflush")] private static partial void FlushStream(nint stream);
}
