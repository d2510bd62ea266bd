using System.Text.Json;
using System.Text.RegularExpressions;

namespace TimeSformer.Tests;

/// <summary>What docs/architecture.md promises of the tree.</summary>
public sealed partial class ArchitectureTests
{
    private const int Columns = 140, Lines = 400;

    private static readonly string root = Repository.Root;
    private static readonly string library = Path.Combine(root, "src", "TimeSformer.Lib");

    [Fact]
    public void No_folder_of_the_library_imports_one_that_imports_it()
    {
        var uses = Directory.EnumerateFiles(library, "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => RoomsIn(File.ReadAllText(file)).Select(used => (From: RoomOf(file), To: used)))
            .Where(use => use.From != use.To)
            .ToLookup(use => use.From, use => use.To);
        foreach (var room in uses.Select(use => use.Key)) AssertAcyclic(room, []);

        void AssertAcyclic(string room, List<string> path)
        {
            Assert.False(path.Contains(room), $"{string.Join(" -> ", path)} -> {room}");
            foreach (var used in uses[room].Distinct()) AssertAcyclic(used, [.. path, room]);
        }
    }

    [Fact]
    public void The_library_needs_TorchSharp_OpenCvSharp_YamlDotNet_CsvHelper_and_OnnxSharp_alone() =>
        Assert.Equal(
            ["CsvHelper", "OnnxSharp", "OpenCvSharp", "TorchSharp", "YamlDotNet"],
            typeof(TimeSformerModel).Assembly.GetReferencedAssemblies().Select(assembly => assembly.Name!)
                .Where(name => !name.StartsWith("System") && name is not "Google.Protobuf").Order());

    [Fact]
    public void Files_and_lines_are_short()
    {
        var pages = Directory.EnumerateFiles(Path.Combine(root, "src"), "*.*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".js" or ".css" or ".html");
        var tooLong = Sources().Concat(pages)
            .SelectMany(file => TooLong(Path.GetRelativePath(root, file), File.ReadAllLines(file))).ToList();
        Assert.True(tooLong.Count == 0, string.Join('\n', tooLong));
    }

    [Fact]
    public void Lines_of_cells_are_short()
    {
        var wide = from notebook in Directory.EnumerateFiles(Path.Combine(root, "notebooks"), "*.ipynb")
                   let cells = JsonDocument.Parse(File.ReadAllBytes(notebook)).RootElement.GetProperty("cells")
                   from cell in cells.EnumerateArray()
                   from line in cell.GetProperty("source").EnumerateArray()
                   let text = line.GetString()!.TrimEnd('\n')
                   where text.Length > Columns
                   select $"{Path.GetFileName(notebook)}: {text}";
        Assert.Empty(wide);
    }

    [Fact]
    public void The_walks_name_files_that_exist()
    {
        var page = File.ReadAllText(Path.Combine(root, "docs", "architecture.md"));
        var walks = page[page.IndexOf("## Seven walks")..].Split("\n\n")[1..];
        Assert.Equal(7, walks.Length);
        Assert.All(walks, walk =>
        {
            var files = NamedFile().Matches(walk).Select(match => match.Value).Distinct().ToList();
            Assert.InRange(files.Count, 1, 3);
            Assert.All(files, file => Assert.True(File.Exists(Path.Combine(library, file)) || File.Exists(Path.Combine(root, file)), file));
        });
    }

    [Fact]
    public void The_tests_that_the_page_on_security_names_exist()
    {
        var named = NamedTest().Matches(File.ReadAllText(Path.Combine(root, "docs", "security.md")));
        Assert.InRange(named.Count, 20, 100);
        var files = Sources().ToLookup(file => Path.GetFileNameWithoutExtension(file));
        Assert.All(named, test => Assert.Contains(files[test.Groups["class"].Value], file =>
            File.ReadAllText(file).Contains($" {test.Groups["name"].Value}(", StringComparison.Ordinal)));
    }

    private static IEnumerable<string> TooLong(string name, string[] lines)
    {
        if (lines.Length > Lines) yield return $"{name}: {lines.Length} lines";
        foreach (var (index, line) in lines.Index())
        {
            if (line.Length > Columns) yield return $"{name}:{index + 1}: {line.Length} columns";
        }
    }

    private static IEnumerable<string> Sources() => new[] { "src", "tests", "bench", "examples" }
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(root, folder), "*.cs", SearchOption.AllDirectories))
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}"));

    private static IEnumerable<string> RoomsIn(string code) => Using().Matches(code).Select(match => match.Groups["room"].Value);

    private static string RoomOf(string file) =>
        Path.GetRelativePath(library, Path.GetDirectoryName(file)!).Replace(Path.DirectorySeparatorChar, '.');

    [GeneratedRegex(
        @"\bTimeSformer\.(?<room>(Models\.(Attention|Convolution)|Data\.Layouts|Checkpoints\.(Formats|Onnx)"
        + @"|Experiments\.Statistics|[A-Z]\w+))[.;]")]
    private static partial Regex Using();

    [GeneratedRegex(@"`(?<class>\w+Tests)\.(?<name>\w+)`")]
    private static partial Regex NamedTest();

    [GeneratedRegex(@"[A-Za-z/\-]+\.(cs|yaml)")]
    private static partial Regex NamedFile();
}
