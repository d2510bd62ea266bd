using TimeSformer.Cli.Notebooks;

namespace TimeSformer.Cli.Commands;

/// <summary><c>kernel install|uninstall|status</c>: the C# kernel for Jupyter and VS Code.</summary>
internal static class KernelCommand
{
    public static Command Create() => new("kernel", """
        Install the C# kernel, which runs the notebooks in Jupyter and VS Code, for the current user.

        Example:
          ./timesformer kernel install
        """) { Install(), Uninstall(), Status() };

    private static Command Install()
    {
        var force = new Option<bool>("--force") { Description = "Replace another kernel of the same name" };
        return new Command("install", "Register the kernel with Jupyter, for the current user") { force }.Does((parsed, _) =>
        {
            KernelSpec.Install(parsed.GetValue(force));
            Console.WriteLine($"installed {KernelSpec.File}");
            Console.Write("Open the notebooks with ./timesformer notebooks open or, in VS Code, ");
            Console.WriteLine("Select Kernel, Jupyter Kernel, .NET (C#).");
            return 0;
        });
    }

    private static Command Uninstall()
    {
        var force = new Option<bool>("--force") { Description = "Remove another kernel of the same name too" };
        return new Command("uninstall", "Undo install") { force }.Does((parsed, _) =>
        {
            bool removed = KernelSpec.Uninstall(parsed.GetValue(force));
            Console.WriteLine(removed ? $"removed {KernelSpec.File}" : $"nothing to remove: {KernelSpec.File} does not exist");
            return 0;
        });
    }

    private static Command Status() =>
        new Command("status", "Print what is installed. Exit status 1 if the kernel would not start").Does((_, _) =>
        {
            var (command, jupyter) = (KernelSpec.Command(), Jupyter.Has("nbconvert"));
            var program = command.ElementAtOrDefault(1);
            bool installed = File.Exists(KernelSpec.File), ours = KernelSpec.IsOurs(), built = File.Exists(program);
            Line("kernelspec", installed, installed ? KernelSpec.File : $"no {KernelSpec.File}; run ./timesformer kernel install");
            if (installed) Line("starts", ours, $"{string.Join(' ', command)}{(ours ? "" : " (another kernel; --force replaces it)")}");
            if (ours) Line("program", built, built ? $"{program}" : $"no {program ?? "program"}; run ./timesformer kernel install");
            const string install = "missing; sudo apt-get install jupyter-notebook jupyter-nbconvert (VS Code does not need it)";
            Line("jupyter", jupyter, jupyter ? "jupyter nbconvert" : install);
            return ours && built ? 0 : ExitCode.Difference;
        });

    private static void Line(string what, bool good, string text) => Console.WriteLine($"{(good ? "ok" : "--"),-4}{what,-12}{text}");
}
