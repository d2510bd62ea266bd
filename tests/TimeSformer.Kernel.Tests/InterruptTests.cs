namespace TimeSformer.Jupyter.Tests;

/// <summary>Interrupts end running cells and report what was lost.</summary>
[Collection(SharedKernel.Name)]
public sealed class InterruptTests(SharedKernel shared) : FolderTests
{
    private readonly KernelClient kernel = shared.Client;

    private (Answer Answer, double Seconds) Interrupted(string code)
    {
        DateTime asked = default;
        var mark = folder.File("mark");
        var answer = kernel.Execute($"File.WriteAllText(\"{mark}\", \"the cell runs\");\n{code}", meanwhile: client =>
        {
            SpinWait.SpinUntil(() => File.Exists(mark), TimeSpan.FromSeconds(30));
            asked = DateTime.UtcNow;
            Assert.Equal("ok", (string?)client.AskOnControl("interrupt_request", [])["status"]);
        });
        return (answer, (DateTime.UtcNow - asked).TotalSeconds);
    }

    [Fact]
    public void A_cell_that_observes_the_token_ends_at_once()
    {
        var (answer, seconds) = Interrupted("""
            int steps = 0;
            while (true) { steps++; await Task.Delay(10, KernelInvocationContext.Current.CancellationToken); }
            """);
        Assert.Equal(("error", "Interrupted"), (answer.Status, answer.Name));
        Assert.InRange(seconds, 0, 4);
        Assert.NotEqual("0", kernel.Execute("steps").Value);
    }

    [Theory]
    [InlineData("while (true) { }")]
    [InlineData("for (long i = 1; ; i++) turns = i;")]
    [InlineData("while (true) { try { Thread.Sleep(50); } catch { } }")]
    [InlineData("Thread.Sleep(Timeout.Infinite);")]
    [InlineData("await Task.Delay(Timeout.Infinite);")]
    [InlineData("Task.Run(async () => { await Task.Delay(-1); }).Wait();")]
    [InlineData("int Fib(int n) => n < 2 ? n : Fib(n - 1) + Fib(n - 2); Fib(70)")]
    public void A_cell_that_ignores_the_token_is_aborted_and_the_notebooks_state_survives(string code)
    {
        kernel.Execute("var kept = 42; long turns = 0;");
        var (answer, seconds) = Interrupted(code);
        Assert.Equal("Interrupted", (string?)answer.Reply["ename"]);
        Assert.Contains("intact", answer.Error);
        Assert.InRange(seconds, 1, 10);
        Assert.Equal("42", kernel.Execute("kept").Value);
    }

    [Fact]
    public void Native_code_that_does_not_return_is_abandoned()
    {
        var (answer, seconds) = Interrupted("""
            [System.Runtime.InteropServices.DllImport("libc")] static extern int usleep(uint microseconds);
            var before = 1;
            usleep(20_000_000);
            """);
        Assert.Contains("continues in the background", answer.Error);
        Assert.InRange(seconds, 3, 15);
        Assert.Equal("2", kernel.Execute("1 + 1").Value);
    }

    [Fact]
    public void An_interrupt_before_the_cell_has_started_is_not_lost()
    {
        var answer = kernel.Execute("while (true) { }", meanwhile: client =>
        {
            // Once this is answered, the kernel has the cell, whether or not it has started.
            client.Ask("is_complete_request", new() { ["code"] = "1" });
            client.AskOnControl("interrupt_request", []);
        });
        Assert.Equal("Interrupted", answer.Name);
    }

    [Fact]
    public void Without_a_running_cell_an_interrupt_does_nothing()
    {
        Assert.Equal("ok", (string?)kernel.AskOnControl("interrupt_request", [])["status"]);
        Assert.Equal("1", kernel.Execute("1").Value);
    }

    [Fact]
    public void An_interrupt_that_comes_too_late_for_a_cell_does_not_end_the_next()
    {
        var mark = folder.File("mark");
        // The C# has ended, the cell has not.
        var late = kernel.Execute(
            $"KernelInvocationContext.Current.OnComplete(_ => {{ File.WriteAllText(\"{mark}\", \"\"); Thread.Sleep(1000); }});",
            meanwhile: client =>
            {
                SpinWait.SpinUntil(() => File.Exists(mark), TimeSpan.FromSeconds(30));
                client.AskOnControl("interrupt_request", []);
            });
        Assert.Equal("ok", late.Status);
        Assert.Equal("1", kernel.Execute("await Task.Delay(200, KernelInvocationContext.Current.CancellationToken); 1").Value);
    }

    [Fact]
    public void A_question_to_the_user_can_be_interrupted()
    {
        DateTime asked = default;
        var answer = kernel.Execute("await Kernel.GetInputAsync(\"?\")", new() { ["allow_stdin"] = true }, meanwhile: client =>
        {
            Thread.Sleep(500);
            asked = DateTime.UtcNow;
            client.AskOnControl("interrupt_request", []);
        });
        Assert.Equal("Interrupted", (string?)answer.Reply["ename"]);
        Assert.InRange((DateTime.UtcNow - asked).TotalSeconds, 0, 4);
    }
}
