using System.Net;
using Microsoft.AspNetCore.Html;

namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>From text to HTML.</summary>
public static class Html
{
    /// <summary>Encodes plain text.</summary>
    public static IHtmlContent HtmlEncode(this string content) => new HtmlString(WebUtility.HtmlEncode(content));

    /// <summary>Encodes plain text for an attribute's value.</summary>
    public static IHtmlContent HtmlAttributeEncode(this string content) => new HtmlString(WebUtility.HtmlEncode(content));

    /// <summary>Takes a text as HTML, as it is.</summary>
    public static IHtmlContent ToHtmlContent(this string value) => new HtmlString(value);
}
