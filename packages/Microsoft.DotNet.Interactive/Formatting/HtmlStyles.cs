namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>The style sheet of tables and trees. Its class names are .NET Interactive's, which the Polyglot extension knows.</summary>
internal static class HtmlStyles
{
    // In one line: notebooks are committed with it.
    public const string Element =
        "<style>.dni-code-hint{font-style:italic;overflow:hidden;white-space:nowrap}.dni-treeview{white-space:nowrap}details.dni-treeview{padding-left:1em}"
        + "table td,table th{text-align:start}table tr{vertical-align:top;margin:0}table tr td pre{vertical-align:top !important;margin:0 !important}</style>";
}
