namespace TimeSformer.Jupyter.Tests;

/// <summary>What C# cells can do, and what they share.</summary>
[Collection(SharedKernel.Name)]
public sealed class CellTests(SharedKernel shared)
{
    private readonly KernelClient kernel = shared.Client;

    [Fact]
    public void Variables_methods_and_types_persist()
    {
        kernel.Run("var x = 40; int Twice(int n) => 2 * n; record Point(int X, int Y);");
        kernel.Run("x++;");
        Assert.Equal("84", kernel.Value("Twice(x + 1)"));
        Assert.Equal("Point { X = 1, Y = 2 }", kernel.Value("new Point(1, 2).ToString()"));
    }

    [Fact]
    public void A_name_can_be_redeclared_with_another_type()
    {
        kernel.Run("var x = 1;");
        kernel.Run("var x = \"text\";");
        Assert.Equal("4", kernel.Value("x.Length"));
    }

    [Fact]
    public void A_cell_can_await()
    {
        Assert.Equal("3", kernel.Value("await Task.Delay(10); var three = await Task.FromResult(3); three"));
        Assert.Equal("3", kernel.Value("three"));
    }

    [Theory]
    [InlineData("1 + 1", "2")]
    [InlineData("Math.Abs(1);", null)]
    [InlineData("var y = 5;", null)]
    [InlineData("Console.Out.Flush()", null)]
    [InlineData("(string)null", "<null>")]
    [InlineData("// only a comment", null)]
    [InlineData("foreach (var i in new[] { 1 }) { int Twice(int x) => 2 * x; Twice(i); }", null)]
    [InlineData("", null)]
    public void The_value_of_a_cell_is_its_last_expression_without_a_semicolon(string code, string? value) =>
        Assert.Equal(value, kernel.Value(code));

    [Fact]
    public void Usings_of_a_cell_apply_to_later_cells()
    {
        kernel.Run("using System.Numerics;\nusing static System.Math;");
        Assert.Equal("3", kernel.Value("Max(new Complex(3, 0).Real, 1)"));
    }

    [Fact]
    public void Assignments_before_an_exception_persist()
    {
        Assert.Contains("half-way", kernel.Fails("var first = 1; throw new Exception(\"half-way\"); var second = 2;").Error);
        Assert.Equal("1", kernel.Value("first"));
        Assert.Equal("0", kernel.Value("second"));
    }

    // The second error follows an inserted checkpoint, which shifts its column in the submitted code.
    [Fact]
    public void A_compilation_error_names_cell_line_and_column_and_marks_the_position()
    {
        var error = kernel.Fails("var a = 1;\n\nint b = \"text\"; while (true) { int c = \"text\"; }");
        Assert.Equal("CompilationError", error.Name);
        Assert.StartsWith($"cell {error.Number}(3,9): error CS0029", error.Error);
        string[] marked = ["    int b = \"text\"; while (true) { int c = \"text\"; }", "            ^^^^^^"];
        Assert.Equal(marked, error.Trace.Split('\n')[1..3]);
        Assert.StartsWith($"cell {error.Number}(3,40): error CS0029", error.Trace.Split('\n')[3]);
    }

    [Fact]
    public void A_stack_trace_has_the_lines_of_cells_and_no_frames_of_the_runtime()
    {
        int first = kernel.Run("int Divide(int a, int b)\n{\n    return a / b;\n}").Number;
        var error = kernel.Fails("// one\nvar all = new[] { 1, 0 }\n    .Select(n => Divide(1, n)).ToArray();");
        Assert.Equal("System.DivideByZeroException", error.Name);
        Assert.Contains($"   at Divide(Int32 a, Int32 b) in cell {first}, line 3: return a / b;", error.Trace);
        Assert.Contains($"cell {error.Number}, line 3: .Select(n => Divide(1, n)).ToArray();", error.Trace);
        foreach (var foreign in new[] { "System.Linq", "MoveNext", "Jupyter", "CodeAnalysis" }) Assert.DoesNotContain(foreign, error.Trace);
    }

    [Fact]
    public void An_exception_after_await_and_inside_a_class_names_its_line()
    {
        var error = kernel.Fails("""
            class Net
            {
                public async Task Train(int n)
                {
                    await Task.Delay(1);
                    throw new InvalidOperationException("diverged");
                }
            }
            await new Net().Train(3);
            """);
        Assert.Contains(error.Trace.Split('\n'), line => line.Contains("Net.Train") && line.Contains($"cell {error.Number}, line 6"));
        Assert.Contains($"cell {error.Number}, line 9", error.Trace);
    }

