using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.DotNet.Interactive.Jupyter.Wire;

namespace Microsoft.DotNet.Interactive.Tests;

/// <summary>What came of a request: the reply, and what was published while it was worked on, in order.</summary>
public sealed record Answer(JsonNode Reply, IReadOnlyList<(string Type, JsonNode Content)> Published)
{
    public string Status => (string)Reply["status"]!;

    /// <summary>What was printed to a stream.</summary>
    public string Printed(string stream = "stdout") =>
        string.Concat(Published.Where(message => message.Type == "stream" && (string)message.Content["name"]! == stream).Select(message => (string)message.Content["text"]!));

    public IEnumerable<JsonNode> Of(string type) => Published.Where(message => message.Type == type).Select(message => message.Content);

    /// <summary>The plain text of the cell's value.</summary>
    public string? Value => (string?)Of("execute_result").SingleOrDefault()?["data"]!["text/plain"];

    public string Error => (string)Of("error").Single()["evalue"]!;

    public string Trace => string.Join('\n', Of("error").Single()["traceback"]!.AsArray().Select(line => (string)line!));
}

/// <summary>A client that speaks to a kernel process over its sockets.</summary>
public sealed class KernelClient : IDisposable
{
    private readonly Process process;
    private readonly string connectionFile = Path.GetTempFileName();
    private readonly MessageCodec codec;
    private readonly ZmqSocket shell, control, stdin, published;

