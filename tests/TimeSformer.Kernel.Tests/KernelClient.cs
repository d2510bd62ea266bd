using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using NetMQ;
using NetMQ.Sockets;

namespace TimeSformer.Jupyter.Tests;

/// <summary>The answer to a request: the reply, and the published messages in order.</summary>
public sealed record Answer(JsonNode Reply, IReadOnlyList<(string Type, JsonNode Content)> Published)
{
    public string Status => (string)Reply["status"]!;

    /// <summary>The text printed to a stream.</summary>
    public string Printed(string stream = "stdout") =>
        string.Concat(Of("stream").Where(content => (string)content["name"]! == stream).Select(content => (string)content["text"]!));

    public IEnumerable<JsonNode> Of(string type) => Published.Where(message => message.Type == type).Select(message => message.Content);

    /// <summary>The plain text of the cell's value.</summary>
    public string? Value => (string?)Of("execute_result").SingleOrDefault()?["data"]!["text/plain"];

    /// <summary>The displays, each in its first MIME type.</summary>
    public IEnumerable<string> Shown => Of("display_data").Select(display => (string)display["data"]!.AsObject().First().Value!);

    /// <summary>The number of the cell.</summary>
    public int Number => (int)Reply["execution_count"]!;

    public string Name => (string)Of("error").Single()["ename"]!;

    public string Error => (string)Of("error").Single()["evalue"]!;

    public string Trace => string.Join('\n', Of("error").Single()["traceback"]!.AsArray().Select(line => (string)line!));

    /// <summary>For a test's message: what is wrong if the status is not "ok".</summary>
    public string Trouble(KernelClient client) =>
        Status == "ok" ? "" : Of("error").Any() ? Trace : $"status {Status}, exit code {client.ExitCode}; the kernel wrote: {client.Log}";
}

/// <summary>One kernel process shared by most tests, because starting one takes a second.</summary>
[CollectionDefinition(Name)]
public sealed class SharedKernel : ICollectionFixture<SharedKernel>, IDisposable
{
    public const string Name = "shared kernel";

    public KernelClient Client { get; } = new();

    public void Dispose() => Client.Dispose();
}

/// <summary>A client of a kernel process.</summary>
public sealed class KernelClient : IDisposable
{
    /// <summary>The places of <see cref="Ports"/>.</summary>
    public const int Shell = 0, Control = 1, IOPub = 2, Stdin = 3, Heartbeat = 4;

    private readonly Process process;
    private readonly string connectionFile = Path.GetTempFileName();
    private readonly MessageCodec codec;
    private readonly DealerSocket shell, control, stdin;
    private readonly SubscriberSocket published = new();

    public KernelClient(string? folder = null, (string Name, string Value)? environment = null)
    {
        var key = Guid.NewGuid().ToString();
        File.WriteAllText(connectionFile, new JsonObject
        {
            ["ip"] = "127.0.0.1", ["transport"] = "tcp", ["key"] = key, ["signature_scheme"] = "hmac-sha256",
            ["shell_port"] = Ports[Shell], ["control_port"] = Ports[Control], ["iopub_port"] = Ports[IOPub],
            ["stdin_port"] = Ports[Stdin], ["hb_port"] = Ports[Heartbeat],
        }.ToJsonString());
        codec = new MessageCodec(key);
        (shell, control, stdin) = (Open(Address(Shell)), Open(Address(Control)), Open(Address(Stdin)));
        published.Options.ReceiveHighWatermark = 0;
        published.SubscribeToAnyTopic();
        published.Connect(Address(IOPub));
        var program = Path.Combine(AppContext.BaseDirectory, "TimeSformer.Kernel.dll");
        ProcessStartInfo start = new("dotnet", [program, connectionFile])
        {
            RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = folder ?? Path.GetTempPath(),
        };
        if (environment is var (name, value)) start.Environment[name] = value;
        process = Process.Start(start)!;
        process.ErrorDataReceived += (_, line) => Log += line.Data + "\n";
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        // Published messages are lost until the subscription is active: repeat a request until one arrives.
        var deadline = DateTime.UtcNow.AddSeconds(120);
        while (Request("kernel_info_request", [], seconds: 1) is null)
        {
            if (DateTime.UtcNow > deadline) throw new TimeoutException($"the kernel does not answer: {Log}");
        }
    }

    /// <summary>The ports in the connection file.</summary>
    public IReadOnlyList<int> Ports { get; } = FreePorts(5);

    public string Address(int port) => $"tcp://127.0.0.1:{Ports[port]}";

    /// <summary>The kernel's own standard error.</summary>
    public string Log { get; private set; } = "";

    public int ProcessId => process.Id;

    /// <summary>Null while the kernel runs.</summary>
    public int? ExitCode => process.HasExited ? process.ExitCode : null;

    /// <summary>Runs a cell that must succeed.</summary>
    public Answer Run(string code)
    {
        var answer = Execute(code);
        Assert.True(answer.Status == "ok", answer.Trouble(this));
        return answer;
    }

