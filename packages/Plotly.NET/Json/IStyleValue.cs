namespace Plotly.NET;

/// <summary>A value with a name in C# and another form in JSON: StyleParam's values and colours.</summary>
internal interface IStyleValue
{
    /// <summary>A string, number or truth value, or a list of such.</summary>
    object Json { get; }
}
