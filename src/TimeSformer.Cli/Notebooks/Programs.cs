namespace TimeSformer.Cli.Notebooks;

/// <summary>Programs of this machine.</summary>
internal static class Programs
{
    /// <summary>The path of the first that a shell would find under one of some names; null where there is none.</summary>
    public static string? Find(params string[] names) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .SelectMany(folder => names.Select(name => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);
}
