using System.IO.Enumeration;
using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.DotNet.Interactive.Jupyter.Cells;
using Microsoft.DotNet.Interactive.Jupyter.Channels;
using Microsoft.DotNet.Interactive.Jupyter.CSharp;
using Microsoft.DotNet.Interactive.Jupyter.Editing;
using Microsoft.DotNet.Interactive.Jupyter.Execution;
using Microsoft.DotNet.Interactive.Jupyter.Output;
using Microsoft.DotNet.Interactive.Jupyter.Wire;

namespace Microsoft.DotNet.Interactive.Jupyter;

/// <summary>
/// The kernel: five sockets, and what is done with the requests that come on them. Cells wait in the executor's queue; everything else is
/// answered at once, also while a cell runs.
/// </summary>
internal sealed class JupyterKernel
{
    private readonly RequestChannel shell, control;
    private readonly Publisher publisher;
    private readonly Executor executor;
    private readonly CellRunner runner = new();
    private readonly Action<string> log;
    private readonly Action<bool> shutDown;

    /// <param name="capture">Takes over the process's standard output.</param>
    /// <param name="shutDown">Ends the process; true where Jupyter starts it anew.</param>
    public JupyterKernel(ConnectionFile connection, Func<OutputBuffer, NativeOutput?> capture, Action<string> log, Action<bool> shutDown)
    {
        (this.log, this.shutDown) = (log, shutDown);
        var codec = new MessageCodec(connection.Key);
        publisher = new Publisher(connection.Address(connection.IOPub), codec);
        shell = new RequestChannel("shell", connection.Address(connection.Shell), codec);
        control = new RequestChannel("control", connection.Address(connection.Control), codec);
        var input = new InputChannel(connection.Address(connection.Stdin), codec);
        Heartbeat.Start(connection.Address(connection.Heartbeat));
        var output = new OutputBuffer((stream, cell, text) => publisher.Send("stream", Contexts.HeaderOf(cell), new() { ["name"] = stream, ["text"] = text }));
        var native = capture(output);
        executor = new Executor(runner, shell, publisher, input, output, native);
        Console.SetOut(new ConsoleWriter("stdout", output, native));
        Console.SetIn(new AskingReader());
        Console.SetError(new ConsoleWriter("stderr", output, native));
    }

    /// <summary>Starts to serve; returns at once.</summary>
    public void Start()
    {
        publisher.Status("starting", null);
        executor.Start();
        control.Start(request => Handle(control, request), log);
        shell.Start(request => Handle(shell, request), log);
        // The first cell would wait for the compiler to be compiled itself.
        _ = Task.Run(() => new ScriptSession(runner.References) is var other && other.Run(other.Prepare("Enumerable.Range(0, 2).Select(i => $\"{i}\").ToArray()", "warm-up")).HasValue);
    }

    private void Handle(RequestChannel channel, Message request)
    {
        if (request.Type == "execute_request")
        {
            executor.Add(request);
            return;
        }
        publisher.Status("busy", request.Header);
        try
        {
            Answer(channel, request);
        }
        catch (Exception error)
        {
            log($"{request.Type}: {error}");
            channel.Reply(request, request.Type.Replace("_request", "_reply", StringComparison.Ordinal), new()
            {
                ["status"] = "error", ["ename"] = error.GetType().Name, ["evalue"] = error.Message, ["traceback"] = new JsonArray(),
            });
        }
        publisher.Status("idle", request.Header);
    }

    private void Answer(RequestChannel channel, Message request)
    {
        switch (request.Type)
        {
            case "kernel_info_request":
                channel.Reply(request, "kernel_info_reply", Info());
                break;
            case "complete_request":
                channel.Reply(request, "complete_reply", Completion.Of(runner.CSharp, request.Text("code"), request.Number("cursor_pos")));
                break;
            case "inspect_request":
                channel.Reply(request, "inspect_reply", Hover.Of(runner.CSharp, request.Text("code"), request.Number("cursor_pos")));
                break;
            case "is_complete_request":
                channel.Reply(request, "is_complete_reply", Completeness.Of(request.Text("code")));
                break;
            case "history_request":
                channel.Reply(request, "history_reply", History(request));
                break;
            case "comm_info_request":
                channel.Reply(request, "comm_info_reply", new() { ["status"] = "ok", ["comms"] = new JsonObject() });
                break;
            case "comm_open":
                // No widgets: the client is told that its end is closed.
                publisher.Send("comm_close", request.Header, new() { ["comm_id"] = request.Text("comm_id"), ["data"] = new JsonObject() });
                break;
            case "interrupt_request":
                executor.Interrupt();
                channel.Reply(request, "interrupt_reply", new() { ["status"] = "ok" });
                break;
            case "shutdown_request":
                bool restart = request.Flag("restart");
                JsonObject farewell() => new() { ["status"] = "ok", ["restart"] = restart };
                channel.Reply(request, "shutdown_reply", farewell());
                publisher.Send("shutdown_reply", request.Header, farewell());
                shutDown(restart);
                break;
            case "comm_msg" or "comm_close" or "input_reply":
                break;
            default:
                log($"{channel.Name}: {request.Type} is not supported");
                break;
        }
    }

    private static JsonObject Info() => new()
    {
        ["status"] = "ok",
        ["protocol_version"] = "5.3",
        ["implementation"] = "timesformer-csharp",
        ["implementation_version"] = "1.0",
        ["language_info"] = new JsonObject
        {
            ["name"] = "C#",
            ["version"] = LanguageVersion.Latest.MapSpecifiedToEffectiveVersion().ToDisplayString(),
            ["mimetype"] = "text/x-csharp",
            ["file_extension"] = ".cs",
            ["pygments_lexer"] = "csharp",
        },
        ["banner"] = $"C# on .NET {Environment.Version}",
        ["debugger"] = false,
        ["help_links"] = new JsonArray(),
    };

    private JsonObject History(Message request)
    {
        IEnumerable<(int Number, string Code)> cells = executor.History;
        var access = request.Text("hist_access_type");
        if (access == "range")
        {
            int start = request.Number("start"), stop = request.Number("stop", int.MaxValue);
            cells = cells.Where(cell => cell.Number >= start && cell.Number < stop);
        }
        else
        {
            if (access == "search") cells = cells.Where(cell => FileSystemName.MatchesSimpleExpression(request.Text("pattern"), cell.Code, ignoreCase: false));
            cells = cells.TakeLast(request.Number("n", int.MaxValue));
        }
        return new() { ["status"] = "ok", ["history"] = new JsonArray([.. cells.Select(cell => new JsonArray(1, cell.Number, cell.Code))]) };
    }
}
