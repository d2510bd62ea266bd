using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.DotNet.Interactive.Jupyter.Wire;

namespace Microsoft.DotNet.Interactive.Jupyter.Channels;

/// <summary>The iopub socket, on which all that cells print and display is published. Any thread may send.</summary>
internal sealed class Publisher
{
    // A client that reads slowly must not lose output, nor may one that does not read fill the memory.
    private const int Backlog = 100_000;

    private readonly MessageCodec codec;
    private readonly ZmqSocket socket = new(Zmq.Pub);

    public Publisher(string address, MessageCodec codec)
    {
        this.codec = codec;
        socket.Set(Zmq.SendHighWaterMark, Backlog);
        socket.Bind(address);
    }

    /// <summary>Publishes a message that belongs to the request with this header.</summary>
    public void Send(string type, JsonElement? parent, JsonObject content)
    {
        var frames = codec.Encode(["kernel"u8.ToArray()], type, parent, content);
        lock (socket) socket.Send(frames);
    }

    public void Status(string state, JsonElement? parent) => Send("status", parent, new() { ["execution_state"] = state });
}
