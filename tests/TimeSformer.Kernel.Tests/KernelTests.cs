using System.Text.Json.Nodes;
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
        Assert.Equal("C#", (string?)info["language_info"]!["name"]);
        Assert.Equal(".cs", (string?)info["language_info"]!["file_extension"]);
        Assert.Equal("text/x-csharp", (string?)info["language_info"]!["mimetype"]);
    }

    [Fact]
    public void A_cell_is_published_run_and_answered_with_the_same_number()
    {
        var answer = kernel.Execute("1 + 1");
        Assert.Equal("ok", answer.Status);
        Assert.Equal("2", answer.Value);
        Assert.Equal(["status", "execute_input", "execute_result"], answer.Published.Select(message => message.Type));
        Assert.Equal((int)answer.Reply["execution_count"]!, (int)answer.Of("execute_input").Single()["execution_count"]!);
        Assert.Equal((int)answer.Reply["execution_count"]! + 1, (int)kernel.Execute("").Reply["execution_count"]!);
    }

    [Fact]
    public void A_silent_cell_publishes_nothing_and_is_not_counted()
    {
        int before = (int)kernel.Execute("0").Reply["execution_count"]!;
        var answer = kernel.Execute("var silentOne = 5; silentOne", new() { ["silent"] = true });
        Assert.Equal(["status"], answer.Published.Select(message => message.Type));
        Assert.Equal(before + 1, (int)kernel.Execute("silentOne").Reply["execution_count"]!);
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
        var first = kernel.Collect([asked], 2);
        Assert.Equal("complete", first[asked].Status);
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
        using var client = new DealerSocket(kernel.HeartbeatAddress);
        kernel.Execute("Thread.Sleep(300);", meanwhile: _ =>
        {
            client.SendMultipartBytes([], "ping"u8.ToArray());
            Assert.Equal("ping"u8.ToArray(), KernelClient.Receive(client, 2000)![^1]);
        });
    }

    [Fact]
    public void A_message_with_a_wrong_signature_is_ignored()
    {
        using var stranger = new DealerSocket(kernel.ShellAddress);
        stranger.SendMultipartBytes(new MessageCodec("guess").Encode([], "execute_request", null, new() { ["code"] = "var stolen = 1;" }));
        Assert.Null(KernelClient.Receive(stranger, 500));
        Assert.Equal("error", kernel.Execute("stolen").Status);
        Assert.Contains("wrong signature", kernel.Log);
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
        Assert.Equal(restart, (bool)other.Control("shutdown_request", new() { ["restart"] = restart })["restart"]!);
        Assert.True(other.WaitForExit(10));
    }
}
