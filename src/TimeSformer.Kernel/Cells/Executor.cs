using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;

namespace TimeSformer.Jupyter;

/// <summary>Executes cells one after the other, in the order in which they come, and tells the clients about it.</summary>
internal sealed class Executor
{
    private readonly BlockingCollection<(Request Request, Action<Request> Answer)> queue = [];
    private readonly DisplayIds ids = new();
    private readonly Session session;
    private readonly Action settle;
    private int outstanding;

    /// <param name="settle">Publishes all that has been printed until now.</param>
    public Executor(Session session, Action settle)
    {
        (this.session, this.settle) = (session, settle);
        session.Root.KernelEvents.Subscribe(Publish);
        session.Root.RegisterCommandHandler<RequestInput>((asked, context) =>
        {
            context.Publish(new InputProduced(Ask(asked.Prompt, asked.IsPassword, context.CancellationToken), asked));
            return Task.CompletedTask;
        });
        session.Root.SetDefaultTargetKernelNameForCommand(typeof(RequestInput), session.Root.Name);
    }

    /// <summary>The cells that ran: number and code.</summary>
    public ConcurrentQueue<(int Number, string Code)> History { get; } = new();

    /// <summary>The cell that runs, or else the one that ran last: what is printed belongs to it.</summary>
    public Request? Current { get; private set; }

    /// <summary>The number of the latest cell.</summary>
    public int Count { get; private set; }

    /// <summary>Has a cell executed when those before it are done.</summary>
    public void Execute(Request request)
    {
        Interlocked.Increment(ref outstanding);
        queue.Add((request, Answer));
    }

    /// <summary>Has something else done between cells.</summary>
    public void Enqueue(Request request, Action<Request> answer) => queue.Add((request, answer));

    /// <summary>Ends the running cell, if there is one.</summary>
    public void Interrupt()
    {
        if (outstanding > 0) session.Interrupt();
    }

    public void Start() => new Thread(() =>
    {
        session.WarmUp();
        foreach (var (request, answer) in queue.GetConsumingEnumerable()) answer(request);
    })
    { IsBackground = true, Name = "executor" }.Start();

    /// <summary>Asks the user of the running cell.</summary>
    public string Ask(string prompt, bool isPassword, CancellationToken interrupted)
    {
        settle();
        return Current?.Ask(prompt, isPassword, interrupted) ?? "";
    }

    private void Answer(Request request)
    {
        request.Status("busy");
        var reply = Run(request);
        // As Jupyter has it: cells that waited for one that failed are not run. Those that come once the failure is known are.
        List<(Request Request, Action<Request> Answer)> waiting = [];
        if ((string?)reply["status"] == "error" && request.Message.Flag("stop_on_error", true))
        {
            while (queue.TryTake(out var next)) waiting.Add(next);
        }
        Interlocked.Decrement(ref outstanding);
        request.Reply("execute_reply", reply);
        request.Status("idle");
        foreach (var (next, answer) in waiting)
        {
            if (next.Type == "execute_request") Abort(next);
            else answer(next);
        }
    }

    private void Abort(Request request)
    {
        request.Status("busy");
        Interlocked.Decrement(ref outstanding);
        request.Reply("execute_reply", new() { ["status"] = "aborted", ["execution_count"] = Count });
        request.Status("idle");
    }

    private JsonObject Run(Request request)
    {
        var message = request.Message;
        var code = message.Text("code").ReplaceLineEndings("\n");
        if (!IsSilent(request))
        {
            Count++;
            if (message.Flag("store_history", true)) History.Enqueue((Count, code));
            request.Publish("execute_input", new() { ["code"] = code, ["execution_count"] = Count });
        }
        // For formatters that treat a cell which runs again otherwise than another cell: a new object each time.
        AppContext.SetData("TimeSformer.Kernel.CellId", message.CellId is { } id ? new string(id) : null);
        (Current, session.Interrupted) = (request, null);
        var error = Run(code, message.Language);
        settle();
        if (error is null)
        {
            return new()
            {
                ["status"] = "ok",
                ["execution_count"] = Count,
                ["payload"] = new JsonArray(),
                ["user_expressions"] = new JsonObject(),
            };
        }
        if (!IsSilent(request)) request.Publish("error", Describe(error));
        var reply = Describe(error);
        reply["status"] = "error";
        reply["execution_count"] = Count;
        return reply;
    }

    private CellError? Run(string code, string language)
    {
        try
        {
            var submitted = session.Source.Expand(code, $"cell {Count}", language, Environment.CurrentDirectory);
            var result = session.Root.SendAsync(new SubmitCode(submitted, language)).GetAwaiter().GetResult();
            return result.Events.OfType<CommandFailed>().LastOrDefault() is { } failed
                ? ErrorReport.Of(failed, session.Interrupted?.InterruptedBy ?? InterruptedBy.Nothing, session)
                : null;
        }
        catch (CellException error)
        {
            return new("Error", error.Message, [error.Message]);
        }
    }

    private void Publish(KernelEvent happened)
    {
        if (Current is not { } request || IsSilent(request)) return;
        switch (happened)
        {
            // The compiler takes the return of a function within a block for the cell's own.
            case ReturnValueProduced { Value: null, Command: SubmitCode cell } when !Completeness.EndsInExpression(cell.Code):
                break;
            case ReturnValueProduced value:
                Show("execute_result", value, new() { ["execution_count"] = Count });
                break;
            case DisplayedValueProduced display:
                Show("display_data", display, Identity(ids.Of(display)));
                break;
            case DisplayedValueUpdated display:
                Show("update_display_data", display, Identity(ids.Of(display)));
                break;
        }

        static JsonObject Identity(string? id) => id is null ? [] : new() { ["transient"] = new JsonObject { ["display_id"] = id } };

        void Show(string type, DisplayEvent display, JsonObject content)
        {
            content["data"] = Display.Data(display.Value, display.FormattedValues);
            content["metadata"] = new JsonObject();
            settle();
            request.Publish(type, content);
        }
    }

    private static bool IsSilent(Request request) => request.Message.Flag("silent");

    private static JsonObject Describe(CellError error) => new()
    {
        ["ename"] = error.Name,
        ["evalue"] = error.Message,
        ["traceback"] = new JsonArray([.. error.Trace.Select(line => JsonValue.Create(line))]),
    };
}
