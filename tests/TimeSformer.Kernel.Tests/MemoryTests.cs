namespace TimeSformer.Jupyter.Tests;

/// <summary>What a long session costs.</summary>
public sealed class MemoryTests
{
    // Given again in each cell, the references of all cells before it filled a gigabyte in five hundred cells.
    [Fact]
    public void Five_hundred_cells_leave_little_behind_and_all_their_variables()
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
