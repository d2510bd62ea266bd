using Microsoft.FSharp.Core;

namespace Plotly.NET.CSharp;

/// <summary>A value that may be left out. A value converts to it by itself.</summary>
public readonly record struct Optional<T>(T Value, bool IsSome)
{
    /// <summary>The value, given.</summary>
    public static implicit operator Optional<T>(T Value) => new(Value, true);
}

internal static class OptionalAttributes
{
    /// <summary>The same as F# has it.</summary>
    public static FSharpOption<T>? ToOption<T>(this Optional<T> optional) => optional.IsSome ? FSharpOption<T>.Some(optional.Value) : null;

    /// <summary>Sets an attribute, if a value is given.</summary>
    public static TObject With<TObject, TValue>(this TObject target, string name, Optional<TValue> value)
        where TObject : DynamicObj.DynamicObj => value.IsSome ? target.With(name, (object?)value.Value) : target;

    /// <summary>What is given, copied so that it can be added to, or a new one.</summary>
    public static TObject CopyOrNew<TObject>(this Optional<TObject> optional)
        where TObject : DynamicObj.DynamicObj, new() => optional.IsSome ? (TObject)optional.Value.Copy() : new TObject();
}
