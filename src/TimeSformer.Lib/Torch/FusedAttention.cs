using static TorchSharp.torch;
using static TorchSharp.torch.backends.cuda;
using static TorchSharp.torch.nn.functional;

namespace TimeSformer.Torch;

/// <summary>libtorch's attention in one operation, which keeps no weights.</summary>
internal static class FusedAttention
{
    /// <summary>The most sequences at once: on CUDA it fails from 65,536 on.</summary>
    public const int MostSequences = 32_768;

    /// <summary>softmax(q·k / sqrt(D/A))·v for queries, keys and values (S, A, L, D/A) each; the same shape.</summary>
    public static Tensor Of(Tensor q, Tensor k, Tensor v)
    {
        if (q.shape[0] <= MostSequences) return scaled_dot_product_attention(q, k, v);
        var parts = q.split(MostSequences).Zip(k.split(MostSequences), v.split(MostSequences));
        return cat([.. parts.Select(part => scaled_dot_product_attention(part.First, part.Second, part.Third))]);
    }

    /// <summary>
    /// Until the result is disposed, <c>scaled_dot_product_attention</c> is composed of products and a softmax, in the whole process.
    /// </summary>
    /// <exception cref="InputException">This libtorch lacks the functions for it.</exception>
    public static IDisposable Off() => new Pause();

    private static void Allow(bool isAllowed)
    {
        Libtorch.set_other_fused_attention(isAllowed); // first, as it may fail
        enable_flash_sdp(isAllowed); // the only one on the CPU
    }

    private sealed class Pause : IDisposable
    {
        public Pause() => Allow(false);

        public void Dispose() => Allow(true);
    }
}
