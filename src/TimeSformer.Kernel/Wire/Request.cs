using System.Text.Json.Nodes;
using NetMQ.Sockets;

namespace TimeSformer.Jupyter;

/// <summary>A request of a client, which can be answered, and what the kernel publishes on its account.</summary>
internal sealed class Request(Channels channels, RouterSocket socket, Message message)
{
    public Message Message => message;

    public string Type => message.Type;

    public void Reply(string type, JsonObject content) => channels.Reply(socket, message, type, content);

    public void Publish(string type, JsonObject content) => channels.Publish(type, message.Header, content);

    public void Status(string state) => Publish("status", new() { ["execution_state"] = state });

    /// <summary>Asks the user; see <see cref="Channels.Ask"/>.</summary>
    /// <exception cref="InvalidOperationException">The client said that nobody answers.</exception>
    public string Ask(string prompt, bool isPassword, CancellationToken interrupted) => message.Flag("allow_stdin")
        ? channels.Ask(message, prompt, isPassword, interrupted)
        : throw new InvalidOperationException("the cell asks for input, but nobody is there to answer: the notebook is run by a program");
}
