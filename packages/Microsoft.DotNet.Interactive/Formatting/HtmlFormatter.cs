using System.Collections;
using System.Net;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;

namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>Values as HTML: numbers and words preformatted, objects as trees that unfold, sequences of objects as tables.</summary>
public static class HtmlFormatter
{
    public const string MimeType = "text/html";

    internal static ITypeFormatter[] Defaults =>
    [
        new AnonymousTypeFormatter(typeof(object), MimeType, HtmlTree.Write),
        new AnonymousTypeFormatter(typeof(IEnumerable), MimeType, (value, context) => HtmlTable.Write((IEnumerable)value, context)),
        new AnonymousTypeFormatter(typeof(string), MimeType, (value, context) => WritePreformatted((string)value, context)),
        new AnonymousTypeFormatter(typeof(IHtmlContent), MimeType, (value, context) =>
        {
            ((IHtmlContent)value).WriteTo(context.Writer, HtmlEncoder.Default);
            return true;
        }),
    ];

    public static ITypeFormatter GetPreferredFormatterFor(Type type) => Formatter.GetPreferredFormatterFor(type, MimeType);

    public static ITypeFormatter GetPreferredFormatterFor<T>() => GetPreferredFormatterFor(typeof(T));

    /// <summary>Asks that the output ends with the style sheet of tables and trees.</summary>
    public static void RequireDefaultStyles(this FormatContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.RequireStyles();
    }

    internal static bool WritePreformatted(string text, FormatContext context)
    {
        context.Writer.Write($"<div class=\"dni-plaintext\"><pre>{WebUtility.HtmlEncode(text)}</pre></div>");
        return true;
    }
}
