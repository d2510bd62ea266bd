using System.Text;

namespace TimeSformer.Jupyter;

/// <summary>The Console.Out or Console.Error of cells.</summary>
/// <param name="stream">stdout or stderr.</param>
/// <param name="output">Collects the text.</param>
/// <param name="native">Output of native code, which is drained first to keep the order.</param>
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

/// <summary>The Console.In of cells: reading a line prompts the user.</summary>
/// <param name="prompt">Asks the user for a line.</param>
internal sealed class PromptReader(Func<string> prompt) : TextReader
{
    private string pending = "";

    public override int Peek() => pending.Length > 0 ? pending[0] : -1;

    public override int Read()
    {
        if (pending.Length == 0) pending = ReadLine() + "\n";
        char next = pending[0];
        pending = pending[1..];
        return next;
    }

    public override string? ReadLine()
    {
        if (pending.Length == 0) return prompt();
        var rest = pending.TrimEnd('\n');
        pending = "";
        return rest;
    }
}
