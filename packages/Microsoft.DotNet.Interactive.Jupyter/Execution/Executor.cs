using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.DotNet.Interactive.Formatting;
using Microsoft.DotNet.Interactive.Jupyter.Cells;
using Microsoft.DotNet.Interactive.Jupyter.Channels;
using Microsoft.DotNet.Interactive.Jupyter.CSharp;
using Microsoft.DotNet.Interactive.Jupyter.Output;
using Microsoft.DotNet.Interactive.Jupyter.Wire;

namespace Microsoft.DotNet.Interactive.Jupyter.Execution;

/// <summary>Executes cells one after the other, in the order in which they come, and tells the clients about it.</summary>
internal sealed class Executor(CellRunner runner, RequestChannel shell, Publisher publisher, InputChannel input, OutputBuffer output, NativeOutput? native)
{
    private readonly BlockingCollection<Message> queue = [];
    private CellThread? running;

    /// <summary>The cells that ran: number and code.</summary>
    public ConcurrentQueue<(int Number, string Code)> History { get; } = new();

    /// <summary>The number of the latest cell.</summary>
    public int Count { get; private set; }

    public void Add(Message request) => queue.Add(request);

    /// <summary>Ends the running cell, if there is one.</summary>
    public void Interrupt() => Volatile.Read(ref running)?.Interrupt();

    public void Start() => new Thread(() =>
    {
        foreach (var request in queue.GetConsumingEnumerable()) Answer(request);
    })
    { IsBackground = true, Name = "executor" }.Start();

    private void Answer(Message request)
    {
        publisher.Status("busy", request.Header);
        var reply = Execute(request);
        // As Jupyter has it: cells that waited for one that failed are not run. Those that come once the failure is known are.
        List<Message> aborted = [];
        if ((string?)reply["status"] == "error" && request.Flag("stop_on_error", true))
        {
            while (queue.TryTake(out var waiting)) aborted.Add(waiting);
        }
        shell.Reply(request, "execute_reply", reply);
        publisher.Status("idle", request.Header);
        foreach (var waiting in aborted) Abort(waiting);
    }

    private void Abort(Message request)
    {
        publisher.Status("busy", request.Header);
        shell.Reply(request, "execute_reply", new() { ["status"] = "aborted", ["execution_count"] = Count });
        publisher.Status("idle", request.Header);
    }

    private JsonObject Execute(Message request)
    {
        var code = request.Text("code").ReplaceLineEndings("\n");
        bool silent = request.Flag("silent"), store = request.Flag("store_history", !silent) && !silent;
        if (store)
        {
            Count++;
            History.Enqueue((Count, code));
        }
        int number = Count;
        if (!silent) publisher.Send("execute_input", request.Header, new() { ["code"] = code, ["execution_count"] = number });

        // For formatters that treat a cell which runs again otherwise than another cell; front ends that give no identity are known by their code.
        AppContext.SetData("Microsoft.DotNet.Interactive.CellId", request.Metadata.TryGetProperty("cellId", out var id) && id.ValueKind is JsonValueKind.String ? id.GetString() : new string(code));
        using var thread = new CellThread();
        using var context = new KernelInvocationContext(Host(request, silent, thread.Token), thread.Token);
        Contexts.Add(context, request);
        Volatile.Write(ref running, thread);
        var value = CellValue.None;
        JsonObject answers = [];
        CellError? error;
        try
        {
            error = Explain(thread.Run(() =>
            {
                context.Enter();
                value = runner.Run(code, $"cell {number}", CellLanguage.Of(request.Metadata));
                if (value.HasValue && !silent) Show(request, number, value.Value);
                answers = Evaluate(request);
            }, context.Stop));
        }
        catch (Exception failure)
        {
            error = ErrorReport.Of(failure, runner.SourceOf);
        }
        finally
        {
            Volatile.Write(ref running, null);
        }
        Settle();

        if (error is null) return new() { ["status"] = "ok", ["execution_count"] = number, ["payload"] = new JsonArray(), ["user_expressions"] = answers };
        if (!silent) publisher.Send("error", request.Header, Describe(error));
        var reply = Describe(error);
        reply["status"] = "error";
        reply["execution_count"] = number;
        return reply;
    }

    /// <summary>Publishes all that has been printed.</summary>
    private void Settle()
    {
        native?.Drain();
        output.Flush();
    }

    private void Show(Message request, int number, object? value)
    {
        var content = Display.Data(value, FormattedValue.CreateManyFromObject(value));
        Settle();
        publisher.Send("execute_result", request.Header, new() { ["execution_count"] = number, ["data"] = content, ["metadata"] = new JsonObject() });
    }

    private CellHost Host(Message request, bool silent, CancellationToken interrupted) => new(
        displayed =>
        {
            if (silent) return;
            var data = Display.Data(displayed.Value, displayed.FormattedValues);
            Settle();
            publisher.Send(displayed.IsUpdated ? "update_display_data" : "display_data", request.Header, new()
            {
                ["data"] = data, ["metadata"] = new JsonObject(), ["transient"] = new JsonObject { ["display_id"] = displayed.DisplayId },
            });
        },
        (prompt, isPassword) =>
        {
            if (!request.Flag("allow_stdin")) throw new InvalidOperationException("the cell asks for input, but nobody is there to answer: the notebook is run by a program");
            Settle();
            return input.Ask(request, prompt, isPassword, interrupted);
        },
        wait =>
        {
            Settle();
            publisher.Send("clear_output", request.Header, new() { ["wait"] = wait });
        });

    // Expressions that a client wants to know after the cell; they change nothing.
    private JsonObject Evaluate(Message request)
    {
        JsonObject answers = [];
        if (!request.Content.TryGetProperty("user_expressions", out var expressions) || expressions.ValueKind != JsonValueKind.Object) return answers;
        foreach (var expression in expressions.EnumerateObject())
        {
            try
            {
                var value = runner.CSharp.Run(runner.CSharp.Prepare(expression.Value.GetString() ?? "", expression.Name), keep: false).Value;
                answers[expression.Name] = new JsonObject
                {
                    ["status"] = "ok", ["data"] = Display.Data(value, FormattedValue.CreateManyFromObject(value)), ["metadata"] = new JsonObject(),
                };
            }
            catch (Exception failure) when (failure is not ThreadInterruptedException)
            {
                var described = Describe(ErrorReport.Of(failure, runner.SourceOf));
                described["status"] = "error";
                answers[expression.Name] = described;
            }
        }
        return answers;
    }

    private static CellError? Explain(InterruptedBy interrupted)
    {
        var message = interrupted switch
        {
            InterruptedBy.Nothing => null,
            InterruptedBy.Token => "The cell was interrupted.",
            InterruptedBy.Force => "The cell was interrupted while it ran. Variables of earlier cells are intact; what the cell itself was working on may be half done.",
            _ => "The cell was interrupted but does not end: it is in native code or in a loop of a library. It goes on in the background until it returns. Variables of earlier cells are intact, its own are lost; restart the kernel to end it.",
        };
        return message is null ? null : new("Interrupted", message, [message]);
    }

    private static JsonObject Describe(CellError error) => new()
    {
        ["ename"] = error.Name, ["evalue"] = error.Message, ["traceback"] = new JsonArray([.. error.Trace.Select(line => JsonValue.Create(line))]),
    };
}
