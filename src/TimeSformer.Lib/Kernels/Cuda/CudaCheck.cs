using TimeSformer.Torch;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Kernels.Cuda;

/// <summary>Compares the kernels' steps on a small case with steps composed of libtorch's operations in float32.</summary>
internal static class CudaCheck
{
    private const int Batch = 2, Patches = 5;
    private const double Eps = 1e-6;

    /// <summary>Checks results and all gradients of the MLP and of attention over space and time.</summary>
    /// <exception cref="InputException">The kernels cannot be compiled, or their results differ.</exception>
    public static void Run(Case sizes, Device device)
    {
        using var _ = enable_grad();
        using var scope = NewDisposeScope();
        var (dim, hidden) = (sizes.Width, sizes.Hidden);
        long rows = 1 + (Patches * sizes.Frames);
        var norm = new[] { Values(sizes, device, 1, dim), Values(sizes, device, 2, dim) };
        Tensor Matrix(int seed, int to, int from) => Values(sizes, device, seed, to, from).Over(Math.Sqrt(from)).detach();
        Tensor x = Values(sizes, device, 3, Batch, rows, dim), upper = Values(sizes, device, 4, Batch, rows, dim);
        Tensor[] mlp = [Matrix(5, hidden, dim), Values(sizes, device, 6, hidden), Matrix(7, dim, hidden), Values(sizes, device, 8, dim)];
        Tensor[] attention =
        [
            Matrix(9, 3 * dim, dim), Values(sizes, device, 10, 3 * dim), Matrix(11, dim, dim), Values(sizes, device, 12, dim),
            Matrix(13, dim, dim), Values(sizes, device, 14, dim),
        ];
        Compare("MLP", [x, .. norm, .. mlp], all => CudaMlp.Call([.. all, null, Eps, sizes.Stored]), ComposedMlp);
        foreach (var layout in (ReadOnlySpan<SequenceLayout>)
            [
                SequenceLayout.Time(Batch, Patches, sizes.Frames), SequenceLayout.Space(Batch, Patches, sizes.Frames),
                SequenceLayout.Whole(Batch, rows),
            ])
        {
            bool isTime = layout is { WithClass: false, First: 1 };
            Tensor[] weights = isTime ? attention : attention[..4];
            Tensor?[] missing = isTime ? [] : [null, null];
            var name = isTime ? "attention over time" : layout.WithClass ? "attention over space" : "attention";
            Compare(
                name, [x, .. norm, .. weights],
                all => CudaAttention.Call([.. all, .. missing, null, new AttentionStepShape(layout, sizes.Heads, Eps), sizes.Stored]),
                all => ComposedAttention(layout, sizes.Heads, all));
        }

        void Compare(string what, Tensor[] inputs, Func<Tensor[], Tensor> kernels, Func<Tensor[], Tensor> composed)
        {
            var actual = Results(inputs, kernels, upper);
            var expected = Results(Single(inputs), Uncast(composed, device), Single([upper])[0]);
            // Products in bfloat16 have relative errors of 2^-9 each, some of which add up.
            double most = sizes.Stored is ScalarType.BFloat16 ? 0.03 : 1e-4;
            foreach (var ((mine, other), number) in actual.Zip(expected).Select((pair, number) => (pair, number)))
            {
                double error = Distance(mine, other);
                if (error <= most) continue;
                var place = number == 0 ? "the result" : $"the gradient of input {number}";
                throw new InputException($"{what} differs from the composed operations by {error:0.0e0} in {place}");
            }
        }
    }

    // The result, then the gradients of all inputs.
    private static List<Tensor> Results(Tensor[] inputs, Func<Tensor[], Tensor> step, Tensor upper)
    {
        var leaves = Array.ConvertAll(inputs, input => input.detach().clone());
        foreach (var leaf in leaves) leaf.requires_grad = true;
        var result = step(leaves);
        result.backward([upper]);
        return [result.detach(), .. leaves.Select(leaf => leaf.grad!)];
    }

