namespace TimeSformer.Jupyter.Tests;

/// <summary>The memory of a long session.</summary>
public sealed class MemoryTests
{
    // With copies of all earlier references in each cell, five hundred cells took a gigabyte.
    [Fact]
    public void Five_hundred_cells_take_little_memory_and_keep_their_variables()
    {
        using var kernel = new KernelClient();
        kernel.Run("var v0 = 0;");
        long before = Memory();
        for (int i = 1; i < 500; i++) kernel.Run($"var v{i} = {i};");
        Assert.InRange((Memory() - before) >> 20, 0, 100);
        Assert.Equal("499", kernel.Value("v0 + v499"));

        long Memory() => long.Parse(kernel.Value("GC.GetTotalMemory(forceFullCollection: true)")!);
    }
}
