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

    public VideoPolicy Read(ParseResult parsed) => new(parsed.GetValue(AllowTruncated), !parsed.GetValue(RefuseShort));
}
