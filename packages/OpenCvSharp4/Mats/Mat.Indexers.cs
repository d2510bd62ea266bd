using System.Runtime.CompilerServices;

namespace OpenCvSharp;

public partial class Mat
{
    /// <summary>Checks each index. To be asked for again when the Mat gets another size or type.</summary>
    public Indexer<T> GetGenericIndexer<T>()
        where T : struct => new(this);

    /// <summary>Does not check indices: one outside the Mat corrupts memory.</summary>
    public UnsafeIndexer<T> GetUnsafeGenericIndexer<T>()
        where T : unmanaged => new(this);

    /// <summary>Element access that checks each index.</summary>
    public sealed unsafe class Indexer<T> : MatIndexer<T>
        where T : struct
    {
        private readonly byte* data;
        private readonly int[] sizes;
        private readonly long[] steps;

        internal Indexer(Mat parent)
            : base(parent)
        {
            if (!parent.Empty())
                parent.Element<T>(new int[parent.Dims]); // refuses a T that does not fit
            data = parent.DataPointer;
            sizes = [.. Enumerable.Range(0, parent.Dims).Select(parent.Size)];
            steps = [.. Steps];
        }

        public override T this[int i0]
        {
            get => At([i0]);
            set => At([i0]) = value;
        }

        public override T this[int i0, int i1]
        {
            get => At([i0, i1]);
            set => At([i0, i1]) = value;
        }

        public override T this[int i0, int i1, int i2]
        {
            get => At([i0, i1, i2]);
            set => At([i0, i1, i2]) = value;
        }

        public override T this[params int[] idx]
        {
            get => At(idx);
            set => At(idx) = value;
        }

        private ref T At(scoped ReadOnlySpan<int> idx)
        {
            Parent.ThrowIfDisposed();
            var address = data;
            for (var i = 0; i < idx.Length; i++)
            {
                if (i >= sizes.Length || (uint)idx[i] >= (uint)sizes[i])
                    throw new ArgumentOutOfRangeException(nameof(idx), $"Index {idx[i]} in dimension {i} of {Parent}");
                address += steps[i] * idx[i];
            }
            return ref Unsafe.AsRef<T>(address);
        }
    }

    /// <summary>Element access without checks.</summary>
    public sealed unsafe class UnsafeIndexer<T> : MatIndexer<T>
        where T : unmanaged
    {
        private readonly byte* data;
        private readonly long step0, step1, step2;

        internal UnsafeIndexer(Mat parent)
            : base(parent)
        {
            data = parent.DataPointer;
            step0 = StepOr0(0);
            step1 = StepOr0(1);
            step2 = StepOr0(2);
        }

        public override T this[int i0]
        {
            get => *(T*)(data + (step0 * i0));
            set => *(T*)(data + (step0 * i0)) = value;
        }

        public override T this[int i0, int i1]
        {
            get => *(T*)(data + (step0 * i0) + (step1 * i1));
            set => *(T*)(data + (step0 * i0) + (step1 * i1)) = value;
        }

        public override T this[int i0, int i1, int i2]
        {
            get => *(T*)(data + (step0 * i0) + (step1 * i1) + (step2 * i2));
            set => *(T*)(data + (step0 * i0) + (step1 * i1) + (step2 * i2)) = value;
        }

        public override T this[params int[] idx]
        {
            get => At(idx);
            set => At(idx) = value;
        }

        private ref T At(int[] idx)
        {
            var address = data;
            for (var i = 0; i < idx.Length; i++)
                address += Steps[i] * idx[i];
            return ref Unsafe.AsRef<T>(address);
        }

        private long StepOr0(int i) => i < Steps.Count ? Steps[i] : 0;
    }
}
