using System.Text;

namespace TimeSformer.Jupyter;

/// <summary>Collects the output of cells for some milliseconds, in order, so that many short lines become few messages.</summary>
internal sealed class OutputBuffer : IDisposable
{
    private const int Full = 8192;
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(50);

    private readonly Action<string, string> publish;
    private readonly StringBuilder text = new();
    private readonly Timer timer;
    private string stream = "stdout";

    /// <param name="publish">Receives the name of the stream and the text.</param>
    public OutputBuffer(Action<string, string> publish)
    {
        this.publish = publish;
        timer = new Timer(_ => Flush());
    }

    public void Write(string name, string added)
    {
        if (added.Length == 0) return;
        lock (text)
        {
            if (text.Length > 0 && name != stream) Flush();
            if (text.Length == 0) timer.Change(Delay, Timeout.InfiniteTimeSpan);
            stream = name;
            text.Append(added);
            if (text.Length >= Full) Flush();
        }
    }

    public void Flush()
    {
        lock (text)
        {
            if (text.Length == 0) return;
            publish(stream, text.ToString());
            text.Clear();
        }
    }

    public void Dispose() => timer.Dispose();
}
