using System.Runtime.CompilerServices;

namespace TimeSformer.Kernels;

/// <summary>
/// GELU(h + bias), x·Φ(x) with the normal distribution's Φ. Φ is computed by Abramowitz and Stegun's formula 7.1.26 for the error function,
/// which errs by less than 1.5e-7.
/// </summary>
internal static unsafe class GeluKernel<V, O, S>
    where V : unmanaged
    where O : struct, ISimd<V>
    where S : struct, IStorage
{
    /// <summary>The activation of each row.</summary>
    /// <param name="hidden">(rows, D).</param>
    /// <param name="bias">(D).</param>
    /// <param name="activated">(rows, D), may be the same memory as `hidden`.</param>
    public static void Forward(long rows, int width, void* hidden, float* bias, void* activated) =>
        Parallelism.Run(rows, [MethodImpl(Parallelism.AtOnce)] (first, end, _) =>
        {
            for (long row = first; row < end; row++)
            {
                for (int c = 0; c < width; c += O.Count)
                {
                    var x = O.Add(S.Load<V, O>(hidden, (row * width) + c), O.Load(bias + c));
                    S.Store<V, O>(O.Mul(x, Distribution(x, out V _)), activated, (row * width) + c);
                }
            }
        });

    /// <summary>The activation again, and the gradients of hidden values and bias.</summary>
    /// <param name="gradient">(rows, D): of the activation; replaced by that of `hidden`.</param>
    /// <param name="activated">(rows, D).</param>
    /// <param name="biasGradient">(D).</param>
    public static void Backward(long rows, int width, void* hidden, float* bias, void* gradient, void* activated, float* biasGradient) =>
        LayerNormKernel<V, O, S>.SumOverParts(width, biasGradient, parts =>
            Parallelism.Run(rows, [MethodImpl(Parallelism.AtOnce)] (first, end, part) =>
            {
                float* sum = (float*)parts + ((long)width * part);
                for (long row = first; row < end; row++)
                {
                    for (int c = 0; c < width; c += O.Count)
                    {
                        long at = (row * width) + c;
                        var x = O.Add(S.Load<V, O>(hidden, at), O.Load(bias + c));
                        var phi = Distribution(x, out var density);
                        S.Store<V, O>(O.Mul(x, phi), activated, at);
                        var g = O.Mul(S.Load<V, O>(gradient, at), O.Fma(x, density, phi));
                        S.Store<V, O>(g, gradient, at);
                        O.Store(O.Add(g, O.Load(sum + c)), sum + c);
                    }
                }
            }));

    // Φ(x) and the density at x. With t = 1 / (1 + p·|x|/√2), half of 1 - erf is a polynomial in t times e^(-x²/2).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Distribution(V x, out V density)
    {
        const float p = 0.3275911f / 1.41421356f, invRootTwoPi = 0.39894228f;
        var magnitude = O.Abs(x);
        var e = O.Exp(O.Mul(O.Mul(x, x), O.Of(-0.5f)));
        density = O.Mul(e, O.Of(invRootTwoPi));
        var t = O.Div(O.Of(1), O.Fma(magnitude, O.Of(p), O.Of(1)));
        var polynomial = O.Fma(t, O.Of(0.5f * 1.061405429f), O.Of(0.5f * -1.453152027f));
        polynomial = O.Fma(t, polynomial, O.Of(0.5f * 1.421413741f));
        polynomial = O.Fma(t, polynomial, O.Of(0.5f * -0.284496736f));
        polynomial = O.Fma(t, polynomial, O.Of(0.5f * 0.254829592f));
        var tail = O.Mul(O.Mul(t, polynomial), e);                  // the probability beyond |x|
        var above = O.Sub(O.Of(0.5f), tail);
        return O.Add(O.Of(0.5f), O.CopySign(above, x));
    }
}
