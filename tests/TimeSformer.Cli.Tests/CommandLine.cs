using System.Reflection;

namespace TimeSformer.Tests;

/// <summary>Runs the program in this process, or in one of its own if a test needs that.</summary>
internal static class CommandLine
{
    private static readonly MethodInfo main = Assembly.Load("timesformer").EntryPoint!;
    private static readonly StringWriter output = new(), error = new();

    // Once: the program keeps the consoles that it finds first.
    static CommandLine()
    {
        Console.SetOut(output);
        Console.SetError(error);
    }

    /// <summary>Runs it here.</summary>
    public static (int Status, string Out, string Error) Run(params string[] arguments)
    {
        output.GetStringBuilder().Clear();
        error.GetStringBuilder().Clear();
        int status = (int)main.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [arguments], null)!;
        return (status, $"{output}", $"{error}");
    }

    /// <summary>Runs it here and returns its standard output; it must succeed.</summary>
    public static string Succeeds(params string[] arguments)
    {
        var (status, output, error) = Run(arguments);
        Assert.True(status == 0, error);
        return output;
    }

    /// <summary>Runs it here, from another folder.</summary>
    public static (int Status, string Out, string Error) RunIn(string folder, params string[] arguments)
    {
        var before = Environment.CurrentDirectory;
        Environment.CurrentDirectory = folder;
        try
        {
            return Run(arguments);
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
    }

    /// <summary>Starts it in a process of its own; the caller must read its standard error.</summary>
    public static Process Start(string folder, (string Name, string Value)? variable, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [main.Module.Assembly.Location, .. arguments]) { WorkingDirectory = folder };
        start.RedirectStandardError = true;
        if (variable is var (name, value)) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Runs a program to its end.</summary>
    public static (int Status, string Out, string Error) Wait(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
