namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>A value that is on display; <see cref="Update"/> replaces it in place.</summary>
public class DisplayedValue
{
    public DisplayedValue(object? value, IReadOnlyList<FormattedValue> formattedValues)
    {
        ArgumentNullException.ThrowIfNull(formattedValues);
        Value = value;
        FormattedValues = formattedValues;
    }

    /// <summary>Names the display among all others.</summary>
    public string DisplayId { get; } = Guid.NewGuid().ToString();

    public bool IsUpdated { get; private set; }

    public IReadOnlyList<FormattedValue> FormattedValues { get; private set; }

    public object? Value { get; private set; }

    /// <summary>Shows another value instead, in the same MIME types.</summary>
    public void Update(object? updatedValue)
    {
        IsUpdated = true;
        Value = updatedValue;
        FormattedValues = FormattedValue.CreateManyFromObject(updatedValue, [.. FormattedValues.Select(formatted => formatted.MimeType)]);
        Formatter.RaiseFormatterEvent(this);
    }
}
