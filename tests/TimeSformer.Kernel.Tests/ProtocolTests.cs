using System.Text.Json.Nodes;
using NetMQ;
using NetMQ.Sockets;

namespace TimeSformer.Jupyter.Tests;

/// <summary>
/// What jupyter_kernel_test checks beyond <see cref="KernelTests"/>: replies for editors, errors, and signatures.
/// </summary>
[Collection(SharedKernel.Name)]
public sealed class ProtocolTests(SharedKernel shared)
{
    private readonly KernelClient kernel = shared.Client;

    [Fact]
    public void A_completion_reply_has_the_matches_and_the_range_that_they_replace()
    {
        kernel.Execute("var learningRate = 0.1;");
        var reply = kernel.Ask("complete_request", new() { ["code"] = "1 + learn + 2", ["cursor_pos"] = 9 }).Reply;
        Assert.Equal("ok", (string?)reply["status"]);
        Assert.Contains("learningRate", reply["matches"]!.AsArray().Select(match => (string)match!));
        Assert.Equal((4, 9), ((int)reply["cursor_start"]!, (int)reply["cursor_end"]!));
        Assert.NotNull(reply["metadata"]);
    }

    [Fact]
    public void An_inspection_reply_describes_the_symbol_at_the_cursor_if_any()
    {
        kernel.Execute("var learningRate = 0.1;");
        var reply = kernel.Ask("inspect_request", new() { ["code"] = "learningRate", ["cursor_pos"] = 3, ["detail_level"] = 0 }).Reply;
        Assert.Equal(("ok", true), ((string?)reply["status"], (bool)reply["found"]!));
        Assert.Contains("double", (string?)reply["data"]!["text/plain"]);
        reply = kernel.Ask("inspect_request", new() { ["code"] = "nothingOfThisName", ["cursor_pos"] = 3, ["detail_level"] = 0 }).Reply;
        Assert.Equal(("ok", false), ((string?)reply["status"], (bool)reply["found"]!));
    }

    [Theory]
    [InlineData("1 + 1", "complete")]
    [InlineData("while (true) {", "incomplete")]
    [InlineData("int 1x;", "invalid")]
    public void A_completeness_reply_has_the_status(string code, string status) =>
        Assert.Equal(status, kernel.Ask("is_complete_request", new() { ["code"] = code }).Status);

    [Fact]
    public void An_error_is_the_same_in_the_published_message_and_the_reply()
    {
        var answer = kernel.Execute("throw new ArgumentException(\"wrong\");");
        var published = answer.Of("error").Single();
        Assert.Equal("error", answer.Status);
        Assert.Equal("System.ArgumentException", (string?)published["ename"]);
        Assert.Equal("wrong", (string?)published["evalue"]);
        foreach (var part in new[] { "ename", "evalue", "traceback" })
        {
            Assert.True(JsonNode.DeepEquals(published[part], answer.Reply[part]), part);
        }
    }

    [Fact]
    public void A_display_has_its_data_and_a_cell_without_a_value_has_no_result()
    {
        var answer = kernel.Execute("display(HTML(\"<b>x</b>\")); var silent = 1;");
        Assert.Equal("<b>x</b>", (string?)answer.Of("display_data").Single()["data"]!["text/html"]);
        Assert.Empty(answer.Of("execute_result"));
    }

    [Fact]
    public void History_can_be_requested_by_tail_range_and_pattern()
    {
        int number = (int)kernel.Execute("\"first of two\"").Reply["execution_count"]!;
        kernel.Execute("\"second of two\"");
        (int, string)[] both = [(number, "\"first of two\""), (number + 1, "\"second of two\"")];
        Assert.Equal(both, History(new() { ["hist_access_type"] = "tail", ["n"] = 2 }));
        Assert.Equal(both[..1], History(new() { ["hist_access_type"] = "range", ["start"] = number, ["stop"] = number + 1 }));
        Assert.Equal(both, History(new() { ["hist_access_type"] = "search", ["pattern"] = "*of two*", ["n"] = 10 }));

        IEnumerable<(int, string)> History(JsonObject asked) =>
            kernel.Ask("history_request", asked).Reply["history"]!.AsArray().Select(entry => ((int)entry![1]!, (string)entry[2]!));
    }

    [Fact]
    public void A_shutdown_with_a_wrong_signature_is_dropped_and_logged()
    {
        int before = Rejected();
        using var stranger = new DealerSocket(kernel.ControlAddress);
        stranger.SendMultipartBytes(new MessageCodec("guess").Encode([], "shutdown_request", null, new() { ["restart"] = false }));
        Assert.Null(KernelClient.Receive(stranger, 500));
        Assert.False(kernel.WaitForExit(1));
        Assert.Equal("2", kernel.Execute("1 + 1").Value);
        Assert.Equal(before + 1, Rejected());

        int Rejected() => kernel.Log.Split("rejected a message with a wrong signature").Length - 1;
    }

    [SkippableFact]
    public void The_kernel_listens_only_on_the_loopback_address_and_the_given_ports()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "reads /proc");
        var process = $"/proc/{kernel.ProcessId}";
        var sockets = Directory.GetFiles($"{process}/fd").Select(file => new FileInfo(file).LinkTarget).OfType<string>().ToHashSet();
        var listening = new[] { "tcp", "tcp6" }.Select(table => $"{process}/net/{table}").Where(File.Exists)
            .SelectMany(table => File.ReadLines(table).Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields[3] == "0A" && sockets.Contains($"socket:[{fields[9]}]")).Select(fields => fields[1]);
        // 127.0.0.1 in the notation of /proc.
        Assert.Equal(kernel.Ports.Select(port => $"0100007F:{port:X4}").Order(), listening.Order());
    }
}
