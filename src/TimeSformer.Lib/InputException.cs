namespace TimeSformer;

/// <summary>
/// Something the user can mend: a setting, a file or a device is not as it must be. The message is one sentence that says what, where and
/// what to do.
/// </summary>
public class InputException(string message, Exception? cause = null) : Exception(message, cause);
