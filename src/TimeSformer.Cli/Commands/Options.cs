using System.CommandLine.Parsing;
using System.Globalization;
using TimeSformer.Models.Attention;
using TimeSformer.Torch;

namespace TimeSformer.Cli.Commands;

/// <summary>Options that several commands share, and how a command gets them and its action.</summary>
internal static class Options
{
    private static readonly Dictionary<string, AttentionScheme> schemes =
        Enum.GetValues<AttentionScheme>().ToDictionary(scheme => RecipeFile.NameOf(scheme));

    private static readonly (string Ending, double Seconds)[] units = [("ms", 1e-3), ("s", 1), ("m", 60), ("h", 3600)];

    /// <summary>The folder of recipes and studies: the working folder's, or else the one of the program's repository.</summary>
    public static string Experiments =>
        Directory.Exists("experiments") ? "experiments" : Path.GetFullPath("../../../../experiments", AppContext.BaseDirectory);

    public static Option<string> Device() => new("--device") { Description = "cpu, cuda or cuda:N", DefaultValueFactory = _ => "cpu" };

    public static Option<string> Checkpoint() => new("--checkpoint", "--weights")
    {
        Description = "A run or checkpoint of this program, a Hugging Face folder, or a file of published weights", Required = true,
    };

    public static Option<Precision> Precision()
    {
        var option = new Option<Precision>("--precision")
        {
            Description = "Type of the matrix products: float32, or bfloat16, which is faster on processors that have it",
            DefaultValueFactory = _ => Torch.Precision.Float32,
        };
        return option.AcceptOnlyFromAmong("float32", "bfloat16");
    }

    /// <summary>A time from a millisecond on, a day at most by default, in seconds: such as 2, 0.5s, 500ms, 90m or 2h.</summary>
    public static Option<double> Seconds(string name, string description, double? value = null, TimeSpan? most = null)
    {
        var longest = most ?? TimeSpan.FromDays(1);
        var option = new Option<double>(name) { Description = description, CustomParser = Parse };
        if (value is { } usual) option.DefaultValueFactory = _ => usual;
        return option;

        double Parse(ArgumentResult result)
        {
            var text = result.Tokens[0].Value;
            var (ending, unit) = units.FirstOrDefault(unit => text.EndsWith(unit.Ending, StringComparison.Ordinal), ("", 1));
            bool isNumber = double.TryParse(text[..^ending.Length], NumberStyles.Float, CultureInfo.InvariantCulture, out double number);
            if (isNumber && number * unit >= 1e-3 && number * unit <= longest.TotalSeconds) return number * unit;
            result.AddError($"{name} is {text}; it must be a time, such as 1s, 500ms, 90m or 2h, from 1ms to {longest.TotalHours:0}h");
            return 0;
        }
    }

    /// <summary>The folder of a file to write exists.</summary>
    /// <param name="path">The file.</param>
    /// <param name="option">The option that names it.</param>
    /// <exception cref="InputException">It does not.</exception>
    public static void RequireFolderOf(string path, string option)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder)) throw new InputException($"{option} {path}: the folder {folder} does not exist");
    }

    /// <summary>None of the options is given.</summary>
    /// <param name="why">Why it would have no effect, for the message.</param>
    /// <exception cref="InputException">One is.</exception>
    public static void Refuse(ParseResult parsed, string why, params IEnumerable<Option> options)
    {
        var given = options.Where(option => parsed.GetResult(option) is { Implicit: false }).Select(option => option.Name).ToList();
        if (given.Count > 0) throw new InputException($"{string.Join(", ", given)}: {why}; leave {(given.Count > 1 ? "them" : "it")} out");
    }

    public static Option<bool> Json() => new("--json") { Description = "Print one JSON object" };

    public static void Add(this Command command, VideoArguments videos)
    {
        command.Add(videos.Source);
        command.Add(videos.Layout);
        command.Add(videos.Split);
    }

    public static void Add(this Command command, PolicyOptions policy)
    {
        foreach (var option in policy.All) command.Add(option);
    }

    public static void Add(this Command command, ModelOptions model)
    {
        foreach (var option in model.All) command.Add(option);
    }

    public static Command Does(this Command command, Func<ParseResult, CancellationToken, Task<int>> action)
    {
        command.SetAction(action);
        return command;
    }

    public static Command Does(this Command command, Func<ParseResult, CancellationToken, int> action) =>
        command.Does((parsed, cancel) => Task.FromResult(action(parsed, cancel)));

    /// <summary>A number with a least value.</summary>
    /// <typeparam name="T"><c>int</c>, or <c>int?</c> if it may be absent.</typeparam>
    public static Option<T> Count<T>(string name, string description, T value, int least = 1)
    {
        var option = new Option<T>(name) { Description = description };
        if (value is not null) option.DefaultValueFactory = _ => value;
        option.Validators.Add(result =>
        {
            // What is not an integer is refused when it is converted.
            if (result.Tokens is not [var token] || !int.TryParse(token.Value, out int number) || number >= least) return;
            result.AddError($"{name} is {number}; it must be {least} or more");
        });
        return option;
    }

    /// <summary>The scheme by its name in recipes, or by a unique part of it, such as divided or axial.</summary>
    public static Option<AttentionScheme?> Attention() => new("--attention")
    {
        Description = $"Attention scheme: {string.Join(", ", schemes.Keys)}",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value.ToLowerInvariant().Replace('-', '_').Replace(' ', '_');
            if (schemes.TryGetValue(text, out var exact)) return exact;
            var starting = schemes.Where(name => name.Key.StartsWith(text, StringComparison.Ordinal)).ToList();
            var fitting = starting.Count > 0 ? starting : [.. schemes.Where(name => name.Key.Contains(text, StringComparison.Ordinal))];
            if (fitting is [var (_, only)]) return only;
            result.AddError($"unknown attention scheme '{text}'; the schemes are {string.Join(", ", schemes.Keys)}");
            return null;
        },
    };
}
