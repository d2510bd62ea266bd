using System;
using System.Collections.Generic;
using System.Linq;

namespace TorchSharp;

/// <summary>
/// Owns the tensors that its thread creates while it is the innermost scope, and disposes those that are still with it when it ends.
/// </summary>
public sealed class DisposeScope : IDisposable
{
    // A tensor knows its place here, so that leaving is a swap with the last one.
    private readonly List<torch.Tensor> members = [];
    private readonly DisposeScope? outer;

    internal DisposeScope(DisposeScope? outer) => this.outer = outer;

    public IReadOnlyList<IDisposable> DisposablesView => members;

    public int DisposablesCount => members.Count;

    internal void Add(torch.Tensor tensor)
    {
        tensor.ScopeIndex = members.Count;
        tensor.Scope = this;
        members.Add(tensor);
    }

    internal void Remove(torch.Tensor tensor)
    {
        var last = members[^1];
        members[tensor.ScopeIndex] = last;
        last.ScopeIndex = tensor.ScopeIndex;
        members.RemoveAt(members.Count - 1);
        tensor.Scope = null;
    }

    public bool Contains(IDisposable disposable) => disposable is torch.Tensor tensor && tensor.Scope == this;

    public void Attach(IDisposable disposable) => MoveToOther(this, [disposable]);

    public void Attach(params IDisposable[] disposables) => MoveToOther(this, disposables);

    public IReadOnlyList<IDisposable> Attach(IEnumerable<IDisposable> disposables)
    {
        var all = disposables.ToArray();
        MoveToOther(this, all);
        return all;
    }

    public T Detach<T>(T disposable)
        where T : IDisposable => MoveToOther(null, disposable);

    public (T1 first, T2 second) Detach<T1, T2>(T1 first, T2 second)
        where T1 : IDisposable
        where T2 : IDisposable => MoveToOther(null, first, second);

    public (T1 first, T2 second, T3 third) Detach<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable
        where T2 : IDisposable
        where T3 : IDisposable => MoveToOther(null, first, second, third);

    public void Detach(params IDisposable[] disposables) => MoveToOther(null, disposables);

    public void Detach(IEnumerable<IDisposable> disposables) => MoveToOther(null, disposables);

    public T MoveToOuter<T>(T disposable)
        where T : IDisposable => MoveToOther(outer, disposable);

    public (T1 first, T2 second) MoveToOuter<T1, T2>(T1 first, T2 second)
        where T1 : IDisposable
        where T2 : IDisposable => MoveToOther(outer, first, second);

    public (T1 first, T2 second, T3 third) MoveToOuter<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable
        where T2 : IDisposable
        where T3 : IDisposable => MoveToOther(outer, first, second, third);

    public void MoveToOuter(params IDisposable[] disposables) => MoveToOther(outer, disposables);

    public void MoveToOuter(IEnumerable<IDisposable> disposables) => MoveToOther(outer, disposables);

    public T MoveToOther<T>(DisposeScope? scope, T disposable)
        where T : IDisposable
    {
        (disposable as torch.Tensor)?.MoveTo(scope);
        return disposable;
    }

    public (T1 first, T2 second) MoveToOther<T1, T2>(DisposeScope? scope, T1 first, T2 second)
        where T1 : IDisposable
        where T2 : IDisposable => (MoveToOther(scope, first), MoveToOther(scope, second));

    public (T1 first, T2 second, T3 third) MoveToOther<T1, T2, T3>(DisposeScope? scope, T1 first, T2 second, T3 third)
        where T1 : IDisposable
        where T2 : IDisposable
        where T3 : IDisposable => (MoveToOther(scope, first), MoveToOther(scope, second), MoveToOther(scope, third));

    public void MoveToOther(DisposeScope? scope, params IDisposable[] disposables) => MoveToOther(scope, (IEnumerable<IDisposable>)disposables);

    public void MoveToOther(DisposeScope? scope, IEnumerable<IDisposable> disposables)
    {
        foreach (var disposable in disposables) MoveToOther<IDisposable>(scope, disposable);
    }

    public T DisposeEverythingBut<T>(T keep)
        where T : IDisposable
    {
        DisposeEverythingBut((IDisposable)keep);
        return keep;
    }

    public (T1 first, T2 second) DisposeEverythingBut<T1, T2>(T1 first, T2 second)
        where T1 : IDisposable
        where T2 : IDisposable
    {
        DisposeEverythingBut((IDisposable)first, second);
        return (first, second);
    }

    public (T1 first, T2 second, T3 third) DisposeEverythingBut<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable
        where T2 : IDisposable
        where T3 : IDisposable
    {
        DisposeEverythingBut((IDisposable)first, second, third);
        return (first, second, third);
    }

    public void DisposeEverythingBut(params IDisposable[] keep) => DisposeEverythingBut((IEnumerable<IDisposable>)keep);

    public void DisposeEverythingBut(IEnumerable<IDisposable> inKeep)
    {
        var kept = inKeep.OfType<torch.Tensor>().Where(tensor => tensor.Scope == this).ToArray();
        foreach (var tensor in kept) Remove(tensor);
        DisposeEverything();
        foreach (var tensor in kept) Add(tensor);
    }

    public void DisposeEverything()
    {
        for (int k = members.Count - 1; k >= 0; k--) members[k].Dispose();
    }

    public void MarkAsDisposed(IDisposable disposable)
    {
        if (Contains(disposable)) Remove((torch.Tensor)disposable);
    }

    public void Dispose()
    {
        DisposeEverything();
        DisposeScopeManager.Leave(this, outer);
    }
}

/// <summary>Keeps the innermost scope and the statistics of each thread.</summary>
public class DisposeScopeManager
{
    [ThreadStatic]
    private static DisposeScope? current;

    [ThreadStatic]
    private static ThreadDisposeScopeStatistics? statistics;

    public static ThreadDisposeScopeStatistics Statistics => statistics ??= new ThreadDisposeScopeStatistics();

    internal static DisposeScope? Current => current;

    internal static DisposeScope Enter() => current = new DisposeScope(current);

    internal static void Leave(DisposeScope scope, DisposeScope? outer)
    {
        if (current == scope) current = outer;
    }
}

/// <summary>How many tensors the calling thread has made and let go.</summary>
public class ThreadDisposeScopeStatistics
{
    public long CreatedInScopeCount { get; internal set; }

    public long CreatedOutsideScopeCount { get; internal set; }

    public long DisposedInScopeCount { get; internal set; }

    public long DisposedOutsideScopeCount { get; internal set; }

    public long AttachedToScopeCount { get; internal set; }

    public long DetachedFromScopeCount { get; internal set; }

    public long ThreadTotalLiveCount =>
        CreatedInScopeCount + CreatedOutsideScopeCount - DisposedInScopeCount - DisposedOutsideScopeCount;

    public void Reset() =>
        CreatedInScopeCount = CreatedOutsideScopeCount = DisposedInScopeCount = DisposedOutsideScopeCount =
            AttachedToScopeCount = DetachedFromScopeCount = 0;

    public override string ToString() =>
        $"created {CreatedInScopeCount} in scope and {CreatedOutsideScopeCount} outside, " +
        $"disposed {DisposedInScopeCount} and {DisposedOutsideScopeCount}, live {ThreadTotalLiveCount}";
}

public static partial class torch
{
    public static DisposeScope? CurrentDisposeScope => DisposeScopeManager.Current;

    public static DisposeScope NewDisposeScope() => DisposeScopeManager.Enter();

    public static Tensor WrappedTensorDisposeScope(Func<Tensor> expr)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(expr());
    }
}
