using System.Collections.Concurrent;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;

namespace TimeSformer.Jupyter;

/// <summary>Executes cells in the order of their arrival and publishes their results.</summary>
internal sealed class Executor
{
    private readonly BlockingCollection<(Request Request, Action<Request> Answer)> queue = [];
    private readonly DisplayIds ids = new();
    private readonly Session session;
    private readonly Action settle;
    private readonly Lock counting = new();
    private int outstanding, uncounted;

    /// <param name="settle">Publishes everything printed so far.</param>
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

    /// <summary>The executed cells: number and code.</summary>
    public ConcurrentQueue<(int Number, string Code)> History { get; } = new();

    /// <summary>The running cell or, if none runs, the last one; all output belongs to it.</summary>
    public Request? Current { get; private set; }

    /// <summary>The number of the last cell that is kept in the history.</summary>
    public int Count { get; private set; }

    /// <summary>Queues a cell.</summary>
    public void Execute(Request request)
    {
        lock (counting) outstanding++;
        queue.Add((request, Answer));
    }

    /// <summary>Queues another request, to be answered between cells.</summary>
    public void Enqueue(Request request, Action<Request> answer) => queue.Add((request, answer));

    /// <summary>Interrupts the running cell, if any.</summary>
    public void Interrupt()
    {
        lock (counting)
        {
            if (outstanding > 0) session.Interrupt();
        }
    }

    // An interrupt that found no C# to end must not end a later cell's.
    private void End()
    {
        lock (counting)
        {
            if (--outstanding == 0) session.ForgetInterrupt();
        }
    }

    public void Start() => new Thread(() =>
    {
        session.WarmUp();
        foreach (var (request, answer) in queue.GetConsumingEnumerable()) answer(request);
    })
    { IsBackground = true, Name = "executor" }.Start();

    /// <summary>Asks the user for input on behalf of the running cell.</summary>
    public string Ask(string prompt, bool isPassword, CancellationToken interrupted)
    {
        settle();
        return Current?.Ask(prompt, isPassword, interrupted) ?? "";
    }

    private void Answer(Request request)
    {
        request.Status("busy");
        var reply = Run(request);
        // As in Jupyter, cells that were queued when this one failed are aborted; later ones run.
        List<(Request Request, Action<Request> Answer)> waiting = [];
        if ((string?)reply["status"] == "error" && request.Message.Get("stop_on_error", true))
        {
            while (queue.TryTake(out var next)) waiting.Add(next);
        }
        End();
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
        End();
        request.Reply("execute_reply", new() { ["status"] = "aborted", ["execution_count"] = Count });
        request.Status("idle");
    }

    private JsonObject Run(Request request)
    {
        var message = request.Message;
        var code = message.Get("code", "").ReplaceLineEndings("\n");
        bool isCounted = !IsSilent(request) && message.Get("store_history", true);
        if (isCounted) History.Enqueue((++Count, code));
        if (!IsSilent(request)) request.Publish("execute_input", new() { ["code"] = code, ["execution_count"] = Count });
        // Lets formatters distinguish another run of a cell from another cell: each run has a new object.
        AppContext.SetData("TimeSformer.Kernel.CellId", message.CellId is { } id ? new string(id) : null);
        (Current, session.Interrupted) = (request, null);
        var error = Run(code, isCounted ? $"cell {Count}" : $"uncounted cell {++uncounted}", message.Language);
        settle();
        if (error is not null && !IsSilent(request)) request.Publish("error", error.ToJson());
        var reply = error?.ToJson() ?? new JsonObject { ["payload"] = new JsonArray(), ["user_expressions"] = new JsonObject() };
        (reply["status"], reply["execution_count"]) = (error is null ? "ok" : "error", Count);
        return reply;
    }

    private CellError? Run(string code, string name, string language)
    {
        try
        {
            var submitted = session.Source.Expand(code, name, language, Environment.CurrentDirectory);
            var result = session.Root.SendAsync(new SubmitCode(submitted, language)).GetAwaiter().GetResult();
            return result.Events.OfType<CommandFailed>().LastOrDefault() is { } failed
                ? ErrorReport.Of(failed, session.Interrupted?.InterruptedBy ?? InterruptedBy.Nothing, session)
                : null;
        }
        catch (CellException error)
        {
            return new("Error", error.Message, error.Message);
        }
    }

    private void Publish(KernelEvent happened)
    {
        if (Current is not { } request || IsSilent(request)) return;
        switch (happened)
        {
            // The compiler mistakes the value of an expression inside a block for the value of the cell.
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

    private static bool IsSilent(Request request) => request.Message.Get("silent", false);
}
