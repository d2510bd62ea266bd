using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using TorchSharp.Dispatch;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        [IndexerName("TensorItems")]
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => Assign(indices, value);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices).Dispose();
        }

        [IndexerName("TensorItems")]
        public Tensor this[params long[] indices]
        {
            get => index(Singles(indices));
            set => Assign(Singles(indices), value);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1]
        {
            get => select(0, i1);
            set => Assign([i1], value);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2]
        {
            get => index(Singles([i1, i2]));
            set => Assign([i1, i2], value);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3]
        {
            get => index(Singles([i1, i2, i3]));
            set => Assign([i1, i2, i3], value);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => index(Singles([i1, i2, i3, i4]));
            set => Assign([i1, i2, i3, i4], value);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4, long i5]
        {
            get => index(Singles([i1, i2, i3, i4, i5]));
            set => Assign([i1, i2, i3, i4, i5], value);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4, long i5, long i6]
        {
            get => index(Singles([i1, i2, i3, i4, i5, i6]));
            set => Assign([i1, i2, i3, i4, i5, i6], value);
        }

        private static TensorIndex[] Singles(long[] indices) => Array.ConvertAll(indices, index => (TensorIndex)index);

        public Tensor index(params TensorIndex[] indices)
        {
            var (view, tensors) = View(indices);
            if (tensors is null) return view;
            using (view)
            {
                var result = Dispatcher.Call("index.Tensor", view, tensors);
                DisposeFlags(tensors, indices);
                return result;
            }
        }

        public Tensor index(params Tensor[] indices) => Dispatcher.Call("index.Tensor", this, indices);

        public Tensor index_put_(Tensor value, params TensorIndex[] indices) => index_put_(value, indices, false);

        public Tensor index_put_(Tensor value, TensorIndex[] indices, bool accumulate = false)
        {
            var (view, tensors) = View(indices);
            using (view)
            {
                // As PyTorch: a value may have more dimensions than the place it is put in, when they are 1 and come first.
                int extra = tensors is null ? (int)(value.dim() - view.dim()) : 0;
                using var source = extra > 0 && value.shape.Take(extra).All(static length => length == 1) ? value.reshape(value.shape[extra..]) : value.Rewrap();
                if (tensors is not null) Dispatcher.Call("index_put_", view, tensors, source, accumulate).Dispose();
                else if (accumulate) view.add_(source).Dispose();
                else view.copy_(source).Dispose();
            }
            if (tensors is not null) DisposeFlags(tensors, indices);
            return Rewrap();
        }

        public Tensor index_put_(Tensor value, params Tensor[] indices) => index_put_(value, indices, false);

        public Tensor index_put_(Tensor value, Tensor[] indices, bool accumulate = false) =>
            Dispatcher.Call("index_put_", this, indices, value, accumulate);

        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            using Tensor filled = full(Array.Empty<long>(), value, dtype, device);
            return index_put_(filled, indices);
        }

        public Tensor index_put_(Scalar value, params Tensor[] indices)
        {
            using Tensor filled = full(Array.Empty<long>(), value, dtype, device);
            return index_put_(filled, indices);
        }

        private void Assign(TensorIndex[] indices, Tensor value) => index_put_(value, indices).Dispose();

        /// <summary>
        /// Applies numbers, slices, new axes and ellipsis as views, left to right. Tensors among the indices are returned
        /// in the list that aten::index takes (null where a dimension is left alone); null if there are none.
        /// </summary>
        private (Tensor View, Tensor?[]? Tensors) View(TensorIndex[] indices)
        {
            long consumed = indices.Sum(static index => index.kind switch
            {
                TensorIndex.Kind.Single or TensorIndex.Kind.Slice => 1,
                TensorIndex.Kind.Tensor => index.tensor!.dtype is ScalarType.Bool or ScalarType.Byte ? index.tensor.dim() : 1,
                _ => 0,
            });
            if (consumed > dim()) throw new IndexOutOfRangeException($"{consumed} indices for a tensor with {dim()} dimensions");
            if (indices.Count(static index => index.kind is TensorIndex.Kind.Ellipsis) > 1) throw new ArgumentException("more than one ellipsis");

            var view = Rewrap();
            long axis = 0;
            List<Tensor?>? tensors = null;
            foreach (var index in indices)
            {
                Tensor? next = null;
                switch (index.kind)
                {
                    case TensorIndex.Kind.Single:
                        next = view.select(axis, index.start ?? throw new ArgumentException("an index is null"));
                        break;
                    case TensorIndex.Kind.Slice:
                        next = Dispatcher.Call("slice.Tensor", view, axis++, index.start, index.stop, index.step ?? 1);
                        break;
                    case TensorIndex.Kind.NewAxis:
                        next = view.unsqueeze(axis++);
                        break;
                    case TensorIndex.Kind.Ellipsis:
                        axis += dim() - consumed;
                        break;
                    case TensorIndex.Kind.Bool:
                        next = view.unsqueeze(axis);
                        Put(tensors ??= [], axis++, tensor(new[] { index.start != 0 }));
                        break;
                    case TensorIndex.Kind.Tensor:
                        Put(tensors ??= [], axis, index.tensor!);
                        axis += index.tensor!.dtype is ScalarType.Bool or ScalarType.Byte ? index.tensor.dim() : 1;
                        break;
                }
                if (next is null) continue;
                view.Dispose();
                view = next;
            }
            return (view, tensors?.ToArray());
        }

        // The tensors that View made itself, for flags among the indices.
        private static void DisposeFlags(Tensor?[] tensors, TensorIndex[] indices)
        {
            foreach (var flag in tensors.Except(indices.Select(static index => index.tensor))) flag?.Dispose();
        }

        private static void Put(List<Tensor?> tensors, long axis, Tensor index)
        {
            while (tensors.Count < axis) tensors.Add(null);
            tensors.Add(index);
        }
    }
}