    public KernelClient(string? folder = null)
    {
        var ports = FreePorts(5);
        Ports = ports;
        Key = Guid.NewGuid().ToString();
        File.WriteAllText(connectionFile, new JsonObject
        {
            ["ip"] = "127.0.0.1", ["transport"] = "tcp", ["key"] = Key, ["signature_scheme"] = "hmac-sha256",
            ["shell_port"] = ports[0], ["control_port"] = ports[1], ["iopub_port"] = ports[2], ["stdin_port"] = ports[3], ["hb_port"] = ports[4],
        }.ToJsonString());
        ShellAddress = $"tcp://127.0.0.1:{ports[0]}";
        HeartbeatAddress = $"tcp://127.0.0.1:{ports[4]}";
        codec = new MessageCodec(Key);
        (shell, control, stdin) = (Open(ports[0]), Open(ports[1]), Open(ports[3]));
        published = new ZmqSocket(Zmq.Sub);
        published.SubscribeToAll();
        published.Connect($"tcp://127.0.0.1:{ports[2]}");
        process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Microsoft.DotNet.Interactive.Jupyter.dll"), connectionFile])
        {
            RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = folder ?? Path.GetTempPath(),
        })!;
        process.ErrorDataReceived += (_, line) => Log += line.Data + "\n";
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        // Until the subscription has arrived, published messages are lost: ask until one is seen.
        var deadline = DateTime.UtcNow.AddSeconds(30);
        while (Request("kernel_info_request", [], seconds: 1) is null)
        {
            if (DateTime.UtcNow > deadline) throw new TimeoutException($"the kernel does not answer: {Log}");
        }
    }

    public string Key { get; }

    /// <summary>Those that the connection file names.</summary>
    public IReadOnlyList<int> Ports { get; }

    public string ShellAddress { get; }

    public string ControlAddress => $"tcp://127.0.0.1:{Ports[1]}";

    public string HeartbeatAddress { get; }

    /// <summary>What the kernel itself wrote to standard error.</summary>
    public string Log { get; private set; } = "";

    public int ProcessId => process.Id;

    public bool HasExited => process.HasExited;

    /// <summary>Runs a cell and waits for its end.</summary>
    public Answer Execute(string code, JsonObject? more = null, Func<string, string>? answerInput = null, Action<KernelClient>? meanwhile = null, JsonObject? metadata = null)
    {
        var content = new JsonObject { ["code"] = code, ["silent"] = false, ["store_history"] = true, ["user_expressions"] = new JsonObject(), ["allow_stdin"] = answerInput is not null, ["stop_on_error"] = true };
        foreach (var (name, value) in more ?? []) content[name] = value?.DeepClone();
        return Request("execute_request", content, 60, answerInput, meanwhile, metadata) ?? throw new TimeoutException($"no answer to {code}; {Log}");
    }

    public Answer Ask(string type, JsonObject content) => Request(type, content) ?? throw new TimeoutException($"no answer to {type}; {Log}");

    /// <summary>Sends a request on the control socket and waits for the reply.</summary>
    public JsonNode Control(string type, JsonObject content)
    {
        control.Send(codec.Encode([], type, null, content));
        var frames = control.Receive(10_000) ?? throw new TimeoutException($"no answer to {type}");
        return JsonNode.Parse(codec.Decode(frames).Content.GetRawText())!;
    }

    public string Send(string type, JsonObject content, JsonObject? metadata = null)
    {
        var frames = codec.Encode([], type, null, content, metadata);
        shell.Send(frames);
        return (string)JsonNode.Parse(frames[2])!["msg_id"]!;
    }

    /// <summary>The replies and published messages that belong to requests, until each is answered and done with.</summary>
    public Dictionary<string, Answer> Collect(IReadOnlyList<string> requests, int seconds = 60, Func<string, string>? answerInput = null)
    {
        Dictionary<string, JsonNode> replies = [];
        Dictionary<string, List<(string, JsonNode)>> messages = requests.ToDictionary(id => id, _ => new List<(string, JsonNode)>());
        HashSet<string> idle = [];
        var deadline = DateTime.UtcNow.AddSeconds(seconds);
        while (DateTime.UtcNow < deadline && (replies.Count < requests.Count || idle.Count < requests.Count))
        {
            var ready = ZmqSocket.Poll([shell, published, stdin], 100);
            if (ready[0]) Take(shell, (parent, type, content) => replies[parent] = content);
            if (ready[1])
            {
                Take(published, (parent, type, content) =>
                {
                    if (type == "status" && (string?)content["execution_state"] == "idle") idle.Add(parent);
                    else messages[parent].Add((type, content));
                });
            }
            if (ready[2] && answerInput is not null)
            {
                Take(stdin, (_, _, content) => stdin.Send(codec.Encode([], "input_reply", null, new() { ["value"] = answerInput((string)content["prompt"]!) })));
            }
        }
        return requests.Where(id => replies.ContainsKey(id) && idle.Contains(id)).ToDictionary(id => id, id => new Answer(replies[id], messages[id]));

        void Take(ZmqSocket socket, Action<string, string, JsonNode> use)
        {
            var message = codec.Decode(socket.Receive(0)!);
            if (message.Parent.TryGetProperty("msg_id", out var parent) && messages.ContainsKey(parent.GetString()!))
            {
                use(parent.GetString()!, message.Type, JsonNode.Parse(message.Content.GetRawText())!);
            }
        }
    }

    public bool WaitForExit(int seconds) => process.WaitForExit(seconds * 1000);

    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        process.Dispose();
        foreach (var socket in new[] { shell, control, stdin, published }) socket.Dispose();
        File.Delete(connectionFile);
    }

    private Answer? Request(string type, JsonObject content, int seconds = 30, Func<string, string>? answerInput = null, Action<KernelClient>? meanwhile = null, JsonObject? metadata = null)
    {
        var id = Send(type, content, metadata);
        meanwhile?.Invoke(this);
        return Collect([id], seconds, answerInput).GetValueOrDefault(id);
    }

    private static ZmqSocket Open(int port)
    {
        var socket = new ZmqSocket(Zmq.Dealer);
        // One name on all channels, as Jupyter's clients have: the kernel asks on stdin whoever sent the cell.
        socket.SetIdentity("test"u8);
        socket.Connect($"tcp://127.0.0.1:{port}");
        return socket;
    }

    private static int[] FreePorts(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        foreach (var listener in listeners) listener.Start();
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        foreach (var listener in listeners) listener.Stop();
        return ports;
    }
}
