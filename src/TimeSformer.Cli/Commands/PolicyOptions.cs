using TimeSformer.Video;

namespace TimeSformer.Cli.Commands;

/// <summary>Which imperfect videos a command uses.</summary>
internal sealed class PolicyOptions
{
    public Option<bool> AllowTruncated { get; } = new("--allow-truncated")
    {
        Description = "Use the good part of videos that were cut off or decode only in part",
    };

    public Option<bool> RefuseShort { get; } = new("--refuse-short")
    {
        Description = "Refuse videos with fewer frames than a clip; otherwise, frames are repeated",
    };

    public Option<bool> Isolate { get; } = new("--isolate-decode")
    {
        Description = "Decode in processes of their own: a video on which the decoder crashes or hangs counts as broken",
    };

    /// <summary>All of these.</summary>
    public IReadOnlyList<Option> All => [AllowTruncated, RefuseShort, Isolate];

    /// <summary>The policy; an option that the command does not have is off.</summary>
    public VideoPolicy Read(ParseResult parsed) =>
        new(parsed.GetValue(AllowTruncated), !parsed.GetValue(RefuseShort), parsed.GetValue(Isolate));

    /// <summary>A recipe whose videos are decoded as the command or it says.</summary>
    public Recipe Read(ParseResult parsed, Recipe recipe) => parsed.GetValue(Isolate) ? Isolated(recipe) : recipe;

    private static Recipe Isolated(Recipe recipe) => recipe with
    {
        Data = recipe.Data with { IsolateDecode = true },
        Model = recipe.Model with { Pretraining = recipe.Model.Pretraining is { } stage ? Isolated(stage) : null },
    };
}
