using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;

namespace TimeSformer.Jupyter;

/// <summary>A language whose code is not run but shown by the page.</summary>
/// <param name="name">The language, as in <c>#!markdown</c>.</param>
/// <param name="mimeType">How it is shown.</param>
/// <param name="translate">Makes what is shown from the code.</param>
internal sealed class ShownKernel(string name, string mimeType, Func<string, string> translate)
    : Kernel(name), IKernelCommandHandler<SubmitCode>
{
    Task IKernelCommandHandler<SubmitCode>.HandleAsync(SubmitCode command, KernelInvocationContext context)
    {
        context.DisplayAs(translate(command.Code.Trim()), mimeType);
        return Task.CompletedTask;
    }
}
