namespace Microsoft.DotNet.Interactive.Tests;

/// <summary>What C# cells can do and see of each other.</summary>
public class CellTests
{
    private readonly Notebook notebook = new();

    [Fact]
    public void Variables_methods_and_types_live_on()
    {
        notebook.Run("var x = 40; int Twice(int n) => 2 * n; record Point(int X, int Y);");
        notebook.Run("x++;");
        Assert.Equal(84, notebook.Run("Twice(x + 1)"));
        Assert.Equal("Point { X = 1, Y = 2 }", notebook.Run("new Point(1, 2)")!.ToString());
    }

    [Fact]
    public void A_name_can_be_declared_anew_with_another_type()
    {
        notebook.Run("var x = 1;");
        notebook.Run("var x = \"text\";");
        Assert.Equal(4, notebook.Run("x.Length"));
    }

    [Fact]
    public void A_cell_can_await()
    {
        Assert.Equal(3, notebook.Run("await Task.Delay(10); var three = await Task.FromResult(3); three"));
        Assert.Equal(3, notebook.Run("three"));
    }

    [Theory]
    [InlineData("1 + 1", 2)]
    [InlineData("Math.Abs(1);", null)]
    [InlineData("var y = 5;", null)]
    [InlineData("Console.Out.Flush()", null)]
    [InlineData("(string)null", null)]
    [InlineData("// only a comment", null)]
    public void The_value_of_a_cell_is_its_last_expression_without_a_semicolon(string code, object? value) => Assert.Equal(value, notebook.Run(code));

    [Fact]
    public void Usings_of_a_cell_hold_for_the_cells_that_follow()
    {
        notebook.Run("using System.Numerics;\nusing static System.Math;");
        Assert.Equal(3.0, notebook.Run("Max(new Complex(3, 0).Real, 1)"));
    }

    [Fact]
    public void What_a_cell_that_fails_had_assigned_stays()
    {
        Assert.Contains("half-way", notebook.Fails("var first = 1; throw new Exception(\"half-way\"); var second = 2;").Message);
        Assert.Equal(1, notebook.Run("first"));
        Assert.Equal(0, notebook.Run("second"));
    }

    [Fact]
    public void A_cell_that_does_not_compile_changes_nothing()
    {
        notebook.Run("var x = 1;");
        notebook.Fails("var x = 2; int y = \"text\";");
        Assert.Equal(1, notebook.Run("x"));
        Assert.Contains("CS0103", notebook.Fails("y").Message);
    }

    [Fact]
    public void A_compilation_error_names_cell_line_and_column_and_marks_the_place()
    {
        var error = notebook.Fails("var a = 1;\n\nint b = \"text\";");
        Assert.Equal("CompilationError", error.Name);
        Assert.StartsWith("cell 1(3,9): error CS0029", error.Message);
        Assert.Equal(["    int b = \"text\";", "            ^^^^^^"], error.Trace.Skip(1).Take(2));
    }

    [Fact]
    public void An_exception_names_the_lines_of_the_cells_and_no_frames_of_the_runtime()
    {
        notebook.Run("int Divide(int a, int b)\n{\n    return a / b;\n}");
        var error = notebook.Fails("// one\nvar all = new[] { 1, 0 }\n    .Select(n => Divide(1, n)).ToArray();");
        Assert.Equal("System.DivideByZeroException", error.Name);
        Assert.Contains("   at Divide(Int32 a, Int32 b) in cell 1, line 3: return a / b;", error.Trace);
        Assert.Contains(error.Trace, line => line.EndsWith("cell 2, line 3: .Select(n => Divide(1, n)).ToArray();", StringComparison.Ordinal));
        Assert.DoesNotContain(error.Trace, line => line.Contains("System.Linq", StringComparison.Ordinal) || line.Contains("MoveNext", StringComparison.Ordinal) || line.Contains("Jupyter", StringComparison.Ordinal));
    }

    [Fact]
    public void An_exception_after_await_and_inside_a_class_names_its_line()
    {
        var error = notebook.Fails("class Net\n{\n    public async Task Train(int n)\n    {\n        await Task.Delay(1);\n        throw new InvalidOperationException(\"diverged\");\n    }\n}\nawait new Net().Train(3);");
        Assert.Contains(error.Trace, line => line.Contains("Net.Train", StringComparison.Ordinal) && line.Contains("cell 1, line 6", StringComparison.Ordinal));
        Assert.Contains(error.Trace, line => line.Contains("cell 1, line 9", StringComparison.Ordinal));
    }

    [Fact]
    public void The_cause_of_an_exception_is_told()
    {
        var error = notebook.Fails("try { int.Parse(\"x\"); } catch (Exception e) { throw new InvalidOperationException(\"outer\", e); }");
        Assert.Contains(error.Trace, line => line.StartsWith("caused by System.FormatException", StringComparison.Ordinal));
    }

