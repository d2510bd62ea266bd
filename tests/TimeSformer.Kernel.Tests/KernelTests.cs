using NetMQ;
using NetMQ.Sockets;

namespace TimeSformer.Jupyter.Tests;

/// <summary>A kernel process as its clients see it.</summary>
[Collection(SharedKernel.Name)]
public sealed class KernelTests(SharedKernel shared)
{
    private readonly KernelClient kernel = shared.Client;

    [Fact]
    public void Kernel_info_names_protocol_and_language()
    {
        var info = kernel.Ask("kernel_info_request", []).Reply;
        Assert.Equal("5.3", (string?)info["protocol_version"]);
        var language = info["language_info"]!;
        var named = ((string?)language["name"], (string?)language["file_extension"], (string?)language["mimetype"]);
        Assert.Equal(("C#", ".cs", "text/x-csharp"), named);
    }

    [Fact]
    public void A_cell_is_published_run_and_answered_with_the_same_number()
    {
        var answer = kernel.Run("1 + 1");
        Assert.Equal("2", answer.Value);
        Assert.Equal(["status", "execute_input", "execute_result"], answer.Published.Select(message => message.Type));
        Assert.Equal(answer.Number, (int)answer.Of("execute_input").Single()["execution_count"]!);
        Assert.Equal(answer.Number + 1, kernel.Run("").Number);
    }

    [Fact]
    public void A_silent_cell_publishes_nothing_and_is_not_counted()
    {
        int before = kernel.Run("0").Number;
        var answer = kernel.Execute("var silentOne = 5; silentOne", new() { ["silent"] = true });
        Assert.Equal(["status"], answer.Published.Select(message => message.Type));
        Assert.Equal(before + 1, kernel.Run("silentOne").Number);
    }

    [Theory, InlineData("store_history", false), InlineData("silent", true)]
    public void A_cell_that_the_history_does_not_keep_is_not_counted_and_leaves_the_lines_of_others_in_stack_traces(string key, bool value)
    {
        int number = kernel.Run("int Inverse(int n)\n{\n    return 1 / n;\n}").Number;
        Assert.Equal(number, kernel.Execute("// one\n// two\n\"another\"", new() { [key] = value }).Number);
        var error = kernel.Fails("Inverse(0)");
        Assert.Equal(number + 1, error.Number);
        Assert.Contains($"in cell {number}, line 3: return 1 / n;", error.Trace);
    }

    [Fact]
    public void Output_streams_while_the_cell_runs()
    {
        var answer = kernel.Run("Console.Write(\"a\"); Thread.Sleep(400); Console.Error.Write(\"b\"); Console.Write(\"c\");");
        Assert.Equal("ac", answer.Printed());
        Assert.Equal("b", answer.Printed("stderr"));
        Assert.Equal(["a", "b", "c"], answer.Of("stream").Select(message => (string)message["text"]!));
    }

    [Fact]
    public void Native_output_keeps_its_order()
    {
        var answer = kernel.Execute("""
            [System.Runtime.InteropServices.DllImport("libc")] static extern int puts(string text);
            [System.Runtime.InteropServices.DllImport("libc")] static extern nint write(int file, string text, nint length);
            Console.WriteLine("managed");
            puts("native");
            write(2, "error\n", 6);
            Console.WriteLine("managed again");
            """);
        Assert.Equal("managed\nnative\nmanaged again\n", answer.Printed());
        Assert.Equal("error\n", answer.Printed("stderr"));
    }

    [Fact]
    public void Native_output_may_be_larger_than_a_pipe()
    {
        var answer = kernel.Execute("""
            [System.Runtime.InteropServices.DllImport("libc")] static extern int puts(string text);
            puts(new string('x', 200_000));
            """);
        Assert.Equal(new string('x', 200_000) + "\n", answer.Printed());
    }

    [Fact]
    public void A_display_is_updated_in_place_even_by_a_later_cell()
    {
        var shown = kernel.Execute("var shown = display(\"one\");").Of("display_data").Single();
        var updated = kernel.Execute("shown.Update(\"two\");").Of("update_display_data").Single();
        Assert.Equal((string)shown["transient"]!["display_id"]!, (string)updated["transient"]!["display_id"]!);
        Assert.Equal("two", (string?)updated["data"]!["text/plain"]);
    }

    [Fact]
    public void Cells_queued_behind_a_failed_one_are_aborted()
    {
        string[] cells = ["Thread.Sleep(500); throw new Exception(\"no\");", "var aborted = 1;"];
        string[] sent = [.. cells.Select(code => kernel.Send("execute_request", new() { ["code"] = code }))];
        var answers = kernel.Collect(sent);
        Assert.Equal(["error", "aborted"], sent.Select(id => answers[id].Status));
        Assert.Equal("error", kernel.Execute("aborted").Status);
    }

    [Fact]
    public void Other_requests_are_answered_while_a_cell_runs()
    {
        var running = kernel.Send("execute_request", new() { ["code"] = "Thread.Sleep(2000); 7" });
        var asked = kernel.Send("is_complete_request", new() { ["code"] = "1" });
        Assert.Equal("complete", kernel.Collect([asked], 2)[asked].Status);
        Assert.Equal("ok", kernel.Collect([running])[running].Status);
    }

    [Fact]
    public void A_cell_asks_the_user()
    {
        var answer = kernel.Execute(
            "var name = await Kernel.GetInputAsync(\"Name?\"); var line = Console.ReadLine(); $\"{name}, {line}\"",
            answerInput: prompt => prompt == "Name?" ? "Ada" : "Lovelace");
        Assert.Equal("Ada, Lovelace", answer.Value);
    }

