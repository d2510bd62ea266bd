namespace TimeSformer.Tests;

/// <summary>Tensors that are alive, for tests that none is left to the garbage collector.</summary>
internal static class LiveTensors
{
    /// <summary>The number now, after what other tests left behind has been collected.</summary>
    public static long Settled()
    {
        for (int k = 0; k < 2; k++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        return Tensor.TotalCount;
    }
}
