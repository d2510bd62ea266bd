using Microsoft.FSharp.Core;

namespace Plotly.NET;

/// <summary>How factories fill the objects that they make.</summary>
internal static class Attributes
{
    /// <summary>Sets an attribute, if a value is given.</summary>
    public static TObject With<TObject, TValue>(this TObject target, string name, FSharpOption<TValue>? value)
        where TObject : DynamicObj.DynamicObj => value is null ? target : target.With(name, (object?)value.Value);

    /// <summary>Sets an attribute, if the value is not null.</summary>
    public static TObject With<TObject>(this TObject target, string name, object? value)
        where TObject : DynamicObj.DynamicObj
    {
        if (value is not null)
            target.SetValue(name, value is IStyleValue style and not Color ? style.Json : value);
        return target;
    }

    /// <summary>Sets the attributes that the other object has; objects within objects are merged.</summary>
    public static TObject Merge<TObject>(this TObject target, DynamicObj.DynamicObj other)
        where TObject : DynamicObj.DynamicObj
    {
        foreach (var (name, value) in other.GetProperties(true).ToList())
        {
            if (value is DynamicObj.DynamicObj theirs && target.Get<DynamicObj.DynamicObj>(name) is { } mine && mine != theirs)
                mine.Merge(theirs);
            else
                target.SetValue(name, value);
        }
        return target;
    }

    /// <summary>The attribute if it is there and of this type.</summary>
    public static TValue? Get<TValue>(this DynamicObj.DynamicObj source, string name)
        where TValue : class => source.TryGetValue(name)?.Value as TValue;

    /// <summary>The attribute, which is made if it is not there.</summary>
    public static TValue GetOrAdd<TValue>(this DynamicObj.DynamicObj source, string name)
        where TValue : DynamicObj.DynamicObj, new()
    {
        if (source.Get<TValue>(name) is { } present)
            return present;
        var added = new TValue();
        source.SetValue(name, added);
        return added;
    }
}
