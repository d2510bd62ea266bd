using System.ComponentModel.DataAnnotations;
using System.Reflection;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace TimeSformer.Training;

/// <summary>Checks the ranges that stand beside a recipe's keys.</summary>
internal static class RecipeRules
{
    /// <summary>Checks every key of a group that has a <see cref="RangeAttribute"/> and a value.</summary>
    /// <param name="group">The group's key: model, data or training.</param>
    /// <param name="values">A record whose properties are the keys.</param>
    /// <exception cref="RecipeException">Names the key, its value and what is allowed.</exception>
    public static void CheckRanges(string group, object values)
    {
        foreach (var property in values.GetType().GetProperties())
        {
            if (property.GetCustomAttribute<RangeAttribute>() is not { } range || property.GetValue(values) is not { } value) continue;
            Require(range.IsValid(value), $"{group}.{KeyOf(property)}", value, Describe(range));
        }
    }

    /// <summary>Throws unless a rule holds.</summary>
    /// <exception cref="RecipeException">It does not.</exception>
    public static void Require(bool holds, string key, object value, string rule)
    {
        if (!holds) throw new RecipeException(FormattableString.Invariant($"{key} is {value}; it must be {rule}"));
    }

    /// <summary>A property's name in YAML.</summary>
    public static string KeyOf(PropertyInfo property) =>
        property.GetCustomAttribute<YamlMemberAttribute>()?.Alias ?? UnderscoredNamingConvention.Instance.Apply(property.Name);

    private static string Describe(RangeAttribute range)
    {
        bool endless = range.Maximum is int.MaxValue or double.MaxValue;
        return (endless, range.MinimumIsExclusive, range.Minimum) switch
        {
            (true, true, 0.0) or (true, false, 1) => "positive",
            (true, _, _) => $"{range.Minimum} or more",
            _ => FormattableString.Invariant(
                $"in {(range.MinimumIsExclusive ? '(' : '[')}{range.Minimum}, {range.Maximum}{(range.MaximumIsExclusive ? ')' : ']')}"),
        };
    }
}