    [Fact]
    public void Asking_for_input_is_an_error_if_the_client_does_not_support_it() =>
        Assert.Contains("asks for input", kernel.Execute("await Kernel.GetInputAsync(\"Name?\")").Error);

    [Fact]
    public void Widgets_are_declined()
    {
        kernel.Send("comm_open", new() { ["comm_id"] = "c1", ["target_name"] = "jupyter.widget", ["data"] = new JsonObject() });
        Assert.Empty(kernel.Ask("comm_info_request", []).Reply["comms"]!.AsObject());
    }

    [Fact]
    public void The_heartbeat_continues_while_a_cell_runs()
    {
        using var client = new DealerSocket(kernel.Address(KernelClient.Heartbeat));
        kernel.Execute("Thread.Sleep(300);", meanwhile: _ =>
        {
            client.SendMultipartBytes([], "ping"u8.ToArray());
            Assert.Equal("ping"u8.ToArray(), KernelClient.Receive(client, 2000)![^1]);
        });
    }

    [Theory]
    [InlineData(KernelClient.Shell, "execute_request")]
    [InlineData(KernelClient.Control, "shutdown_request")]
    public void A_message_with_a_wrong_signature_is_dropped_and_logged(int port, string type)
    {
        int before = Rejected();
        using var stranger = new DealerSocket(kernel.Address(port));
        stranger.SendMultipartBytes(new MessageCodec("guess").Encode([], type, null, new() { ["code"] = "var stolen = 1;" }));
        Assert.Null(KernelClient.Receive(stranger, 500));
        Assert.False(kernel.WaitForExit(1));
        kernel.Fails("stolen");
        Assert.Equal(before + 1, Rejected());

        int Rejected() => kernel.Log.Split("rejected a message with a wrong signature").Length - 1;
    }

    [Theory]
    [InlineData(KernelClient.Shell)]
    [InlineData(KernelClient.Control)]
    [InlineData(KernelClient.Stdin)]
    public void A_message_too_large_for_the_kernel_costs_its_sender_the_connection_and_others_nothing(int port)
    {
        var before = kernel.Log;
        using var stranger = new DealerSocket(kernel.Address(port));
        stranger.SendFrame(new byte[(64 << 20) + 1]);
        Assert.Null(KernelClient.Receive(stranger, 1000));
        Assert.Equal("2", kernel.Value("1 + 1"));
        Assert.DoesNotContain("rejected", kernel.Log[before.Length..]); // it has not arrived
    }

    [SkippableFact]
    public void The_kernel_listens_only_on_the_loopback_address_and_the_given_ports()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "reads /proc");
        var process = $"/proc/{kernel.ProcessId}";
        var sockets = Directory.GetFiles($"{process}/fd").Select(file => new FileInfo(file).LinkTarget).OfType<string>().ToHashSet();
        var listening = new[] { "tcp", "tcp6" }.Select(table => $"{process}/net/{table}").Where(File.Exists)
            .SelectMany(table => File.ReadLines(table).Skip(1)).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields[3] == "0A" && sockets.Contains($"socket:[{fields[9]}]")).Select(fields => fields[1]);
        // 127.0.0.1 in the notation of /proc.
        Assert.Equal(kernel.Ports.Select(port => $"0100007F:{port:X4}").Order(), listening.Order());
    }

    [Fact]
    public void An_error_is_the_same_in_the_published_message_and_the_reply()
    {
        var answer = kernel.Fails("throw new ArgumentException(\"wrong\");");
        Assert.Equal(("System.ArgumentException", "wrong"), (answer.Name, answer.Error));
        string[] parts = ["ename", "evalue", "traceback"];
        Assert.All(parts, part => Assert.True(JsonNode.DeepEquals(answer.Of("error").Single()[part], answer.Reply[part]), part));
    }

    [Fact]
    public void History_can_be_requested_by_tail_range_and_pattern()
    {
        int number = kernel.Run("\"first of two\"").Number;
        kernel.Run("\"second of two\"");
        (int, string)[] both = [(number, "\"first of two\""), (number + 1, "\"second of two\"")];
        Assert.Equal(both, History(new() { ["hist_access_type"] = "tail", ["n"] = 2 }));
        Assert.Equal(both[..1], History(new() { ["hist_access_type"] = "range", ["start"] = number, ["stop"] = number + 1 }));
        Assert.Equal(both, History(new() { ["hist_access_type"] = "search", ["pattern"] = "*of two*", ["n"] = 10 }));

        IEnumerable<(int, string)> History(JsonObject asked) =>
            kernel.Ask("history_request", asked).Reply["history"]!.AsArray().Select(entry => ((int)entry![1]!, (string)entry[2]!));
    }

    [Fact]
    public void The_language_in_a_cells_metadata_is_used()
    {
        var metadata = new JsonObject { ["polyglot_notebook"] = new JsonObject { ["kernelName"] = "html" } };
        Assert.Equal("<b>x</b>", (string?)kernel.Execute("<b>x</b>", metadata: metadata).Of("display_data").Single()["data"]!["text/html"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_kernel_shuts_down_on_request_even_while_a_cell_runs(bool restart)
    {
        using var other = new KernelClient();
        other.Send("execute_request", new() { ["code"] = "while (true) Thread.Sleep(100);" });
        Assert.Equal(restart, (bool)other.AskOnControl("shutdown_request", new() { ["restart"] = restart })["restart"]!);
        Assert.True(other.WaitForExit(10));
    }
}
