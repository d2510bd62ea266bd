using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.DotNet.Interactive.Jupyter.Wire;

namespace Microsoft.DotNet.Interactive.Jupyter.Channels;

/// <summary>
/// A socket on which requests come and are answered: shell or control. One thread owns it; replies from other threads are handed to that one
/// through a queue, and a pair of sockets inside the process wakes it.
/// </summary>
internal sealed class RequestChannel
{
    private readonly MessageCodec codec;
    private readonly ZmqSocket socket = new(Zmq.Router), wakeUp = new(Zmq.Pair), woken = new(Zmq.Pair);
    private readonly ConcurrentQueue<List<byte[]>> replies = new();

    public RequestChannel(string name, string address, MessageCodec codec)
    {
        this.codec = codec;
        Name = name;
        socket.Set(Zmq.RouterHandover, 1);
        socket.Bind(address);
        woken.Bind($"inproc://{name}");
        wakeUp.Connect($"inproc://{name}");
    }

    public string Name { get; }

    /// <summary>Starts to receive. The handler runs on the channel's thread and must not block.</summary>
    public void Start(Action<Message> handle, Action<string> refuse) =>
        new Thread(() => Receive(handle, refuse)) { IsBackground = true, Name = Name }.Start();

    /// <summary>Answers a request.</summary>
    public void Reply(Message request, string type, JsonObject content)
    {
        replies.Enqueue(codec.Encode(request.Identities, type, request.Header, content));
        lock (wakeUp) wakeUp.Send([[]]);
    }

    private void Receive(Action<Message> handle, Action<string> refuse)
    {
        while (true)
        {
            var ready = ZmqSocket.Poll([socket, woken], -1);
            if (ready[1]) woken.Receive(0);
            while (replies.TryDequeue(out var reply)) socket.Send(reply);
            if (!ready[0] || socket.Receive(0) is not { } frames) continue;
            Message message;
            try
            {
                message = codec.Decode(frames);
            }
            catch (WireException error)
            {
                refuse($"{Name}: refused {error.Message}");
                continue;
            }
            handle(message);
        }
    }
}
