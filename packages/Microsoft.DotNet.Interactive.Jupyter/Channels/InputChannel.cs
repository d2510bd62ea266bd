using Microsoft.DotNet.Interactive.Jupyter.Wire;

namespace Microsoft.DotNet.Interactive.Jupyter.Channels;

/// <summary>The stdin socket, on which a running cell asks the user.</summary>
internal sealed class InputChannel
{
    private readonly MessageCodec codec;
    private readonly ZmqSocket socket = new(Zmq.Router);

    public InputChannel(string address, MessageCodec codec)
    {
        this.codec = codec;
        socket.Set(Zmq.RouterHandover, 1);
        socket.Set(Zmq.RouterMandatory, 1);
        socket.Bind(address);
    }

    /// <summary>Asks the client that sent a request, and waits for the answer.</summary>
    /// <exception cref="OperationCanceledException">The cell was interrupted meanwhile.</exception>
    public string Ask(Message request, string prompt, bool isPassword, CancellationToken interrupted)
    {
        lock (socket)
        {
            // Answers to questions that were given up.
            while (socket.Receive(0) is not null)
            {
            }
            // A client opens its channels one after the other: this one may be a moment late.
            var question = codec.Encode(request.Identities, "input_request", request.Header, new() { ["prompt"] = prompt, ["password"] = isPassword });
            for (int tries = 0; !socket.Send(question); tries++)
            {
                interrupted.ThrowIfCancellationRequested();
                if (tries == 50) throw new InvalidOperationException("the cell asks for input, but its client does not listen for questions");
                Thread.Sleep(100);
            }
            while (true)
            {
                interrupted.ThrowIfCancellationRequested();
                if (socket.Receive(100) is not { } frames) continue;
                try
                {
                    if (codec.Decode(frames) is { Type: "input_reply" } reply) return reply.Text("value");
                }
                catch (WireException)
                {
                    // Not from the user.
                }
            }
        }
    }
}
