using System.Text;

namespace TimeSformer.Jupyter;

/// <summary>The Console.Out or Console.Error of cells. Output of native code is drained first to keep the order.</summary>
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
