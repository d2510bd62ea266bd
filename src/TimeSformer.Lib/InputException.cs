namespace TimeSformer;

/// <summary>
/// An error that the user can correct: a setting is wrong, a file is missing or damaged, a device is not available. The message says in one
/// sentence what is wrong, where, and what to do.
/// </summary>
public class InputException(string message, Exception? cause = null) : Exception(message, cause);
