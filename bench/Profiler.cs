using System.Diagnostics;
using System.Runtime.InteropServices;
using TimeSformer.Torch;

namespace TimeSformer.Bench;

/// <summary>An operation's share of a step.</summary>
/// <param name="Name">Its name in libtorch, such as <c>aten::addmm</c>, or a node's of the backward pass.</param>
/// <param name="Calls">How often it was called.</param>
/// <param name="Ms">Milliseconds, without those of the operations that it called.</param>
internal sealed record Operation(string Name, int Calls, double Ms);

/// <summary>Measures the time of each operation of libtorch on this thread, by the callbacks that PyTorch's own profiler uses.</summary>
/// <remarks>
/// TorchSharp has no profiler. The callbacks are passed as a <c>at::RecordFunctionCallback</c> (libtorch 2.10 and 2.11,
/// aten/src/ATen/record_function.h) to functions with mangled names. Works on x64 Linux and macOS.
/// </remarks>
internal static unsafe partial class Profiler
{
    /// <summary>The name of the time that no operation accounts for.</summary>
    public const string Outside = "outside libtorch's operations";

    private const string Library = "torch_cpu";

    // Of the thread that profiles.
    [ThreadStatic]
    private static Stack<Call>? calls;

    [ThreadStatic]
    private static Dictionary<string, (int Calls, long Ticks)>? totals;

    /// <summary>Runs the work on this thread; its operations, the longest first, and the rest. Their times sum to the work's.</summary>
    /// <exception cref="InputException">The processor is another one, or this libtorch lacks the functions.</exception>
    public static IReadOnlyList<Operation> Run(Action work)
    {
        // Where the result of a start callback goes is known for this processor's calling convention.
        if (RuntimeInformation.ProcessArchitecture is not Architecture.X64 || OperatingSystem.IsWindows())
        {
            throw new InputException("--profile works on x64 Linux and macOS only; leave it out");
        }
        NativeLibraries.LoadTorch();
        (calls, totals) = (new(), []);
        try
        {
            ulong handle = addThreadLocalCallback(new RecordFunctionCallback());
            var clock = Stopwatch.StartNew();
            try
            {
                work();
            }
            finally
            {
                clock.Stop();
                removeCallback(handle);
            }
            double total = clock.Elapsed.TotalMilliseconds;
            var operations = totals.Select(pair => new Operation(pair.Key, pair.Value.Calls, Milliseconds(pair.Value.Ticks))).ToList();
            operations.Add(new(Outside, 1, total - operations.Sum(operation => operation.Ms)));
            return [.. operations.OrderByDescending(operation => operation.Ms)];
        }
        catch (EntryPointNotFoundException error)
        {
            throw new InputException($"this libtorch lacks a function that --profile needs ({error.Message}); leave it out", error);
        }
        finally
        {
            (calls, totals) = (null, null);
        }
    }

    private static double Milliseconds(long ticks) => ticks * 1e3 / Stopwatch.Frequency;

    // std::unique_ptr<ObserverContext> (*)(const RecordFunction&): the caller gives the place of the result, here a null pointer.
    [UnmanagedCallersOnly]
    private static nint Started(nint* result, nint function)
    {
        *result = 0;
        calls?.Push(new(Marshal.PtrToStringUTF8(name(function)) ?? "", Stopwatch.GetTimestamp()));
        return (nint)result;
    }

    [UnmanagedCallersOnly]
    private static void Ended(nint function, nint context)
    {
        long now = Stopwatch.GetTimestamp();
        if (calls is null || totals is null || !calls.TryPop(out var call)) return;
        long elapsed = now - call.Start;
        var (count, ticks) = totals.GetValueOrDefault(call.Name);
        totals[call.Name] = (count + 1, ticks + elapsed - call.Inner);
        if (calls.TryPeek(out var outer)) outer.Inner += elapsed;
    }

    [LibraryImport(Library, EntryPoint = "_ZN2at22addThreadLocalCallbackENS_22RecordFunctionCallbackE")]
    private static partial ulong addThreadLocalCallback(RecordFunctionCallback callback);

    [LibraryImport(Library, EntryPoint = "_ZN2at14removeCallbackEm")]
    private static partial void removeCallback(ulong handle);

    [LibraryImport(Library, EntryPoint = "_ZNK2at14RecordFunction4nameEv")]
    private static partial nint name(nint function);

    private sealed class Call(string name, long start)
    {
        public string Name => name;

        public long Start => start;

        public long Inner { get; set; }
    }

    // The data members of at::RecordFunctionCallback, in order.
    [StructLayout(LayoutKind.Sequential)]
    private struct RecordFunctionCallback
    {
        private const int Function = 0, BackwardFunction = 1, NumberOfScopes = 10; // at::RecordScope

        private readonly nint start = (nint)(delegate* unmanaged<nint*, nint, nint>)&Started;
        private readonly nint end = (nint)(delegate* unmanaged<nint, nint, void>)&Ended;
        private readonly double samplingProbability = 1;
        private fixed byte scopes[NumberOfScopes];
        private readonly byte needsInputs, needsOutputs, needsIds;

        public RecordFunctionCallback() => scopes[Function] = scopes[BackwardFunction] = 1;
    }
}
