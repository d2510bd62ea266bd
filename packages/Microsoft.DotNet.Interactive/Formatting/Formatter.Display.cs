namespace Microsoft.DotNet.Interactive.Formatting;

public static partial class Formatter
{
    private static event Action<DisplayedValue>? Displayed;

    /// <summary>Calls back for each display and each update, until the returned object is disposed.</summary>
    public static IDisposable SubscribeToDisplayedValues(Action<DisplayedValue> onEvent)
    {
        Displayed += onEvent;
        return new Subscription(() => Displayed -= onEvent);
    }

    /// <summary>Writes a display's plain text to standard output.</summary>
    public static void WriteToConsole(DisplayedValue displayedValue)
    {
        ArgumentNullException.ThrowIfNull(displayedValue);
        if (displayedValue.FormattedValues is not [var first, ..] all) return;
        Console.WriteLine((all.FirstOrDefault(formatted => formatted.MimeType == PlainTextFormatter.MimeType) ?? first).Value);
    }

    // To the cell that runs, which may be another than the one that showed it first; without a kernel to the console.
    internal static void RaiseFormatterEvent(DisplayedValue displayed)
    {
        Displayed?.Invoke(displayed);
        if (KernelInvocationContext.Current is { } context)
        {
            context.Publish(displayed);
        }
        else if (Displayed is null)
        {
            WriteToConsole(displayed);
        }
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
