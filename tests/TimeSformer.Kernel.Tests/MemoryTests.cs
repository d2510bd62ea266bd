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

    // As tensors: a small object before much native memory, which only its finalizer frees.
    private const string Block = """
        public sealed class Block
        {
            public static int Live, Freed;
            private const int Bytes = 40 << 20;
            private readonly nint memory = System.Runtime.InteropServices.Marshal.AllocHGlobal(Bytes);
            public unsafe Block()
            {
                new Span<byte>((void*)memory, Bytes).Fill(1);
                System.Threading.Interlocked.Increment(ref Live);
            }
            public unsafe int First => ((byte*)memory)[0];
            ~Block()
            {
                System.Runtime.InteropServices.Marshal.FreeHGlobal(memory);
                System.Threading.Interlocked.Decrement(ref Live);
                Freed++;
            }
        }
        """;

    [Fact]
    public void Native_memory_that_a_cell_forgets_is_freed_while_it_runs_and_what_variables_hold_is_not()
    {
        using var kernel = new KernelClient();
        kernel.Run(Block);
        kernel.Run("var held = new Block(); var list = new List<Block> { new(), new() }; int most = 0;");
        kernel.Run("""
            for (int i = 0; i < 40; i++)
            {
                var forgotten = new Block();
                most = Math.Max(most, Block.Live);
                System.Threading.Thread.Sleep(20);
            }
            """);
        Assert.InRange(int.Parse(kernel.Value("most")!), 3, 12); // of 40 MB each
        Assert.Equal("3", kernel.Value("held.First + list[0].First + list[1].First"));
    }

    [Fact]
    public void Native_memory_that_cells_forget_is_freed_between_them()
    {
        using var kernel = new KernelClient();
        kernel.Run(Block);
        for (int i = 0; i < 16; i++) kernel.Run("new Block();");
        Assert.InRange(int.Parse(kernel.Value("Block.Live")!), 0, 8);
        Assert.InRange(int.Parse(kernel.Value("Block.Freed")!), 8, 16);
    }
}
