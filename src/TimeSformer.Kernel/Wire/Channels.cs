using System.Collections.Concurrent;
using NetMQ;
using NetMQ.Sockets;

namespace TimeSformer.Jupyter;

/// <summary>A kernel's five sockets. One thread owns them; messages of other threads pass through a queue and keep their order.</summary>
internal sealed class Channels : IDisposable
{
    // Messages kept for a slow client: enough to lose no output, few enough not to fill the memory.
    private const int Backlog = 100_000;

    // Bytes of a message's part; who sends more, which takes no key, loses the connection before the memory is taken.
    private const long LargestPart = 64 << 20;

    private readonly MessageCodec codec;
    private readonly RouterSocket shell = new(), control = new(), input = new();
    private readonly PublisherSocket published = new();
    private readonly ResponseSocket heartbeat = new();
    private readonly NetMQQueue<(IOutgoingSocket Socket, IEnumerable<byte[]> Frames)> outgoing = new();
    private readonly BlockingCollection<string> answers = [];
    private readonly NetMQPoller poller;

    /// <param name="handle">Handles a request from shell or control. Runs on the sockets' thread and must not block.</param>
    /// <param name="log">Receives the reason why a message was rejected.</param>
    public Channels(ConnectionFile connection, Action<Request> handle, Action<string> log)
    {
        codec = new(connection.Key);
        published.Options.SendHighWatermark = Backlog;
        Open(shell, connection.ShellPort, (message, socket) => handle(new(this, socket, message)));
        Open(control, connection.ControlPort, (message, socket) => handle(new(this, socket, message)));
        Open(input, connection.StdinPort, (message, _) => answers.Add(message.Get("value", "")));
        published.Options.MaxMsgSize = heartbeat.Options.MaxMsgSize = LargestPart;
        published.Bind(connection.Address(connection.IopubPort));
        heartbeat.Bind(connection.Address(connection.HbPort));
        heartbeat.ReceiveReady += (_, beat) => beat.Socket.SendMultipartMessage(beat.Socket.ReceiveMultipartMessage());
        outgoing.ReceiveReady += (_, ready) =>
        {
            while (ready.Queue.TryDequeue(out var message, TimeSpan.Zero)) message.Socket.SendMultipartBytes(message.Frames);
        };
        poller = [shell, control, input, heartbeat, outgoing];

        void Open(RouterSocket socket, int port, Action<Message, RouterSocket> use)
        {
            // A client that reconnects with the same identity replaces its old connection.
            socket.Options.RouterHandover = true;
            socket.Options.MaxMsgSize = LargestPart;
            socket.Bind(connection.Address(port));
            socket.ReceiveReady += (_, ready) =>
            {
                try
                {
                    use(codec.Decode(ready.Socket.ReceiveMultipartBytes()), socket);
                }
                catch (WireException error)
                {
                    log($"rejected {error.Message}");
                }
            };
        }
    }

    /// <summary>Starts listening and returns immediately.</summary>
    public void Start() => poller.RunAsync("sockets");

    /// <summary>Publishes a message on behalf of the request with the given header.</summary>
    public void Publish(string type, JsonObject? parent, JsonObject content) =>
        outgoing.Enqueue((published, codec.Encode(["kernel"u8.ToArray()], type, parent, content)));

    /// <summary>Replies to a request on the socket where it arrived.</summary>
    public void Reply(RouterSocket socket, Message request, string type, JsonObject content) =>
        outgoing.Enqueue((socket, codec.Encode(request.Identities, type, request.Header, content)));

    /// <summary>Asks the user of the client that sent a request and waits for the answer.</summary>
    /// <exception cref="OperationCanceledException">The cell was interrupted.</exception>
    public string Ask(Message request, string prompt, bool isPassword, CancellationToken interrupted)
    {
        // Discards answers to interrupted questions.
        while (answers.TryTake(out _)) { }
        Reply(input, request, "input_request", new() { ["prompt"] = prompt, ["password"] = isPassword });
        return answers.Take(interrupted);
    }

    public void Dispose()
    {
        poller.Dispose();
        outgoing.Dispose();
        answers.Dispose();
        foreach (var socket in new NetMQSocket[] { shell, control, input, published, heartbeat }) socket.Dispose();
    }
}
