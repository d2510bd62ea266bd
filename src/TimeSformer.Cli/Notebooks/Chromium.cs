namespace TimeSformer.Cli.Notebooks;

/// <summary>The browser that draws figures as pictures.</summary>
internal static class Chromium
{
    /// <summary>The message if there is none.</summary>
    public const string Missing = "Chromium is missing (Debian package chromium)";

    private static readonly string[] names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

    /// <summary>Its path, or null.</summary>
    public static string? Find() => Programs.Find(names);
}
