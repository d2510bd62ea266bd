namespace TimeSformer.Cli.Notebooks;

/// <summary>Where the notebooks of the course are, and which of them a name means.</summary>
internal static class NotebookFolder
{
    /// <summary>The folder <c>notebooks</c> here, or else the one of this repository.</summary>
    /// <exception cref="DirectoryNotFoundException">There is neither.</exception>
    public static string Find()
    {
        string[] places = [Path.GetFullPath("notebooks"), Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../notebooks"))];
        return places.FirstOrDefault(Directory.Exists) ?? throw new DirectoryNotFoundException($"there is no folder of notebooks at {string.Join(" or ", places)}; name a notebook by its path");
    }

    /// <summary>The notebooks that names mean: a path, or the beginning of a file name, as 02; without names all, in their order.</summary>
    /// <exception cref="FileNotFoundException">A name means none, or several.</exception>
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
            [] => throw new FileNotFoundException($"{name}: no notebook in {folder} has a name that begins so; there are {string.Join(", ", All(folder).Select(Path.GetFileName))}"),
            _ => throw new FileNotFoundException($"{name} may be {string.Join(" or ", found.Select(Path.GetFileName))}: say more of the name"),
        };
    }

    private static string[] All(string folder) => [.. Directory.GetFiles(folder, "*.ipynb").Order(StringComparer.Ordinal)];
}
