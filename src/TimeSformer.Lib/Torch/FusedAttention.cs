using static TorchSharp.torch.backends.cuda;

namespace TimeSformer.Torch;

/// <summary>libtorch's attention in one operation, which keeps no weights.</summary>
internal static class FusedAttention
{
    /// <summary>
    /// Until the result is disposed, <c>scaled_dot_product_attention</c> is composed of products and a softmax, in the whole process.
    /// </summary>
    /// <exception cref="InputException">This libtorch lacks the functions for it.</exception>
    public static IDisposable Off() => new Pause();

    private static void Allow(bool isAllowed)
    {
        enable_flash_sdp(isAllowed); // the only one on the CPU
        Libtorch.set_other_fused_attention(isAllowed);
    }

    private sealed class Pause : IDisposable
    {
        public Pause() => Allow(false);

        public void Dispose() => Allow(true);
    }
}
