using System.Text;

namespace TimeSformer.Jupyter;

/// <summary>Console.Out or Console.Error of cells.</summary>
/// <param name="stream">stdout or stderr.</param>
/// <param name="native">What native code has printed before comes before.</param>
internal sealed class ConsoleWriter(string stream, OutputBuffer output, NativeOutput? native) : TextWriter
{
    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => Add(value.ToString());

    public override void Write(string? value) => Add(value ?? "");

    public override void Write(char[] buffer, int index, int count) => Add(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Add(new string(buffer));

    public override void WriteLine() => Add("\n");

    public override void WriteLine(string? value) => Add(value + "\n");

    public override void WriteLine(ReadOnlySpan<char> buffer) => Add(string.Concat(buffer, "\n"));

    private void Add(string text)
    {
        native?.Drain();
        output.Write(stream, text);
    }
}
