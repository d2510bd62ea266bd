using Microsoft.DotNet.Interactive.Jupyter.Wire;

namespace Microsoft.DotNet.Interactive.Jupyter.Channels;

/// <summary>Sends back what comes, so that a client sees that the kernel lives.</summary>
internal static class Heartbeat
{
    public static void Start(string address)
    {
        var socket = new ZmqSocket(Zmq.Rep);
        socket.Bind(address);
        new Thread(() =>
        {
            while (true)
            {
                if (socket.Receive() is { } frames) socket.Send(frames.Count > 0 ? frames : [[]]);
            }
        })
        { IsBackground = true, Name = "heartbeat" }.Start();
    }
}
