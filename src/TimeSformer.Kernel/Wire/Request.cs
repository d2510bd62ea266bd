using NetMQ.Sockets;

namespace TimeSformer.Jupyter;

/// <summary>A client's request, with the means to reply and to publish on its behalf.</summary>
internal sealed class Request(Channels channels, RouterSocket socket, Message message)
{
    public Message Message => message;

    public string Type => message.Type;

    public void Reply(string type, JsonObject content) => channels.Reply(socket, message, type, content);

    public void Publish(string type, JsonObject content) => channels.Publish(type, message.Header, content);

    public void Status(string state) => Publish("status", new() { ["execution_state"] = state });

    /// <summary>Asks the user for input and waits for the answer.</summary>
    /// <exception cref="InvalidOperationException">The client does not support input.</exception>
    /// <exception cref="OperationCanceledException">The cell was interrupted.</exception>
    public string Ask(string prompt, bool isPassword, CancellationToken interrupted) => message.Get("allow_stdin", false)
        ? channels.Ask(message, prompt, isPassword, interrupted)
        : throw new InvalidOperationException("the cell asks for input, but the notebook is run by a program that cannot answer");
}
