using System.CommandLine;
using TimeSformer.Models.Attention;
using TimeSformer.Training;

namespace TimeSformer.Cli.Commands;

/// <summary>Options that several commands share.</summary>
internal static class Options
{
    /// <summary>The folder of recipes and studies: the working folder's, or else that of the repository that the program was built from.</summary>
    public static string Experiments => Directory.Exists("experiments")
        ? "experiments"
        : Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../experiments"));

    public static Option<string> Device() => new("--device") { Description = "cpu, cuda or cuda:N", DefaultValueFactory = _ => "cpu" };

    public static Option<string> Checkpoint() => new("--checkpoint") { Description = "A run or checkpoint of ours, a Hugging Face folder, or a file of an official model", Required = true };

    public static Option<int?> Heads() => new("--heads") { Description = "Number of attention heads, where a foreign checkpoint does not tell it and they are not 64 wide" };

    /// <summary>The scheme by its name in recipes, or by a part of it that no other has, such as divided or axial.</summary>
    public static Option<AttentionScheme?> Attention() => new("--attention")
    {
        Description = $"Attention scheme: {string.Join(", ", Enum.GetValues<AttentionScheme>().Select(scheme => RecipeFile.NameOf(scheme)))}",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value.ToLowerInvariant().Replace('-', '_').Replace(' ', '_');
            var names = Enum.GetValues<AttentionScheme>().ToDictionary(scheme => RecipeFile.NameOf(scheme));
            if (names.TryGetValue(text, out var exact)) return exact;
            var starting = names.Where(name => name.Key.StartsWith(text, StringComparison.Ordinal)).ToList();
            var fitting = starting.Count > 0 ? starting : [.. names.Where(name => name.Key.Contains(text, StringComparison.Ordinal))];
            if (fitting is [var (_, only)]) return only;
            result.AddError($"there is no attention scheme '{text}'; the schemes are {string.Join(", ", names.Keys)}");
            return null;
        },
    };
}
