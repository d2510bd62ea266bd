namespace TimeSformer.Bench.Fuzz;

/// <summary>A reader of files from outside, and valid files to damage.</summary>
/// <param name="Name">What it reads.</param>
/// <param name="FileName">The name under which it gets a file; what it does may depend on it.</param>
/// <param name="Seeds">Valid files.</param>
/// <param name="Read">Reads a file, with all that follows from opening it.</param>
internal sealed record FuzzTarget(string Name, string FileName, IReadOnlyList<byte[]> Seeds, Action<string> Read)
{
    /// <summary>What the format gives a meaning to.</summary>
    public IReadOnlyList<byte[]> Words { get; init; } = [];

    /// <summary>Writes a file around damaged content; by default, the content is the file.</summary>
    public Action<string, byte[]> Write { get; init; } = File.WriteAllBytes;

    /// <summary>Files beside the one that is damaged, by name.</summary>
    public IReadOnlyDictionary<string, byte[]> Beside { get; init; } = new Dictionary<string, byte[]>();

    /// <summary>Whether it may throw an exception; by default, those for input and for what fails outside.</summary>
    public Func<Exception, bool> MayThrow { get; init; } = IsDocumented;

    /// <summary>The longest that an input may take.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Of all inputs, relative to other targets: the slower, the fewer.</summary>
    public double Share { get; init; } = 1;

    /// <summary>The exceptions that are no bugs (docs/architecture.md).</summary>
    public static bool IsDocumented(Exception error) => error is InputException or IOException or UnauthorizedAccessException;
}

/// <summary>An input on which a reader does what it must not.</summary>
/// <param name="Cause">In a line.</param>
/// <param name="File">Where it is kept, for <c>--replay</c>.</param>
internal sealed record FuzzFailure(string Cause, string File);

/// <summary>The outcomes of a target's inputs.</summary>
/// <param name="Accepted">Damaged where it does not matter, or in values alone.</param>
/// <param name="Refused">With a documented exception.</param>
internal sealed record FuzzReport(string Target, int Seed, long Accepted, long Refused, IReadOnlyList<FuzzFailure> Failures)
{
    public long Inputs => Accepted + Refused + Failures.Count;
}
