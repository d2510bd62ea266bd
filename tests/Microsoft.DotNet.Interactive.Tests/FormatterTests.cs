using Microsoft.AspNetCore.Html;
using Microsoft.DotNet.Interactive.Formatting;

namespace Microsoft.DotNet.Interactive.Tests;

/// <summary>Values as text and as HTML, and how formatters are chosen.</summary>
public sealed class FormatterTests : IDisposable
{
    public void Dispose() => Formatter.ResetToDefault();

    private static string Text(object? value) => value.ToDisplayString();

    private static string HtmlOf(object? value) => value.ToDisplayString(HtmlFormatter.MimeType);

    public record Clip(string Name, int Frames);

    private class Animal;

    private sealed class Cat : Animal;

    [TypeFormatterSource(typeof(TensorFormatters), PreferredMimeTypes = ["text/html"])]
    private sealed class Tensor;

    private sealed class TensorFormatters : ITypeFormatterSource
    {
        public IEnumerable<ITypeFormatter> CreateTypeFormatters() => [new HtmlFormatter<Tensor>(_ => "<b>tensor</b>"), new PlainTextFormatter<Tensor>(_ => "tensor")];
    }

    /// <summary>An attribute of another library that has only the name in common.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    private sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
    {
        public Type FormatterSourceType { get; } = formatterSourceType;

        public string[]? PreferredMimeTypes { get; set; }
    }

    public sealed class ChartFormatters
    {
        private readonly ChartFormatter formatter = new();

        public IEnumerable<object> CreateTypeFormatters() => [formatter];
    }

    public sealed class ChartFormatter
    {
        public string MimeType { get; } = "text/html";

        public bool Format(object instance, TextWriter writer)
        {
            writer.Write(MimeType == "text/html" ? "<svg/>" : "");
            return true;
        }
    }

    [TypeFormatterSource(typeof(ChartFormatters))]
    private sealed class Chart;

    [Theory]
    [InlineData(null, "<null>")]
    [InlineData("text", "text")]
    [InlineData(42, "42")]
    [InlineData(1.5, "1.5")]
    [InlineData(true, "True")]
    [InlineData(DayOfWeek.Friday, "Friday")]
    [InlineData(new[] { 1, 2, 3 }, "[ 1, 2, 3 ]")]
    public void Plain_text(object? value, string expected) => Assert.Equal(expected, Text(value));

    [Fact]
    public void Objects_are_their_members()
    {
        Assert.Equal("Clip { Name: a, Frames: 8 }", Text(new Clip("a", 8)));
        Assert.Equal("{ A: 1, B: [ x ] }", Text(new { A = 1, B = new[] { "x" } }));
        Assert.Equal("[ a: 1 ]", Text(new Dictionary<string, int> { ["a"] = 1 }));
        Assert.Equal("ValueTuple<Int32,String> { Item1: 1, Item2: b }", Text((1, "b")));
    }

    [Fact]
    public void What_describes_itself_is_taken_at_its_word()
    {
        Assert.Equal("1.2.3", Text(new Version(1, 2, 3)));
        Assert.Contains("1.2.3", HtmlOf(new Version(1, 2, 3)));
        Assert.Equal(typeof(string).FullName, Text(typeof(string)));
    }

    [Fact]
    public void Long_and_endless_sequences_are_cut()
    {
        Assert.EndsWith("19 ... (80 more) ]", Text(Enumerable.Range(0, 100).ToList()));
        Assert.EndsWith("... (more) ]", Text(Endless()));
        Assert.Contains("more", HtmlOf(Endless().Select(n => new { n })));
        Formatter.ListExpansionLimit = 2;
        Assert.Equal("[ 1, 2 ... (1 more) ]", Text(new[] { 1, 2, 3 }));

        static IEnumerable<int> Endless()
        {
            for (int i = 0; ; i++) yield return i;
        }
    }

    private sealed class Node
    {
        public Node? Next { get; set; }
    }

    [Fact]
    public void Circles_end()
    {
        var node = new Node();
        node.Next = node;
        Assert.True(Text(node).Length < 500);
        Assert.True(HtmlOf(node).Length < 5000);
    }

    private sealed class Wide(int depth)
    {
        public IEnumerable<Wide> Children => Enumerable.Range(0, 15).Select(_ => new Wide(depth + 1));

        public Wide A => new(depth + 1);

        public Wide B => new(depth + 1);

        public int Depth => depth;
    }

    [Fact]
    public void A_net_of_objects_does_not_fill_the_page()
    {
        var start = DateTime.UtcNow;
        Assert.InRange(HtmlOf(new Wide(0)).Length, 1000, 2_000_000);
        Assert.InRange(Text(new Wide(0)).Length, 1000, 2_000_000);
        Assert.InRange((DateTime.UtcNow - start).TotalSeconds, 0, 5);
    }

