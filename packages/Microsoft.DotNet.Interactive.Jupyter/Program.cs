using System.Runtime.InteropServices;
using Microsoft.DotNet.Interactive.Jupyter;
using Microsoft.DotNet.Interactive.Jupyter.Output;
using Microsoft.DotNet.Interactive.Jupyter.Wire;

// A Jupyter kernel for C#. Jupyter starts it with the path of a connection file; `./timesformer kernel install` tells Jupyter about it.
if (args is not [var path])
{
    Console.Error.WriteLine("usage: Microsoft.DotNet.Interactive.Jupyter CONNECTION_FILE   (Jupyter starts it; see ./timesformer kernel install)");
    return 2;
}

TextWriter diagnostics = Console.Error;
using var ended = new ManualResetEventSlim();
try
{
    var connection = ConnectionFile.Read(path);
    var kernel = new JupyterKernel(
        connection,
        output =>
        {
            var native = new NativeOutput(output);
            diagnostics = native.Former;
            return native;
        },
        message => diagnostics.WriteLine($"kernel: {message}"),
        _ => ended.Set());
    kernel.Start();
}
catch (DllNotFoundException)
{
    diagnostics.WriteLine("error: libzmq.so.5 is missing; install it with: sudo apt-get install libzmq5");
    return 2;
}
catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
{
    diagnostics.WriteLine($"error: {error.Message}");
    return 2;
}

// Jupyter ends kernels with a message. Where it vanished without one, nobody needs the kernel any more.
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => ended.Set());
// Ctrl-C in a terminal goes to the whole group; the clients send messages instead.
using var ignore = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
var parent = Environment.GetEnvironmentVariable("JPY_PARENT_PID");
while (!ended.Wait(TimeSpan.FromSeconds(2)))
{
    if (parent is not null && !Directory.Exists($"/proc/{parent}")) break;
}
// The last messages leave on libzmq's own thread.
Thread.Sleep(200);
Process.Exit(0);
return 0;