    private static Tensor[] Single(Tensor[] all) => Array.ConvertAll(all, x => x.to_type(ScalarType.Float32));

    private static double Distance(Tensor actual, Tensor expected)
    {
        using Scalar minus = -1;
        return actual.to_type(ScalarType.Float32).add(expected, minus).norm().Number() / expected.norm().Number();
    }

    // Without autocast, which may be on.
    private static Func<Tensor[], Tensor> Uncast(Func<Tensor[], Tensor> step, Device device) => inputs =>
    {
        bool was = Libtorch.is_autocast_enabled(device.type);
        Libtorch.set_autocast_enabled(device.type, false);
        try
        {
            return step(inputs);
        }
        finally
        {
            Libtorch.set_autocast_enabled(device.type, was);
        }
    };

    // Numbers in (-1, 1) without a visible order. A generator's would change what the caller draws later.
    private static Tensor Values(Case sizes, Device device, int seed, params long[] shape)
    {
        using Scalar start = 0, stop = shape.Aggregate((a, b) => a * b), step = 1;
        return arange(start, stop, step, ScalarType.Float64, device).Times(12.9898).Plus(seed).sin().Times(43758.5453).sin()
            .to_type(sizes.Residual).view(shape);
    }

    private static Tensor ComposedMlp(Tensor[] all)
    {
        var hidden = functional.linear(Norm(all), all[3], all[4]);                                    // (B, R, W)
        return all[0].Plus(functional.linear(functional.gelu(hidden), all[5], all[6]));               // (B, R, D)
    }

    private static Tensor Norm(Tensor[] all) => functional.layer_norm(all[0], [all[0].shape[2]], all[1], all[2], Eps);

    private static Tensor ComposedAttention(SequenceLayout layout, int heads, Tensor[] all)
    {
        var (x, normed) = (all[0], Norm(all));                                                        // (B, R, D)
        if (layout.First == 0) return x.Plus(Attend(normed, heads, all));
        var (batch, dim) = (x.shape[0], x.shape[2]);
        var (cls, patches) = (x[.., ..1], x[.., 1..]);                                                // (B, 1, D), (B, N·T, D)
        if (!layout.WithClass)
        {
            var places = normed[.., 1..].reshape(batch * layout.Count, layout.Length, dim);           // (B·N, T, D)
            var branch = functional.linear(Attend(places, heads, all), all[7], all[8]);
            return cat([cls, patches.Plus(branch.reshape(batch, -1, dim))], 1);
        }
        var (count, length) = (layout.Count, layout.Length);
        var frames = normed[.., 1..].reshape(batch, length, count, dim).transpose(1, 2);              // (B, T, N, D)
        var copies = normed[.., ..1].unsqueeze(1).expand(batch, count, 1, dim);                       // (B, T, 1, D)
        var sequences = cat([copies, frames], 2).view(batch * count, 1 + length, dim);
        var attended = Attend(sequences, heads, all).view(batch, count, 1 + length, dim);             // (B, T, 1 + N, D)
        return cat(
        [
            cls.Plus(attended[.., .., 0].mean([1L], keepdim: true)),
            patches.Plus(attended[.., .., 1..].transpose(1, 2).reshape(batch, -1, dim)),
        ], 1);
    }

    // The projected attention within sequences (S, L, D).
    private static Tensor Attend(Tensor x, int heads, Tensor[] all)
    {
        var (sequences, length, dim) = (x.shape[0], x.shape[1], x.shape[2]);
        var qkv = functional.linear(x, all[3], all[4]).view(sequences, length, 3, heads, dim / heads).permute(2, 0, 3, 1, 4).unbind();
        var weights = Torch.Matrix.matmul(qkv[0], qkv[1].transpose(-2, -1)).Over(Math.Sqrt(dim / heads)).softmax(-1);
        var attended = Torch.Matrix.matmul(weights, qkv[2]).transpose(1, 2).flatten(2);               // (S, L, D)
        return functional.linear(attended, all[5], all[6]);
    }
}
