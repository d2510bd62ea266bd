using System.Runtime.InteropServices;
using TimeSformer.Jupyter;

// A Jupyter kernel for C#. Jupyter starts it with the path of a connection file; `./timesformer kernel install` registers it.
if (args is not [var path])
{
    Console.Error.WriteLine("usage: TimeSformer.Kernel CONNECTION_FILE   (Jupyter starts it; see ./timesformer kernel install)");
    return 2;
}

TextWriter diagnostics = Console.Error;
using var ended = new ManualResetEventSlim();
try
{
    var kernel = new JupyterKernel(ConnectionFile.Read(path), Capture, message => diagnostics.WriteLine($"kernel: {message}"), ended.Set);
    kernel.Start();
}
catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException or NetMQ.NetMQException)
{
    diagnostics.WriteLine($"error: {error.Message}");
    return 2;
}

// Jupyter shuts kernels down with a message. If its process has vanished without one, the kernel ends too.
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => ended.Set());
// Ctrl-C in a terminal goes to the whole process group; clients send interrupt messages instead.
using var ignore = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
var parent = Environment.GetEnvironmentVariable("JPY_PARENT_PID");
while (!ended.Wait(TimeSpan.FromSeconds(2)))
{
    if (parent is not null && !Directory.Exists($"/proc/{parent}")) break;
}
// Gives the sockets' thread time to send the last messages.
Thread.Sleep(200);
KernelProcess.Exit(0);
return 0;

NativeOutput Capture(OutputBuffer output)
{
    var native = new NativeOutput(output);
    diagnostics = native.OriginalError;
    return native;
}
