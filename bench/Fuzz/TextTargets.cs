using System.Text;
using TimeSformer.Cli.Notebooks;
using TimeSformer.Data;
using TimeSformer.Jupyter;
using TimeSformer.Training;

namespace TimeSformer.Bench.Fuzz;

/// <summary>Recipes, studies, lists, notebooks and the messages of a notebook's kernel.</summary>
internal static class TextTargets
{
    private const string Recipe = """
        model:
          preset: tiny
          attention_type: divided_space_time
        data:
          train: train.txt
          num_frames: 8
          train_jitter_scales: [32, 36]
          crop_size: 32
          mean: [0.45, 0.45, 0.45]
        training:
          epochs: 36
          lr: 0.002
          steps: [0, 26, 33]
          lrs: [1, 0.3, 0.1]
          optimizer: adamw
        """;

    private const string Study = """
        title: Schemes
        axes:
          - name: attention
            values:
              space: {model.attention_type: space_only}
              divided: {model.attention_type: divided_space_time, training.lr: 0.1}
        paper:
          space: {K400: 76.9}
        claims:
          - paper: table 1
            says: Divided attention is better.
            predicate: divided - space >= 5
        scales:
          small: {needs: a laptop, seeds: 2, recipe: base.yaml, changes: {data.num_frames: 4}}
        """;

    private const string Notebook = """
        {"cells": [{"cell_type": "code", "id": "a", "metadata": {}, "outputs": [], "execution_count": 1, "source": ["#!csharp\n", "1"]},
          {"cell_type": "markdown", "metadata": {}, "source": "text"}],
         "metadata": {"kernelspec": {"display_name": ".NET (C#)", "language": "C#", "name": ".net-csharp"}}, "nbformat": 4}
        """;

    private const string Connection = """
        {"ip": "127.0.0.1", "key": "k", "transport": "tcp", "signature_scheme": "hmac-sha256", "shell_port": 1, "control_port": 2,
         "iopub_port": 3, "stdin_port": 4, "hb_port": 5}
        """;

    // A frame per line; a signature of * is made anew, as a client with the key would.
    private static readonly string[] messages =
    [
        """
        client
        <IDS|MSG>
        *
        {"msg_id": "1", "session": "s", "username": "u", "date": "2026-01-01", "msg_type": "execute_request", "version": "5.3"}
        {}
        {"cellId": "c", "polyglot_notebook": {"kernelName": "csharp"}, "dotnet_interactive": {"language": "csharp"}}
        {"code": "1 + 1", "silent": false, "store_history": true, "user_expressions": {}, "allow_stdin": false, "cursor_pos": 3}
        """,
        "client\n<IDS|MSG>\n*\n{}\n{}\n{}\n{\"data\": {\"a\": [1, 2]}, \"restart\": true}",
    ];

    public static IEnumerable<FuzzTarget> Create()
    {
        byte[] text = Encoding.UTF8.GetBytes(Recipe);
        yield return new("recipe", "input.yaml", [text], path => _ = RecipeFile.ToYaml(RecipeFile.Load(path)))
        {
            Words = Words.Yaml, Share = 0.3,
        };
        yield return new("study", "input.yaml", [Encoding.UTF8.GetBytes(Study)], path => _ = Experiments.Study.Load(path))
        {
            Words = Words.Yaml, Share = 0.2, Beside = new Dictionary<string, byte[]> { ["base.yaml"] = text },
        };
        byte[][] lists =
        [
            "a.mp4 0\n\"b c.mp4\" 1\n# no\nd.avi 2\n"u8.ToArray(), "path,label\na.mp4,wave\n\"b, c.mp4\",\"shake hands\"\n"u8.ToArray(),
            "a.mp4\t3\nb.mp4\t0\n"u8.ToArray(), Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("a.mp4 0\n")).ToArray(),
        ];
        yield return new("list", "input.csv", lists, path => _ = VideoList.Read(path)) { Words = Words.List };
        yield return new("notebook", "input.ipynb", [Encoding.UTF8.GetBytes(Notebook)], ReadNotebook) { Words = Words.Json };
        yield return new("kernel-message", "input.txt", [.. messages.Select(Encoding.UTF8.GetBytes)], ReadMessage)
        {
            Words = [.. Words.Json, "\n"u8.ToArray(), "<IDS|MSG>"u8.ToArray()], MayThrow = error => error is WireException,
        };
        byte[] connection = Encoding.UTF8.GetBytes(Connection);
        yield return new("connection-file", "input.json", [connection], path => _ = ConnectionFile.Read(path).Address(1))
        {
            Words = Words.Json, MayThrow = error => error is InvalidDataException,
        };
    }

    private static void ReadNotebook(string path)
    {
        var notebook = NotebookFile.Read(path);
        _ = notebook.Sources.Sum(source => source.Length);
        notebook.NameLanguages();
        notebook.Write(path);
    }

    private static void ReadMessage(string path)
    {
        var codec = new MessageCodec("key");
        byte[] bytes = File.ReadAllBytes(path);
        List<byte[]> frames = [];
        foreach (var line in bytes.AsSpan().Split((byte)'\n')) frames.Add(bytes[line]);
        if (frames.Count > 6 && frames[2] is [(byte)'*']) frames[2] = Encoding.ASCII.GetBytes(codec.Sign(frames.Skip(3).Take(4)));
        var message = codec.Decode(frames);
        _ = (message.Type, message.CellId, message.Language, message.Get("code", ""), message.Get("cursor_pos", 0));
        _ = (message.Get("allow_stdin", false), message.Get("n", int.MaxValue), message.Get("comm_id", ""));
        codec.Encode(message.Identities, message.Type, message.Header, []);
    }
}
