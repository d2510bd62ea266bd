using System.Text;

namespace TimeSformer.Jupyter;

/// <summary>
/// What cells print, gathered for a few milliseconds so that a loop of short lines becomes few messages, in the order in which it was
/// printed.
/// </summary>
internal sealed class OutputBuffer : IDisposable
{
    private const int Full = 8192;
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(50);

    private readonly Action<string, string> publish;
    private readonly StringBuilder text = new();
    private readonly Timer timer;
    private string stream = "stdout";

    /// <param name="publish">Publishes a text: the stream's name, the text.</param>
    public OutputBuffer(Action<string, string> publish)
    {
        this.publish = publish;
        timer = new Timer(_ => Flush());
    }

    public void Write(string name, string what)
    {
        if (what.Length == 0) return;
        lock (text)
        {
            if (text.Length > 0 && name != stream) FlushLocked();
            if (text.Length == 0) timer.Change(Delay, Timeout.InfiniteTimeSpan);
            stream = name;
            text.Append(what);
            if (text.Length >= Full) FlushLocked();
        }
    }

    public void Flush()
    {
        lock (text) FlushLocked();
    }

    private void FlushLocked()
    {
        if (text.Length == 0) return;
        publish(stream, text.ToString());
        text.Clear();
    }

    public void Dispose() => timer.Dispose();
}
