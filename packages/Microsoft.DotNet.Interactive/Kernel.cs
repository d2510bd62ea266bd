using Microsoft.AspNetCore.Html;
using Microsoft.DotNet.Interactive.Formatting;

namespace Microsoft.DotNet.Interactive;

/// <summary>What each cell can call by its bare name: display, HTML, Javascript, CSS, input.</summary>
public abstract class Kernel
{
    private protected Kernel()
    {
    }

    /// <summary>Shows a value in the notebook.</summary>
    /// <param name="value">What to show; it may be null.</param>
    /// <param name="mimeTypes">How; without one, as is preferred for its type.</param>
    /// <returns>The display, which can be updated.</returns>
    public static DisplayedValue display(object? value, params string[] mimeTypes) => value.Display(mimeTypes);

    /// <summary>Marks a text as HTML, so that it is displayed as such.</summary>
    public static IHtmlContent HTML(string content) => content.ToHtmlContent();

    /// <summary>Runs JavaScript in the page that shows the notebook.</summary>
    public static void Javascript(string scriptContent) =>
        $"<script type=\"text/javascript\">{scriptContent}</script>".DisplayAs(HtmlFormatter.MimeType);

    /// <summary>Adds a style sheet to the page that shows the notebook.</summary>
    public static void CSS(string content) => $"<style>{content}</style>".DisplayAs(HtmlFormatter.MimeType);

    /// <summary>Asks the user for a line of text.</summary>
    /// <param name="prompt">What is asked.</param>
    /// <param name="typeHint">"text", or "password" where typing shall not show.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="InvalidOperationException">Nobody can answer: the notebook is run by a program, or no cell is running.</exception>
    public static Task<string> GetInputAsync(string prompt = "", string typeHint = "text") =>
        Task.FromResult(Ask(prompt, typeHint == "password"));

    /// <summary>Asks the user for a password.</summary>
    /// <exception cref="InvalidOperationException">Nobody can answer: the notebook is run by a program, or no cell is running.</exception>
    public static Task<PasswordString> GetPasswordAsync(string prompt = "") => Task.FromResult(new PasswordString(Ask(prompt, true)));

    private static string Ask(string prompt, bool isPassword)
    {
        var context = KernelInvocationContext.Current ?? throw new InvalidOperationException("input can be asked for in a notebook's cell only");
        return context.Host.RequestInput(prompt, isPassword);
    }
}