    /// <summary>Runs a cell that must succeed and returns the plain text of its value, or null.</summary>
    public string? Value(string code) => Run(code).Value;

    /// <summary>Runs a cell that must fail.</summary>
    public Answer Fails(string code)
    {
        var answer = Execute(code);
        Assert.Equal("error", answer.Status);
        return answer;
    }

    /// <summary>Runs a cell and waits for its end.</summary>
    public Answer Execute(
        string code, JsonObject? more = null, Func<string, string>? answerInput = null, Action<KernelClient>? meanwhile = null,
        JsonObject? metadata = null)
    {
        var content = new JsonObject { ["code"] = code, ["silent"] = false, ["allow_stdin"] = answerInput is not null };
        foreach (var (name, value) in more ?? []) content[name] = value?.DeepClone();
        return Request("execute_request", content, 180, answerInput, meanwhile, metadata)
            ?? throw new TimeoutException($"no answer to {code}; {Log}");
    }

    public Answer Ask(string type, JsonObject content) =>
        Request(type, content) ?? throw new TimeoutException($"no answer to {type}; {Log}");

    /// <summary>Sends a request on the control socket and waits for the reply.</summary>
    public JsonNode AskOnControl(string type, JsonObject content)
    {
        control.SendMultipartBytes(codec.Encode([], type, null, content));
        return codec.Decode(Receive(control, 10_000) ?? throw new TimeoutException($"no answer to {type}")).Content;
    }

    public string Send(string type, JsonObject content, JsonObject? metadata = null)
    {
        var frames = codec.Encode([], type, null, content, metadata);
        shell.SendMultipartBytes(frames);
        return (string)JsonNode.Parse(frames[2])!["msg_id"]!;
    }

    /// <summary>Collects the replies and published messages of requests until each has a reply and is idle.</summary>
    public Dictionary<string, Answer> Collect(IReadOnlyList<string> requests, int seconds = 180, Func<string, string>? answerInput = null)
    {
        Dictionary<string, JsonNode> replies = [];
        var messages = requests.ToDictionary(id => id, _ => new List<(string, JsonNode)>());
        HashSet<string> idle = [];
        var deadline = DateTime.UtcNow.AddSeconds(seconds);
        while (DateTime.UtcNow < deadline && (replies.Count < requests.Count || idle.Count < requests.Count))
        {
            bool idled = !Take(shell, (parent, type, content) => replies[parent] = content);
            idled &= !Take(published, (parent, type, content) =>
            {
                if (type == "status" && (string?)content["execution_state"] == "idle") idle.Add(parent);
                else messages[parent].Add((type, content));
            });
            idled &= answerInput is null || !Take(stdin, (_, _, content) =>
            {
                var reply = new JsonObject { ["value"] = answerInput((string)content["prompt"]!) };
                stdin.SendMultipartBytes(codec.Encode([], "input_reply", null, reply));
            });
            if (idled && process.HasExited) break;
            if (idled) Thread.Sleep(1);
        }
        if (process.HasExited)
        {
            foreach (var id in requests) replies.TryAdd(id, new JsonObject { ["status"] = "dead" });
            idle.UnionWith(requests);
        }
        return requests.Where(id => replies.ContainsKey(id) && idle.Contains(id))
            .ToDictionary(id => id, id => new Answer(replies[id], messages[id]));

        bool Take(NetMQSocket socket, Action<string, string, JsonNode> use)
        {
            if (Receive(socket, 0) is not { } frames) return false;
            var message = codec.Decode(frames);
            if ((string?)message.Parent["msg_id"] is { } id && messages.ContainsKey(id)) use(id, message.Type, message.Content);
            return true;
        }
    }

    public bool WaitForExit(int seconds) => process.WaitForExit(seconds * 1000);

    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        process.Dispose();
        foreach (var socket in new NetMQSocket[] { shell, control, stdin, published }) socket.Dispose();
        File.Delete(connectionFile);
    }

    private Answer? Request(
        string type, JsonObject content, int seconds = 120, Func<string, string>? answerInput = null,
        Action<KernelClient>? meanwhile = null, JsonObject? metadata = null)
    {
        var id = Send(type, content, metadata);
        meanwhile?.Invoke(this);
        return Collect([id], seconds, answerInput).GetValueOrDefault(id);
    }

    /// <summary>The frames of a message, or null if none arrives in time.</summary>
    public static List<byte[]>? Receive(NetMQSocket socket, int milliseconds)
    {
        List<byte[]> frames = [];
        return socket.TryReceiveMultipartBytes(TimeSpan.FromMilliseconds(milliseconds), ref frames) ? frames : null;
    }

    private static DealerSocket Open(string address)
    {
        var socket = new DealerSocket();
        // The same identity on all sockets, as in Jupyter's clients: the kernel asks the sender of the cell on stdin.
        socket.Options.Identity = "test"u8.ToArray();
        socket.Connect(address);
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
