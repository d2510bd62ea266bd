using System;
using System.Collections;
using System.Collections.Generic;

namespace TorchSharp.Utils;

/// <summary>
/// The numbers below `size` in a random order, another at each enumeration. A seed fixes the sequence of orders; the first of them is the one that
/// TorchSharp has for that seed (and which it repeats in each epoch).
/// </summary>
internal sealed class FisherYatesShuffler(long size, int? seed = null) : IEnumerable<long>
{
    private readonly Random random = seed is { } given ? new Random(given) : new Random();

    public IEnumerator<long> GetEnumerator()
    {
        var order = new long[size];
        lock (random)
        {
            for (long k = 0; k < size; k++)
            {
                long other = (((long)random.Next() << 32) + (uint)random.Next()) % (k + 1);
                order[k] = order[other];
                order[other] = k;
            }
        }
        return ((IEnumerable<long>)order).GetEnumerator();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