    [Fact]
    public void A_task_is_shown_without_waiting_for_it() => Assert.Contains("Status: WaitingForActivation", Text(new TaskCompletionSource<int>().Task));

    private sealed class Faulty
    {
        public int Good { get; } = 1;

        public int Bad => Good > 0 ? throw new InvalidOperationException("no") : 0;
    }

    [Fact]
    public void A_getter_that_throws_shows_its_error() => Assert.Equal("Faulty { Good: 1, Bad: InvalidOperationException: no }", Text(new Faulty()));

    [Fact]
    public void A_sequence_of_objects_is_a_table_with_a_column_for_each_member()
    {
        var html = HtmlOf(new[] { new Clip("<a>", 8), new Clip("b", 16) });
        Assert.StartsWith("<table><thead><tr><th><i>index</i></th><th>Name</th><th>Frames</th></tr></thead>", html);
        Assert.Contains("<tr><td>0</td><td>&lt;a&gt;</td><td>8</td></tr>", html);
    }

    [Fact]
    public void Text_is_encoded_and_html_is_not()
    {
        Assert.Contains("&lt;b&gt;", HtmlOf("<b>"));
        Assert.Equal("<b>", HtmlOf(new HtmlString("<b>")));
        Assert.Contains("&lt;b&gt;", HtmlOf(new { X = "<b>" }));
        Assert.Contains("<td><b></td>", HtmlOf(new { X = "<b>".ToHtmlContent() }));
    }

    [Fact]
    public void Of_registered_formatters_the_most_specific_type_and_then_the_latest_wins()
    {
        Formatter.Register<Animal>(_ => "animal");
        Assert.Equal("animal", Text(new Cat()));
        Formatter.Register<Cat>(_ => "cat");
        Formatter.Register<object>(_ => "object");
        Assert.Equal("cat", Text(new Cat()));
        Assert.Equal("animal", Text(new Animal()));
        Assert.Equal("object", Text(new Version(1, 0)));
        Formatter.Register<Cat>((_, writer) => writer.Write("later cat"));
        Assert.Equal("later cat", Text(new Cat()));
    }

    [Fact]
    public void A_formatter_may_decline()
    {
        Formatter.Register<Clip>((FormatDelegate<Clip>)((clip, context) =>
        {
            if (clip.Frames == 0) return false;
            context.Writer.Write("clip");
            return true;
        }));
        Assert.Equal("clip", Text(new Clip("a", 1)));
        Assert.StartsWith("Clip {", Text(new Clip("a", 0)));
    }

    [Fact]
    public void Open_generic_types_have_formatters_too()
    {
        Formatter.Register(typeof(List<>), (list, writer) => writer.Write("a list"));
        Assert.Equal("a list", Text(new List<int>()));
    }

    [Fact]
    public void A_types_own_formatters_are_found_and_a_registered_one_goes_before_them()
    {
        Assert.Equal("<b>tensor</b>", FormattedValue.CreateManyFromObject(new Tensor()).Single().Value);
        Formatter.Register<Tensor>(_ => "mine", "text/html");
        Assert.Equal("mine", HtmlOf(new Tensor()));
    }

    [Fact]
    public void A_type_can_bring_formatters_without_knowing_this_library() => Assert.Equal("<svg/>", HtmlOf(new Chart()));

    [Fact]
    public void Html_is_preferred_except_for_strings()
    {
        Assert.Equal(["text/html"], Formatter.GetPreferredMimeTypesFor(typeof(int)));
        Assert.Equal(["text/plain"], Formatter.GetPreferredMimeTypesFor(typeof(string)));
        Formatter.SetPreferredMimeTypesFor(typeof(Animal), "text/plain", "application/json");
        Assert.Equal(["text/plain", "application/json"], FormattedValue.CreateManyFromObject(new Cat()).Select(formatted => formatted.MimeType));
    }

    [Fact]
    public void Json_is_json() => Assert.Equal("""{"Name":"a","Frames":8}""", new Clip("a", 8).ToDisplayString(JsonFormatter.MimeType));

    [Fact]
    public void An_unknown_mime_type_is_an_error() => Assert.Contains("image/png", Assert.Throws<ArgumentException>(() => 1.ToDisplayString("image/png")).Message);

    [Fact]
    public void Outside_a_kernel_displays_go_to_those_who_listen()
    {
        List<DisplayedValue> seen = [];
        using (Formatter.SubscribeToDisplayedValues(seen.Add)) 5.Display("text/plain");
        Assert.Equal("5", seen.Single().FormattedValues.Single().Value);
    }
}
