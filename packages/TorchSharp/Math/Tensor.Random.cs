using System;
using TorchSharp.Dispatch;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor normal_(double mean = 0, double std = 1, Generator? generator = null) => Dispatcher.Call("normal_", this, mean, std, generator);

        public Tensor uniform_(double from, double to, Generator? generator = null) => Dispatcher.Call("uniform_", this, from, to, generator);

        public Tensor random_(double from, double to, Generator? generator = null) => Dispatcher.Call("random_.from", this, (long)from, (long)to, generator);

        public Tensor bernoulli_(double p = 0.5, Generator? generator = null) => Dispatcher.Call("bernoulli_.float", this, p, generator);

        public Tensor bernoulli_(Tensor p, Generator? generator = null) => Dispatcher.Call("bernoulli_.Tensor", this, p, generator);
    }

    public static Tensor randint(long high, Size size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randint(0, high, size, dtype, device, requires_grad, generator, names);

    public static Tensor randint(long low, long high, Size size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Finish(
            generator is null
                ? Dispatcher.Call("randint.low", low, high, size.Shape, dtype ?? ScalarType.Int64, Arg.None, device ?? defaultDevice, Arg.None)
                : Dispatcher.Call("randint.low_generator", low, high, size.Shape, generator, dtype ?? ScalarType.Int64, Arg.None, device ?? defaultDevice, Arg.None),
            requires_grad);

    public static Tensor randint(long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randint(0, high, (Size)size, dtype, device, requires_grad, generator, names);

    public static Tensor randint(long low, long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randint(low, high, (Size)size, dtype, device, requires_grad, generator, names);

    public static Tensor randint(int high, int[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randint(0, high, new Size(size), dtype, device, requires_grad, generator, names);

    public static Tensor randint(int low, int high, int[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randint(low, high, new Size(size), dtype, device, requires_grad, generator, names);

    public static Tensor normal(double mean, double std, ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Finish(Drawn(empty(size, dtype, device), mean, std, generator), requires_grad);

    private static Tensor Drawn(Tensor target, double mean, double std, Generator? generator)
    {
        target.normal_(mean, std, generator).Dispose();
        return target;
    }

    /// <summary>Draws each element from a normal distribution of its own; the original draws in the default type, whatever theirs.</summary>
    public static Tensor normal(Tensor mean, Tensor std, Generator? generator = null)
    {
        using var noise = randn(mean.shape, null, std.device, generator: generator);
        using var scaled = noise.mul(std);
        return scaled.add(mean);
    }

    public static Tensor randperm(long n, Tensor @out, Generator? generator = null) =>
        generator is null ? Dispatcher.Call("randperm.out", n, @out) : Dispatcher.Call("randperm.generator_out", n, generator, @out);

    public static Tensor randperm(long n, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        Finish(
            generator is null
                ? Dispatcher.Call("randperm", n, dtype ?? ScalarType.Int64, Arg.None, device ?? defaultDevice, Arg.None)
                : Dispatcher.Call("randperm.generator", n, generator, dtype ?? ScalarType.Int64, Arg.None, device ?? defaultDevice, Arg.None),
            requires_grad);
}
