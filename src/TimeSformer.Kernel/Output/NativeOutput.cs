using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace TimeSformer.Jupyter;

/// <summary>
/// Captures the output of native code such as libtorch: file descriptors 1 and 2 become pipes that are read into the notebook. The original
/// standard error stays open for the kernel's own messages.
/// </summary>
internal sealed unsafe partial class NativeOutput
{
    private const int NonBlocking = 0x800, CloseOnExec = 0x80000, LineBuffered = 1;
    private const short PollIn = 1;

    private readonly (int Reader, string Stream, Decoder Decoder)[] pipes;
    private readonly OutputBuffer buffer;
    private readonly nint standardOutput;
    private readonly byte[] bytes = new byte[65536];

    /// <summary>Redirects the descriptors. Must run before anything uses the console.</summary>
    public NativeOutput(OutputBuffer buffer)
    {
        this.buffer = buffer;
        int original = dup(2);
        OriginalError = new StreamWriter(new FileStream(new SafeFileHandle(original, true), FileAccess.Write)) { AutoFlush = true };
        pipes = [(Redirect(1), "stdout", Encoding.UTF8.GetDecoder()), (Redirect(2), "stderr", Encoding.UTF8.GetDecoder())];
        // Because a pipe is not a terminal, the C library would otherwise hold lines back.
        standardOutput = *(nint*)NativeLibrary.GetExport(NativeLibrary.Load("libc.so.6"), "stdout");
        setvbuf(standardOutput, null, LineBuffered, 0);
        new Thread(Watch) { IsBackground = true, Name = "native output" }.Start();
    }

    /// <summary>The standard error with which the process was started.</summary>
    public TextWriter OriginalError { get; }

    /// <summary>Moves everything printed so far into the buffer.</summary>
    public void Drain()
    {
        fflush(standardOutput);
        Read();
    }

    // Without fflush, which waits for a native writer that itself waits until its pipe, now full, is read.
    private void Read()
    {
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
            fixed (byte* data = bytes) length = read(reader, data, (nuint)bytes.Length);
            if (length <= 0) return;
            var text = new char[decoder.GetCharCount(bytes, 0, (int)length)];
            decoder.GetChars(bytes, 0, (int)length, text, 0);
            bool ends = text.AsSpan().Contains("terminate called", StringComparison.Ordinal);
            if (ends) buffer.Write("stderr", "Native code crashed, so the kernel is shutting down. Restart it and run all cells.\n");
            buffer.Write(stream, new string(text));
            if (ends) End();
        }
    }

    // The C++ runtime reports an uncaught exception piece by piece and then aborts the process.
    private void End()
    {
        buffer.Flush();
        _ = Task.Delay(500).ContinueWith(_ => KernelProcess.ExitNow(134), TaskScheduler.Default);
    }

    private void Watch()
    {
        while (true)
        {
            if (Wait(-1)) Read();
        }
    }

    // Whether there is output to read.
    private bool Wait(int timeout)
    {
        var waits = stackalloc PollRequest[pipes.Length];
        for (int i = 0; i < pipes.Length; i++) waits[i] = new() { FileDescriptor = pipes[i].Reader, Events = PollIn };
        return poll(waits, (nuint)pipes.Length, timeout) > 0;
    }

    private static int Redirect(int descriptor)
    {
        var ends = stackalloc int[2];
        if (pipe2(ends, CloseOnExec | NonBlocking) != 0) throw new IOException("cannot create a pipe for the output of native code");
        // The write end must block, so that a printing program never fails.
        fcntl(ends[1], 4, 0);
        if (dup2(ends[1], descriptor) < 0) throw new IOException("cannot redirect the output of native code");
        close(ends[1]);
        return ends[0];
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollRequest
    {
        public int FileDescriptor;
        public short Events, Returned;
    }

    [LibraryImport("libc")] private static partial int dup(int descriptor);
    [LibraryImport("libc")] private static partial int dup2(int from, int to);
    [LibraryImport("libc")] private static partial int pipe2(int* ends, int flags);
    [LibraryImport("libc")] private static partial void fcntl(int descriptor, int command, int flags);
    [LibraryImport("libc")] private static partial void close(int descriptor);
    [LibraryImport("libc")] private static partial nint read(int descriptor, byte* data, nuint length);
    [LibraryImport("libc")] private static partial int poll(PollRequest* requests, nuint count, int timeout);
    [LibraryImport("libc")] private static partial void setvbuf(nint stream, byte* data, int mode, nuint length);
    [LibraryImport("libc")] private static partial void fflush(nint stream);
}
