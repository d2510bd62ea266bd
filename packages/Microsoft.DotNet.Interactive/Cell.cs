using Microsoft.DotNet.Interactive;

namespace Notebooks;

/// <summary>The running cell, beyond what .NET Interactive offers (hence the namespace of its own).</summary>
public static class Cell
{
    /// <summary>Cancelled when the user interrupts the cell; outside a notebook never.</summary>
    public static CancellationToken Interrupted => KernelInvocationContext.Current?.CancellationToken ?? default;

    /// <summary>Removes what the cell has displayed and printed.</summary>
    /// <param name="wait">Only when the next output comes, so that nothing flickers.</param>
    public static void ClearOutput(bool wait = false) => KernelInvocationContext.Current?.Host.Clear(wait);
}
