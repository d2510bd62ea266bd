namespace TimeSformer.Jupyter;

/// <summary>Console.In of cells: a line that is read is asked from the user.</summary>
/// <param name="ask">Asks for a line.</param>
internal sealed class AskingReader(Func<string> ask) : TextReader
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
        if (pending.Length > 0)
        {
            var rest = pending.TrimEnd('\n');
            pending = "";
            return rest;
        }
        return ask();
    }
}
