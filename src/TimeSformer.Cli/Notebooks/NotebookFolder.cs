namespace TimeSformer.Cli.Notebooks;

/// <summary>Finds the notebooks of the course, all or by name.</summary>
internal static class NotebookFolder
{
    /// <summary>The folder <c>notebooks</c> in the working folder, or else the one of the program's repository.</summary>
    /// <exception cref="InputException">There is neither.</exception>
    public static string Find()
    {
        string[] places = [Path.GetFullPath("notebooks"), Path.GetFullPath("../../../../notebooks", AppContext.BaseDirectory)];
        return places.FirstOrDefault(Directory.Exists)
            ?? throw new InputException($"no folder of notebooks at {string.Join(" or ", places)}; name a notebook by its path");
    }

    /// <summary>Notebooks by name, each a path or the beginning of a file name such as 02; all, in order, if there are no names.</summary>
    /// <exception cref="InputException">A name fits no notebook, or several.</exception>
    public static IReadOnlyList<string> Select(IReadOnlyList<string> names)
    {
        if (names.Count == 0) return All(Find());
        return [.. names.Select(name => File.Exists(name) ? Path.GetFullPath(name) : One(name))];
    }

    private static string One(string name)
    {
        var folder = Find();
        string[] found = [.. All(folder).Where(file => Path.GetFileName(file).StartsWith(name, StringComparison.OrdinalIgnoreCase))];
        return found switch
        {
            [var only] => only,
            [] => throw new InputException($"{name}: no notebook in {folder} has this name; there are {Names(", ", All(folder))}"),
            _ => throw new InputException($"{name} may be {Names(" or ", found)}; give more of the name"),
        };
    }

    private static string Names(string separator, string[] files) => string.Join(separator, files.Select(Path.GetFileName));

    private static string[] All(string folder) => [.. Directory.GetFiles(folder, "*.ipynb").Order(StringComparer.Ordinal)];
}
