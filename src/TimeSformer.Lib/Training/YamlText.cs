using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace TimeSformer.Training;

/// <summary>YAML from outside. YamlDotNet builds what aliases repeat, however much, and is slow where much is nested.</summary>
internal static class YamlText
{
    private const int MaxNodes = 100_000, MaxDepth = 64;

    /// <summary>Checks that a text with all its aliases written out is finite and not huge, and that it is not deep.</summary>
    /// <returns>The text.</returns>
    /// <exception cref="RecipeException">It is not.</exception>
    /// <exception cref="YamlException">It is not YAML.</exception>
    public static string Checked(string text)
    {
        var parser = new Parser(new StringReader(text));
        Dictionary<AnchorName, int> sizes = [];
        Stack<(AnchorName Anchor, int Before)> open = [];
        int nodes = 0;
        while (MoveNext(parser))
        {
            switch (parser.Current)
            {
                case AnchorAlias alias:
                    nodes += sizes.TryGetValue(alias.Value, out int size) ? size : throw new RecipeException(
                        $"line {alias.Start.Line}: the alias *{alias.Value} stands for something unknown or around it");
                    break;
                case NodeEvent { NestingIncrease: > 0 } collection:
                    open.Push((collection.Anchor, nodes++));
                    break;
                case NodeEvent scalar:
                    nodes++;
                    Remember(scalar.Anchor, 1);
                    break;
                case MappingEnd or SequenceEnd:
                    var (anchor, before) = open.Pop();
                    Remember(anchor, nodes - before);
                    break;
            }
            if (open.Count > MaxDepth)
            {
                throw new RecipeException($"line {parser.Current!.Start.Line}: values are nested more than {MaxDepth} deep");
            }
            if (nodes > MaxNodes) throw new RecipeException($"line {parser.Current!.Start.Line}: there are more than {MaxNodes} values");
        }
        return text;

        void Remember(AnchorName anchor, int size)
        {
            if (!anchor.IsEmpty) sizes[anchor] = size;
        }
    }

    // YamlDotNet's parser forgets to say so in YAML's terms.
    private static bool MoveNext(Parser parser)
    {
        try
        {
            return parser.MoveNext();
        }
        catch (InvalidOperationException)
        {
            var (start, end) = (parser.Current?.Start ?? Mark.Empty, parser.Current?.End ?? Mark.Empty);
            throw new YamlException(start, end, "what follows is not YAML");
        }
    }
}