    [Fact]
    public void The_cause_of_an_exception_is_shown()
    {
        var error = kernel.Fails("try { int.Parse(\"x\"); } catch (Exception e) { throw new InvalidOperationException(\"outer\", e); }");
        Assert.Contains("\ncaused by System.FormatException", error.Trace);
    }

    [Fact]
    public void Displays_come_in_the_order_of_the_code()
    {
        var answer = kernel.Run("display(\"a\"); \"b\".Display(); Console.Write(\"c\"); 3.Display(); \"e\"");
        Assert.Equal(["a", "b", "3"], answer.Of("display_data").Select(display => (string)display["data"]!["text/plain"]!));
        string[] types = ["status", "execute_input", "display_data", "display_data", "stream", "display_data", "execute_result"];
        Assert.Equal(types, answer.Published.Select(message => message.Type));
    }

    [Fact]
    public void Html_is_shown_unchanged()
    {
        string[] shown = ["<b>x</b>", "<script type=\"text/javascript\">go()</script>"];
        Assert.Equal(shown, kernel.Run("display(HTML(\"<b>x</b>\")); Javascript(\"go()\");").Shown);
    }

    [Fact]
    public void A_value_is_shown_in_all_preferred_MIME_types()
    {
        kernel.Run("""
            class Figure { public override string ToString() => "a figure"; }
            Formatter.Register<Figure>(figure => "<i>figure</i>", "text/html");
            Formatter.Register<Figure>(figure => "{\"data\": [1]}", "application/vnd.plotly.v1+json");
            Formatter.SetPreferredMimeTypesFor(typeof(Figure), "text/html", "application/vnd.plotly.v1+json");
            """);
        foreach (var (code, type) in new[] { ("display(new Figure());", "display_data"), ("new Figure()", "execute_result") })
        {
            var data = kernel.Run(code).Of(type).Single()["data"]!;
            Assert.Equal("<i>figure</i>", (string?)data["text/html"]);
            Assert.Equal(1, (int)data["application/vnd.plotly.v1+json"]!["data"]![0]!);
            Assert.Equal("a figure", (string?)data["text/plain"]);
        }
    }

    [Fact]
    public void A_formatter_sees_the_cell_id_as_a_new_object_for_each_run()
    {
        const string identity = "AppContext.GetData(\"TimeSformer.Kernel.CellId\")";
        kernel.Execute($"var one = {identity};", metadata: new() { ["cellId"] = "c1" });
        kernel.Execute($"var two = {identity};", metadata: new() { ["cellId"] = "c1" });
        Assert.Equal("c1", kernel.Value("two"));
        Assert.Equal("True", kernel.Value($"!object.ReferenceEquals(one, two) && {identity} is null"));
    }

    // The checkpoints that the kernel inserts into loops and functions must not change the meaning of code.
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
    [InlineData("class A { int n; public int N { get => n; set => n = value; } public int M\n  => N; } new A { N = 3 }.M", 3)]
    [InlineData("class A { public int this[int i] => i + 1; } new A()[2]", 3)]
    [InlineData("class A { int n; public ref int N => ref n; public A() => n = 1; } var a = new A(); a.N += 2; a.N", 3)]
    [InlineData("class A { public int N; public A() => N = 1; public A(int m) : this() { N += m; } } new A(2).N", 3)]
    [InlineData("struct A { readonly int n; public A(int n) => this.n = n; public readonly int N => n; } new A(3).N", 3)]
    [InlineData("class A { public static implicit operator int(A a) => 3; } int n = new A(); n", 3)]
    [InlineData("record A { public int N { get; init => field = value + 1; } } new A { N = 2 }.N", 3)]
    [InlineData("class A { public event Action E { add { } remove { } } } new A().E += () => { }; 3", 3)]
    [InlineData("IEnumerable<int> Three() { while (true) { yield return 3; } } Three().First()", 3)]
    [InlineData("Func<int, int> f = x => { return x + 1; }; f(2)", 3)]
    [InlineData("System.Linq.Expressions.Expression<Func<int, int>> f = x => x + 1; f.Compile()(2)", 3)]
    [InlineData("int s = 0; if (s == 0) for (;;) if (++s == 3) break; else continue; s", 3)]
    public void Checkpoints_do_not_change_the_meaning_of_code(string code, int value) => Assert.Equal($"{value}", kernel.Value(code));

    [Fact]
    public void No_warnings_are_shown()
    {
        var answer = kernel.Run("#pragma warning disable CS9999\nasync Task<int> Lonely() { int unused; return 1; } await Lonely()");
        Assert.Equal(["status", "execute_input", "execute_result"], answer.Published.Select(message => message.Type));
    }
}
