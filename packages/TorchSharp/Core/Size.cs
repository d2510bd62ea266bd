using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A tensor's shape.</summary>
    public struct Size : IEnumerable<long>
    {
        private readonly long[] shape;

        public Size(long[] shape) => this.shape = (long[])shape.Clone();

        public Size(IEnumerable<long> shape) => this.shape = shape.ToArray();

        public Size(int[] shape) => this.shape = shape.Select(length => (long)length).ToArray();

        public Size(long size) => shape = [size];

        public Size(int size) => shape = [size];

        public Size((long, long) size) => shape = [size.Item1, size.Item2];

        public Size((long, long, long) size) => shape = [size.Item1, size.Item2, size.Item3];

        public Size((long, long, long, long) size) => shape = [size.Item1, size.Item2, size.Item3, size.Item4];

        public Size((long, long, long, long, long) size) => shape = [size.Item1, size.Item2, size.Item3, size.Item4, size.Item5];

        public static readonly Size Empty = new(Array.Empty<long>());

        public readonly long[] Shape => (long[])(shape ?? []).Clone();

        public readonly int Length => shape?.Length ?? 0;

        public readonly bool IsEmpty => Length == 0;

        public readonly bool IsScalar => Length == 0;

        public readonly long this[int idx] => shape[idx];

        public readonly long this[long idx] => shape[idx];

        public readonly long numel() => shape?.Aggregate(1L, (product, length) => product * length) ?? 1;

        public readonly Size Slice(int first, int next) => new(shape[first..next]);

        public readonly IEnumerable<long> Take(int i) => shape.Take(i);

        public readonly IEnumerator<long> GetEnumerator() => ((IEnumerable<long>)(shape ?? [])).GetEnumerator();

        readonly IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public override readonly bool Equals(object? obj) => obj is Size other && this == other;

        public override readonly int GetHashCode() => (shape ?? []).Aggregate(17, HashCode.Combine);

        public static bool operator ==(Size left, Size right) => (left.shape ?? []).AsSpan().SequenceEqual(right.shape);

        public static bool operator !=(Size left, Size right) => !(left == right);

        public static Size operator +(Size left, Size right) => new([.. left, .. right]);

        public static Size operator +(Size left, IEnumerable<long> right) => new([.. left, .. right]);

        public static implicit operator Size(long size) => new(size);

        public static implicit operator Size((long, long) size) => new(size);

        public static implicit operator Size((long, long, long) size) => new(size);

        public static implicit operator Size((long, long, long, long) size) => new(size);

        public static implicit operator Size((long, long, long, long, long) size) => new(size);

        public static implicit operator Size(long[] size) => new(size);

        public override readonly string ToString() => $"[{string.Join(", ", this)}]";
    }
}
