namespace TimeSformer.Jupyter.Tests;

/// <summary>Whatever a cell does wrong, the kernel keeps running and keeps the variables of earlier cells.</summary>
[Collection(SharedKernel.Name)]
public sealed class WrongCellTests(SharedKernel shared)
{
    private readonly KernelClient kernel = shared.Client;

    // Runs the cell after one that declares a variable and before one that uses it.
    private Answer Wrong(string code)
    {
        Assert.Equal("ok", kernel.Execute("var kept = new List<int> { 6, 7 };").Status);
        var answer = kernel.Execute(code);
        Assert.Equal("error", answer.Status);
        Assert.Equal("42", kernel.Execute("kept.Add(0); kept[0] * kept[1]").Value);
        Assert.Equal("3", kernel.Execute("kept.Count").Value);
        return answer;
    }

    [Theory]
    [InlineData("int x = \"text\";", "CS0029")]
    [InlineData("kept.Missing()", "CS1061")]
    [InlineData("var kept = 1; if (", "CS1026")]
    [InlineData("var kept = 2; int unknown = \"text\";", "CS0029")]
    [InlineData("unknown", "CS0103")]
    public void A_cell_that_does_not_compile(string code, string expected) => Assert.Contains(expected, Wrong(code).Trace);

    [Theory]
    [InlineData("int.Parse(\"no number\")", "System.FormatException")]
    [InlineData("new[] { 1 }.Select(n => n / (n - 1)).ToList()", "System.DivideByZeroException")]
    [InlineData("System.Text.Json.JsonDocument.Parse(\"{\")", "System.Text.Json.JsonReaderException")]
    [InlineData("Parallel.For(0, 1, i => throw new InvalidOperationException());", "System.InvalidOperationException")]
    [InlineData("await Task.Run(() => File.ReadAllText(\"/no/such/file\"))", "System.IO.DirectoryNotFoundException")]
    [InlineData("new byte[int.MaxValue]", "System.OutOfMemoryException")]
    public void An_exception_in_a_library_call(string code, string name) => Assert.Equal(name, (string?)Wrong(code).Reply["ename"]);

    [Theory]
    [InlineData("int Deep(int n) => Deep(n + 1) + 1; Deep(0)")]
    [InlineData("int Odd(int n)\n{\n    return Even(n + 1);\n}\nint Even(int n) { return Odd(n + 1) + 1; }\nEven(0)")]
    [InlineData("class Box { public int Count => Count + 1; } new Box().Count")]
    [InlineData("class Box { public int Count { get => Count; set => Count = value; } } new Box().Count = 1;")]
    [InlineData("class Box { public int this[int i] => this[i + 1] + 1; } new Box()[0]")]
    [InlineData("class Box { public Box(Box other) => new Box(this); } new Box(null)")]
    [InlineData("class Box { public static Box operator +(Box a, Box b) => b + a; } var sum = new Box() + new Box();")]
    [InlineData("class Box { public static implicit operator string(Box box) => (string)box + 1; } string text = new Box();")]
    [InlineData("Func<int, int> f = null; f = n => { return f(n + 1) + 1; }; f(0)")]
    [InlineData("record Node(int Value) { public Node Next { get; set; } } var node = new Node(1); node.Next = node; node.ToString()")]
    public void Endless_recursion(string code)
    {
        var answer = Wrong(code);
        Assert.Equal("System.InsufficientExecutionStackException", (string?)answer.Reply["ename"]);
        var trace = answer.Trace.Split('\n');
        Assert.InRange(trace.Length, 2, 30);
        Assert.EndsWith("deeper calls", trace[1]);
        Assert.Contains(", line ", trace[^1]);
    }

    [Fact]
    public void An_exception_in_a_thread_ends_only_that_thread()
    {
        var answer = kernel.Run("new Thread(() => throw new Exception(\"overboard\")).Start(); Thread.Sleep(500);");
        Assert.Contains("overboard", answer.Printed("stderr"));
    }

    // As libtorch does if TorchSharp does not catch its error.
    [Fact]
    public void The_notebook_shows_why_aborting_native_code_ends_the_kernel()
    {
        using var other = new KernelClient();
        var id = other.Send("execute_request", new() { ["code"] = """
            [System.Runtime.InteropServices.DllImport("libc")] static extern nint write(int file, string text, nint length);
            [System.Runtime.InteropServices.DllImport("libc")] static extern void abort();
            write(2, "terminate called\n  what(): wrong shapes\n", 40);
            abort();
            """ });
        var answer = other.Collect([id])[id];
        Assert.Equal("dead", answer.Status);
        Assert.Contains("Native code crashed, so the kernel is shutting down. Restart it", answer.Printed("stderr"));
        Assert.Contains("what(): wrong shapes", answer.Printed("stderr"));
    }

    [Fact]
    public void An_exception_in_a_task_ends_only_that_task()
    {
        Assert.Equal("ok", kernel.Execute("var kept = 42; _ = Task.Run(() => throw new Exception(\"nobody looks\"));").Status);
        Assert.Equal("42", kernel.Execute("Thread.Sleep(100); GC.Collect(); GC.WaitForPendingFinalizers(); kept").Value);
    }
}
