using static TorchSharp.torch;

namespace TorchSharp.Tests;

internal static class CoreLiveTensors
{
    /// <summary>Tensors alive now, those that other tests forgot not counted: they are collected first.</summary>
    public static long Count()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Tensor.TotalCount;
    }
}