    [Fact]
    public void Displays_come_in_the_order_of_the_code_and_can_be_updated()
    {
        notebook.Run("var a = display(\"a\"); \"b\".Display(); KernelInvocationContext.Current.Display(3); a.Update(\"A\");");
        Assert.Equal(["A", "b", "<div class=\"dni-plaintext\"><pre>3</pre></div>", "A"], notebook.Shown);
        Assert.Same(notebook.Displays[0], notebook.Displays[3]);
        Assert.True(notebook.Displays[3].IsUpdated);
    }

    [Fact]
    public void Html_is_shown_as_it_is()
    {
        Assert.Equal("<b>x</b>", notebook.Run("HTML(\"<b>x</b>\")")!.ToString());
        notebook.Run("display(HTML(\"<b>x</b>\")); Javascript(\"go()\");");
        Assert.Equal(["<b>x</b>", "<script type=\"text/javascript\">go()</script>"], notebook.Shown);
    }

    [Fact]
    public void A_formatter_that_a_cell_registers_is_used()
    {
        try
        {
            notebook.Run("record Clip(int Frames); Formatter.Register<Clip>(clip => $\"<i>{clip.Frames} frames</i>\", \"text/html\"); display(new Clip(8));");
            Assert.Equal(["<i>8 frames</i>"], notebook.Shown);
        }
        finally
        {
            Formatting.Formatter.ResetToDefault();
        }
    }

    [Fact]
    public void A_cell_sees_the_token_that_interrupts_it()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Equal(true, notebook.Run("KernelInvocationContext.Current.CancellationToken.IsCancellationRequested && Notebooks.Cell.Interrupted.IsCancellationRequested", source.Token));
    }

    // The kernel puts checkpoints into loops and functions; none may change what code means.
    [Theory]
    [InlineData("int s = 0; for (int i = 0; i < 3; i++) s += i; s", 3)]
    [InlineData("int s = 0; foreach (var i in new[] { 1, 2 }) { s += i; } s", 3)]
    [InlineData("int s = 0; foreach (var (a, b) in new[] { (1, 2) }) s += a + b; s", 3)]
    [InlineData("int s = 0; do s++; while (s < 3); s", 3)]
    [InlineData("int s = 0; while (s < 3) // until three\n  s++; // one more\ns", 3)]
    [InlineData("int s = 0; while (true) {\n#if true\n  if (s++ == 2) break;\n#endif\n}\ns", 3)]
    [InlineData("int s = 0; void Add(int n) => s += n; Add(3); s", 3)]
    [InlineData("int s = 0; async Task Add(int n) => s += await Task.FromResult(n); await Add(3); s", 3)]
    [InlineData("async Task<int> Three() => await Task.FromResult(3); await Three()", 3)]
    [InlineData("int s = 3; ref int Three() => ref s; Three()", 3)]
    [InlineData("int Never() => throw new Exception(); 3", 3)]
    [InlineData("class A { public int Three() => 3; public static A operator +(A a, A b) => a; } new A().Three()", 3)]
    [InlineData("class A { int n; public int N { get => n; set => n = value; } public int M\n  => N; public int this[int i] => i + M; } new A { N = 1 }[2]", 3)]
    [InlineData("class A { int n; public ref int N => ref n; public A() => n = 1; public A(int m) : this() { n += m; } } var a = new A(1); a.N++; a.N", 3)]
    [InlineData("struct A { readonly int n; public A(int n) => this.n = n; public static implicit operator A(int n) => new(n); public readonly int N => n; } A a = 3; a.N", 3)]
    [InlineData("record A { public int N { get; init => field = value + 1; } public event Action E { add { } remove { } } } new A { N = 2 }.N", 3)]
    [InlineData("IEnumerable<int> Three() { while (true) { yield return 3; } } Three().First()", 3)]
    [InlineData("Func<int, int> f = x => { return x + 1; }; f(2)", 3)]
    [InlineData("System.Linq.Expressions.Expression<Func<int, int>> f = x => x + 1; f.Compile()(2)", 3)]
    [InlineData("int s = 0; if (s == 0) for (;;) if (++s == 3) break; else continue; s", 3)]
    public void Code_means_what_it_says(string code, object value) => Assert.Equal(value, notebook.Run(code));

    // Roslyn hands the references of a cell on to the next: given again for each cell, they filled a gigabyte in five hundred cells.
    [Fact]
    public void A_hundred_cells_leave_little_behind()
    {
        for (int i = 0; i < 10; i++) notebook.Run($"var v{i} = {i};");
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < 100; i++) notebook.Run($"var v{i} = {i};");
        Assert.InRange((GC.GetTotalMemory(forceFullCollection: true) - before) >> 20, 0, 20);
    }

    [Fact]
    public void After_many_cells_all_variables_are_still_known()
    {
        for (int i = 0; i < 60; i++) notebook.Run($"var v{i} = {i};");
        Assert.Equal(59, notebook.Run("v0 + v59"));
        Assert.Equal(60, notebook.Runner.CSharp.Variables().Count());
    }
}
