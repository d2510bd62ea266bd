namespace TimeSformer.Jupyter;

/// <summary>A cell that cannot be run as it is written; the text says what and why.</summary>
internal sealed class CellException(string message) : Exception(message);

/// <summary>A cell's failure as the notebook shows it.</summary>
/// <param name="Name">The kind, as a type name.</param>
/// <param name="Message">In one line.</param>
/// <param name="Trace">Lines: the message again, and where it happened.</param>
internal sealed record CellError(string Name, string Message, IReadOnlyList<string> Trace);
