using System.Globalization;
using System.Text.RegularExpressions;

namespace TimeSformer.Data.Layouts;

/// <summary>
/// UT-Interaction (SDHA 2010), segmented: files INDEX_SEQUENCE_LABEL.avi of ten recorded sequences a set. Clips of one sequence are alike,
/// so split N of set 1 (1 to 5) and of set 2 (6 to 10) holds out two whole sequences of its set: 2N - 1 and 2N.
/// </summary>
public static partial class UtInteraction
{
    /// <summary>Folds of both sets.</summary>
    public const int Splits = 10;

    private const int SequencesOfSet = 10, SequencesHeldOut = 2;

    /// <summary>The interactions by label.</summary>
    public static IReadOnlyList<string> Classes { get; } = ["handshake", "hug", "kick", "point", "punch", "push"];

    private static readonly EnumerationOptions below = new() { RecurseSubdirectories = true, MaxRecursionDepth = 3 };

    internal static VideoList Read(string root, DatasetPart part, int split)
    {
        int first = FirstHeldOut(split), set = SetOf(first);
        var videos = from video in Videos(root)
                     where SetOf(video.Sequence) == set
                     let heldOut = video.Sequence >= first && video.Sequence < first + SequencesHeldOut
                     where heldOut == (part is DatasetPart.Val)
                     orderby video.Sequence, video.Index
                     select new VideoItem(video.Path, video.Label);
        return VideoList.Of($"{root}, set {set + 1}", videos, Classes);
    }

    /// <summary>The splits of the sets that a folder holds.</summary>
    public static IEnumerable<int> FoldsOf(string root)
    {
        var sets = Videos(root).Select(video => SetOf(video.Sequence)).ToHashSet();
        return Enumerable.Range(1, Splits).Where(split => sets.Contains(SetOf(FirstHeldOut(split))));
    }

    /// <summary>Whether a folder holds files with such names.</summary>
    public static bool Has(string root) => Directory.Exists(root) && Videos(root).Any();

    private static IEnumerable<(string Path, int Index, int Sequence, int Label)> Videos(string root) =>
        from path in Directory.EnumerateFiles(root, "*.avi", below)
        let name = Name().Match(Path.GetFileName(path))
        where name.Success
        select (path, Number(name, 1), Number(name, 2), Number(name, 3));

    // Sets count from 0, sequences from 1.
    private static int SetOf(int sequence) => (sequence - 1) / SequencesOfSet;

    private static int FirstHeldOut(int split) => (SequencesHeldOut * (split - 1)) + 1;

    private static int Number(Match name, int group) => int.Parse(name.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(\d{1,3})_([1-9]|1\d|20)_([0-5])\.avi$", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
