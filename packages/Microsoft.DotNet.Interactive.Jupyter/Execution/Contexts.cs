using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.DotNet.Interactive.Jupyter.Wire;

namespace Microsoft.DotNet.Interactive.Jupyter.Execution;

/// <summary>Which request each cell's context belongs to, also when the cell has ended and something of it still prints.</summary>
internal static class Contexts
{
    private static readonly ConditionalWeakTable<KernelInvocationContext, Message> Requests = [];

    public static void Add(KernelInvocationContext context, Message request) => Requests.Add(context, request);

    /// <summary>The header that output of the cell refers to.</summary>
    public static JsonElement? HeaderOf(KernelInvocationContext? context) =>
        context is not null && Requests.TryGetValue(context, out var request) ? request.Header : null;
}
