using System.Diagnostics.CodeAnalysis;
using System.Dynamic;
using Microsoft.FSharp.Core;

namespace DynamicObj;

/// <summary>An object whose attributes are set by name: whatever plotly.js knows can be said, whether or not there is a method for it.</summary>
[SuppressMessage("Naming", "CA1724", Justification = "the original's name")]
public class DynamicObj : DynamicObject
{
    private OrderedDictionary<string, object?> attributes = [];

    /// <summary>The attribute, or none.</summary>
    public FSharpOption<object>? TryGetValue(string name) => attributes.TryGetValue(name, out var value) && value is not null ? FSharpOption<object>.Some(value) : null;

    /// <summary>The attribute if it is there and of this type, or none.</summary>
    public FSharpOption<a>? TryGetTypedValue<a>(string name) => attributes.TryGetValue(name, out var value) && value is a typed ? FSharpOption<a>.Some(typed) : null;

    /// <summary>Sets an attribute. Names are plotly.js's: "hovertemplate", "zmin". Values are numbers, texts, truth values, lists, or objects like this one.</summary>
    public void SetValue(string name, object? value) => attributes[name] = value;

    /// <summary>Removes an attribute; says whether it was there.</summary>
    public bool Remove(string name) => attributes.Remove(name);

    /// <summary>The attributes in the order in which they were first set.</summary>
    public IEnumerable<KeyValuePair<string, object?>> GetProperties(bool includeInstanceProperties) => attributes;

    /// <summary>An object of the same class with copies of the objects in it. Lists of data are shared.</summary>
    internal DynamicObj Copy()
    {
        var copy = (DynamicObj)MemberwiseClone();
        copy.attributes = [];
        foreach (var (name, value) in attributes)
            copy.attributes[name] = value is DynamicObj inner ? inner.Copy() : value;
        return copy;
    }

    /// <inheritdoc/>
    public override bool TryGetMember(GetMemberBinder binder, out object? result) => attributes.TryGetValue(binder.Name, out result);

    /// <inheritdoc/>
    public override bool TrySetMember(SetMemberBinder binder, object? value)
    {
        SetValue(binder.Name, value);
        return true;
    }

    /// <inheritdoc/>
    public override IEnumerable<string> GetDynamicMemberNames() => attributes.Keys;
}
