using Microsoft.Data.Analysis.Computations;

namespace Microsoft.Data.Analysis;

// Aggregates leave nulls out; given rows by number they take a null as 0, as GroupBy's do.
public abstract partial class DataFrameColumn
{
    /// <summary>The sum, of the column's type; null if there is no value.</summary>
    public object? Sum() => Aggregate(Computations.Aggregate.Sum);

    /// <summary>The sum over some rows.</summary>
    public object? Sum(IEnumerable<long> rowIndices) => Aggregate(Computations.Aggregate.Sum, rowIndices);

    /// <summary>The product, of the column's type; 1 if there is no value.</summary>
    public object? Product() => Aggregate(Computations.Aggregate.Product);

    /// <summary>The greatest value, or null if there is none.</summary>
    public object? Max() => Aggregate(Computations.Aggregate.Max);

    /// <summary>The greatest value of some rows.</summary>
    public object? Max(IEnumerable<long> rowIndices) => Aggregate(Computations.Aggregate.Max, rowIndices);

    /// <summary>The least value, or null if there is none.</summary>
    public object? Min() => Aggregate(Computations.Aggregate.Min);

    /// <summary>The least value of some rows.</summary>
    public object? Min(IEnumerable<long> rowIndices) => Aggregate(Computations.Aggregate.Min, rowIndices);

    /// <summary>The mean of the values that are there; 0 for an empty column, NaN where all are null.</summary>
    public virtual double Mean() => throw NotDefined(nameof(Mean));

    /// <summary>The value in the middle, or the mean of the two there; 0 if there is no value.</summary>
    public virtual double Median() => throw NotDefined(nameof(Median));

    /// <summary>Absolute values.</summary>
    public virtual DataFrameColumn Abs(bool inPlace = false) => throw NotDefined(nameof(Abs));

    /// <summary>Values rounded to whole numbers, halves to the even one.</summary>
    public virtual DataFrameColumn Round(bool inPlace = false) => throw NotDefined(nameof(Round));

    /// <summary>Each row holds the sum up to it; nulls stay.</summary>
    public DataFrameColumn CumulativeSum(bool inPlace = false) => Cumulate(Computations.Aggregate.Sum, inPlace);

    /// <summary>Each row holds the product up to it; nulls stay.</summary>
    public DataFrameColumn CumulativeProduct(bool inPlace = false) => Cumulate(Computations.Aggregate.Product, inPlace);

    /// <summary>Each row holds the greatest value up to it; nulls stay.</summary>
    public DataFrameColumn CumulativeMax(bool inPlace = false) => Cumulate(Computations.Aggregate.Max, inPlace);

    /// <summary>Each row holds the least value up to it; nulls stay.</summary>
    public DataFrameColumn CumulativeMin(bool inPlace = false) => Cumulate(Computations.Aggregate.Min, inPlace);

    /// <summary>Whether no value is false.</summary>
    public virtual bool All() => throw NotDefined(nameof(All));

    /// <summary>Whether a value is true.</summary>
    public virtual bool Any() => throw NotDefined(nameof(Any));

    /// <summary>Over all values that are there, or over the given rows with 0 for null.</summary>
    internal virtual object? Aggregate(Aggregate aggregate, IEnumerable<long>? rows = null) => throw NotDefined(aggregate.ToString());

    internal virtual DataFrameColumn Cumulate(Aggregate aggregate, bool inPlace) => throw NotDefined("Cumulative" + aggregate);

    /// <summary>A column of the same name and length with its numbers as <typeparamref name="TTo"/>.</summary>
    internal virtual PrimitiveDataFrameColumn<TTo> As<TTo>()
        where TTo : unmanaged => throw new NotSupportedException($"column '{Name}' of {DataType.Name} cannot be combined with {typeof(TTo).Name} values");
}
