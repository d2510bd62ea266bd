using Microsoft.DotNet.Interactive.Jupyter.CSharp;

namespace Microsoft.DotNet.Interactive.Jupyter.Cells;

/// <summary>Values that one language hands to the other: <c>#!share --from fsharp x</c>, <c>#!set --name y --value @csharp:x</c>.</summary>
internal static class ValueSharing
{
    /// <summary>Carries out one of the two directives for the language of the cell that holds it.</summary>
    public static void Follow(DirectivePart directive, CellRunner runner)
    {
        string source, name, target;
        if (directive.Name == "#!share")
        {
            source = directive.Option("--from") ?? throw new CellException("#!share: name the language that has the value, as in #!share --from fsharp x");
            name = directive.Words.Where((word, i) => !word.StartsWith("--", StringComparison.Ordinal) && (i == 0 || !directive.Words[i - 1].StartsWith("--", StringComparison.Ordinal))).SingleOrDefault()
                ?? throw new CellException("#!share: name one value, as in #!share --from fsharp x");
            target = directive.Option("--as") ?? name;
        }
        else
        {
            target = directive.Option("--name") ?? throw new CellException("#!set: give the new name, as in #!set --name y --value @fsharp:x");
            var value = directive.Option("--value") ?? throw new CellException("#!set: say which value, as in #!set --name y --value @fsharp:x");
            if (!value.StartsWith('@') || value.Split(':', 2) is not [var language, var other]) throw new CellException($"#!set: {value}: name a language and a value, as in @fsharp:x");
            (source, name) = (language[1..], other);
        }
        Give(runner, directive.Language, target, Take(runner, source, name, directive.Name), directive.Name);
    }

    private static object Take(CellRunner runner, string language, string name, string directive)
    {
        object? value = null;
        bool found = language switch
        {
            "csharp" => runner.CSharp.Variables().FirstOrDefault(variable => variable.Name == name) is { Name: not null } variable && (value = variable.Value) is var _,
            "fsharp" => runner.FSharp.TryGet(name, out value),
            _ => throw new CellException($"{directive}: values are shared between csharp and fsharp, not with {language}"),
        };
        if (!found) throw new CellException($"{directive}: {language} has no value named {name}");
        return value ?? throw new CellException($"{directive}: {name} is null in {language}: there is nothing to share");
    }

    private static void Give(CellRunner runner, string language, string name, object value, string directive)
    {
        switch (language)
        {
            case "csharp":
                if (!Microsoft.CodeAnalysis.CSharp.SyntaxFacts.IsValidIdentifier(name)) throw new CellException($"{directive}: {name} is no name in C#");
                Declare(runner.CSharp, name, value);
                break;
            case "fsharp":
                runner.FSharp.Set(name, value);
                break;
            default:
                throw new CellException($"{directive}: values are shared between csharp and fsharp, not with {language}");
        }
    }

    // As what it is where C# can name its type, else dynamically.
    private static void Declare(ScriptSession session, string name, object value)
    {
        Notebooks.Cell.Shared = value;
        Submission declaration;
        try
        {
            var type = TypeNames.Of(TypeNames.Visible(value.GetType()));
            declaration = session.Prepare($"{type} {name} = ({type})global::Notebooks.Cell.Shared;", name);
        }
        catch (CompilationException)
        {
            declaration = session.Prepare($"dynamic {name} = global::Notebooks.Cell.Shared;", name);
        }
        session.Run(declaration);
        Notebooks.Cell.Shared = null;
    }
}
