using System.IO.Enumeration;
using System.Runtime.ExceptionServices;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Utility;

namespace TimeSformer.Jupyter;

/// <summary>Handles clients' requests: cells, completion and inspection in a queue, all others at once, even while a cell runs.</summary>
internal sealed class JupyterKernel : IDisposable
{
    private readonly Channels channels;
    private readonly Session session = new();
    private readonly Executor executor;
    private readonly Editor editor;
    private readonly OutputBuffer output;
    private readonly Action<string> log;
    private readonly Action shutDown;

    /// <param name="capture">Redirects the process's standard output and error into the buffer.</param>
    /// <param name="log">Receives diagnostic lines for the process that started the kernel.</param>
    /// <param name="shutDown">Ends the process.</param>
    public JupyterKernel(ConnectionFile connection, Func<OutputBuffer, NativeOutput?> capture, Action<string> log, Action shutDown)
    {
        (this.log, this.shutDown) = (log, shutDown);
        channels = new(connection, Handle, log);
        output = new((stream, text) =>
            channels.Publish("stream", executor?.Current?.Message.Header, new() { ["name"] = stream, ["text"] = text }));
        var native = capture(output);
        executor = new(session, () =>
        {
            native?.Drain();
            output.Flush();
        });
        editor = new(session);
        // The package replaces the console's writers for each cell, unless another subscriber is present.
        ConsoleOutput.Subscribe(_ => output);
        Console.SetOut(new ConsoleWriter("stdout", output, native));
        Console.SetError(new ConsoleWriter("stderr", output, native));
        Console.SetIn(new PromptReader(() => executor.Ask("", false, KernelInvocationContext.Current?.CancellationToken ?? default)));
    }

    /// <summary>Starts serving requests and returns immediately.</summary>
    public void Start()
    {
        KernelProcess.DelayAbort();
        ExceptionHandling.SetUnhandledExceptionHandler(error =>
        {
            Console.Error.WriteLine($"A thread started by a cell failed: {error}");
            return true;
        });
        channels.Publish("status", null, new() { ["execution_state"] = "starting" });
        executor.Start();
        channels.Start();
    }

    public void Dispose()
    {
        channels.Dispose();
        session.Dispose();
        output.Dispose();
    }

    private void Handle(Request request)
    {
        if (request.Type is "execute_request") executor.Execute(request);
        else if (request.Type is "complete_request" or "inspect_request") executor.Enqueue(request, Answer);
        else Answer(request);
    }

    private void Answer(Request request)
    {
        request.Status("busy");
        var reply = request.Type.Replace("_request", "_reply", StringComparison.Ordinal);
        try
        {
            if (AnswerTo(request) is { } content) request.Reply(reply, content);
        }
        catch (Exception error)
        {
            log($"{request.Type}: {error}");
            var content = new CellError(error.GetType().Name, error.Message).ToJson();
            content["status"] = "error";
            request.Reply(reply, content);
        }
        request.Status("idle");
    }

    // Null if the request has no reply.
    private JsonObject? AnswerTo(Request request)
    {
        var message = request.Message;
        switch (request.Type)
        {
            case "kernel_info_request":
                return Info();
            case "complete_request":
                return editor.Complete(message.Get("code", ""), message.Get("cursor_pos", 0));
            case "inspect_request":
                return editor.Inspect(message.Get("code", ""), message.Get("cursor_pos", 0));
            case "is_complete_request":
                return Completeness.Of(message.Get("code", ""));
            case "history_request":
                return History(message);
            case "comm_info_request":
                return new() { ["status"] = "ok", ["comms"] = new JsonObject() };
            case "comm_open":
                // Widgets are not supported: close the comm at once.
                request.Publish("comm_close", new() { ["comm_id"] = message.Get("comm_id", ""), ["data"] = new JsonObject() });
                return null;
            case "interrupt_request":
                executor.Interrupt();
                return new() { ["status"] = "ok" };
            case "shutdown_request":
                JsonObject farewell() => new() { ["status"] = "ok", ["restart"] = message.Get("restart", false) };
                request.Publish("shutdown_reply", farewell());
                request.Reply("shutdown_reply", farewell());
                shutDown();
                return null;
            case "comm_msg" or "comm_close":
                return null;
            default:
                log($"{request.Type} is not supported");
                return null;
        }
    }

    private static JsonObject Info() => new()
    {
        ["status"] = "ok", ["protocol_version"] = "5.3",
        ["implementation"] = "timesformer-csharp", ["implementation_version"] = "1.0",
        ["language_info"] = new JsonObject
        {
            ["name"] = "C#", ["version"] = LanguageVersion.Latest.MapSpecifiedToEffectiveVersion().ToDisplayString(),
            ["mimetype"] = "text/x-csharp", ["file_extension"] = ".cs", ["pygments_lexer"] = "csharp",
        },
        ["banner"] = $"C# on .NET {Environment.Version}", ["debugger"] = false, ["help_links"] = new JsonArray(),
    };

    private JsonObject History(Message request)
    {
        int start = request.Get("start", 0), stop = request.Get("stop", int.MaxValue), most = request.Get("n", int.MaxValue);
        var pattern = request.Get("pattern", "");
        var cells = request.Get("hist_access_type", "") switch
        {
            "range" => executor.History.Where(cell => cell.Number >= start && cell.Number < stop),
            "search" => executor.History.Where(cell => FileSystemName.MatchesSimpleExpression(pattern, cell.Code, false)).TakeLast(most),
            _ => executor.History.TakeLast(most),
        };
        var entries = cells.Select(cell => new JsonArray(1, cell.Number, cell.Code));
        return new() { ["status"] = "ok", ["history"] = new JsonArray([.. entries]) };
    }
}
