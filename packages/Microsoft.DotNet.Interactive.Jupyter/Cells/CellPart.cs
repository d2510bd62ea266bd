namespace Microsoft.DotNet.Interactive.Jupyter.Cells;

/// <summary>A piece of a cell that is carried out as one.</summary>
internal abstract record CellPart;

/// <summary>Code in one language.</summary>
/// <param name="Code">The whole cell with all that is not of this part blanked, so that lines and columns stay those of the cell.</param>
internal sealed record CodePart(string Language, string Code) : CellPart
{
    /// <summary>The code without the blanked lines around it: for languages that are only shown.</summary>
    public string Text => Code.Trim('\n', ' ', '\r', '\t');
}

/// <summary>A line that tells the kernel something: <c>#!time</c>, <c>#r "path"</c>.</summary>
/// <param name="Name">With its mark: "#!time", "#r".</param>
/// <param name="Arguments">The rest of the line.</param>
/// <param name="Language">That of the code around it.</param>
internal sealed record DirectivePart(string Name, string Arguments, string Language) : CellPart
{
    /// <summary>The arguments as words; quotation marks hold one together.</summary>
    public IReadOnlyList<string> Words
    {
        get
        {
            List<string> words = [];
            int at = 0;
            while (at < Arguments.Length)
            {
                if (char.IsWhiteSpace(Arguments[at]))
                {
                    at++;
                    continue;
                }
                bool quoted = Arguments[at] == '"';
                int end = quoted ? Arguments.IndexOf('"', at + 1) : Arguments.AsSpan(at).IndexOfAny(' ', '\t') is var space and >= 0 ? at + space : Arguments.Length;
                if (end < 0) throw new CellException($"{Name}: the quotation mark is not closed: {Arguments}");
                words.Add(quoted ? Arguments[(at + 1)..end] : Arguments[at..end]);
                at = end + (quoted ? 1 : 0);
            }
            return words;
        }
    }

    /// <summary>The only argument.</summary>
    /// <exception cref="CellException">There is none, or there are several.</exception>
    public string Only(string what) => Words is [var only] ? only : throw new CellException($"{Name} takes {what}, as in {Name} \"...\"");

    /// <summary>The value of an option, as in <c>--name x</c>; null where it is not given.</summary>
    public string? Option(string name)
    {
        var words = Words;
        for (int i = 0; i + 1 < words.Count; i++)
        {
            if (words[i] == name) return words[i + 1];
        }
        return null;
    }
}
