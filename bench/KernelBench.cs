using System.Diagnostics;
using Microsoft.DotNet.Interactive.Tests;

namespace TimeSformer.Bench;

/// <summary>What a user of notebooks waits for and what the kernel keeps: the program itself is started, and spoken to as a client does.</summary>
internal static class KernelBench
{
    /// <summary>Prints the figures beside their limits.</summary>
    /// <returns>1 where one is beyond its limit, else 0.</returns>
    public static int Run()
    {
        bool good = true;
        Console.WriteLine("| kernel | measured | limit |");
        Console.WriteLine("|---|---:|---:|");

        Row("start until kernel_info_reply, median of 3", "s", 3, Median(3, () => Time(() => new KernelClient().Dispose())));
        using var kernel = new KernelClient();
        Row("first cell", "s", null, Time(() => Execute("var first = 1;")));
        for (int i = 0; i < 10; i++) Execute("1 + 1");
        Row("1+1, median of 30", "ms", 50, 1e3 * Median(30, () => Time(() => Execute("1+1"))));
        Row("completion of Console.Wri, median of 20", "ms", 300, 1e3 * Median(20, () => Time(Complete)));

        double before = Resident();
        for (int i = 0; i < 500; i++) Execute($"var v{i} = {i}; Console.WriteLine(v{i});");
        Row("memory after 10 cells", "MB", null, before);
        Row("growth over 500 cells", "MB", 200, Resident() - before);
        Row("1+1 then, median of 30", "ms", 50, 1e3 * Median(30, () => Time(() => Execute("1+1"))));
        Row("completion then, median of 20", "ms", 300, 1e3 * Median(20, () => Time(Complete)));
        return good ? 0 : 1;

        void Execute(string code)
        {
            if (kernel.Execute(code) is { Status: not "ok" } answer) throw new InvalidOperationException($"{code}: {answer.Error}");
        }

        void Complete()
        {
            const string code = "Console.Wri";
            var matches = kernel.Ask("complete_request", new() { ["code"] = code, ["cursor_pos"] = code.Length }).Reply["matches"]!.AsArray();
            if (!matches.Any(match => (string)match! == "WriteLine")) throw new InvalidOperationException($"{code} is completed by {matches.ToJsonString()}");
        }

        double Resident()
        {
            var line = File.ReadLines($"/proc/{kernel.ProcessId}/status").Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2]) / 1024;
        }

        void Row(string what, string unit, double? limit, double measured)
        {
            good &= !(measured > limit);
            Console.WriteLine($"| {what} | {measured:0.0} {unit} | {(limit is null ? "" : $"{limit} {unit}")}{(measured > limit ? " exceeded" : "")} |");
        }
    }

    private static double Time(Action action)
    {
        var clock = Stopwatch.StartNew();
        action();
        return clock.Elapsed.TotalSeconds;
    }

    private static double Median(int times, Func<double> measure)
    {
        double[] sorted = [.. Enumerable.Range(0, times).Select(_ => measure()).Order()];
        return sorted[sorted.Length / 2];
    }
}
