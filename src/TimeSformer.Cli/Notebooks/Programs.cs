namespace TimeSformer.Cli.Notebooks;

/// <summary>Programs in the PATH.</summary>
internal static class Programs
{
    /// <summary>The path of the browser that draws figures as pictures; null if there is none.</summary>
    public static string? Chromium => Find("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome");

    /// <summary>The path of the first program with one of the names; null if there is none.</summary>
    public static string? Find(params string[] names) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .SelectMany(folder => names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
}
