using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp.Dispatch;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor reshape(params long[] shape) => Dispatcher.Call("reshape", this, shape);

        public Tensor view(params long[] shape) => Dispatcher.Call("view", this, shape);

        public Tensor as_strided(long[] size, long[] strides, long storageOffset = 0L) => Dispatcher.Call("as_strided", this, size, strides, storageOffset);

        public Tensor view_as(Tensor other) => view(other.shape);

        public Tensor permute(params long[] permutation) => Dispatcher.Call("permute", this, permutation);

        public Tensor permute(IEnumerable<long> permutation) => permute(permutation.ToArray());

        public Tensor transpose(long dim0, long dim1) => Dispatcher.Call("transpose.int", this, dim0, dim1);

        public Tensor transpose_(long dim0, long dim1) => Dispatcher.Call("transpose_", this, dim0, dim1);

        public Tensor swapaxes(long dim0, long dim1) => transpose(dim0, dim1);

        public Tensor movedim(long[] source, long[] destination) => Dispatcher.Call("movedim.intlist", this, source, destination);

        public Tensor t() => Dispatcher.Call("t", this);

        public Tensor T => Dispatcher.Call("numpy_T", this);

        /// <summary>The first two dimensions exchanged, complex numbers conjugated.</summary>
        public Tensor H
        {
            get
            {
                if (!is_complex()) return transpose(0, 1);
                using var exchanged = transpose(0, 1);
                return Dispatcher.Call("conj", exchanged);
            }
        }

        public Tensor mT => Dispatcher.Call("mT", this);

        public Tensor expand(params long[] sizes) => Dispatcher.Call("expand", this, sizes);

        public Tensor expand(long[] sizes, bool isImplicit = false) => Dispatcher.Call("expand", this, sizes, isImplicit);

        public Tensor expand(ReadOnlySpan<long> sizes, bool isImplicit = false) => expand(sizes.ToArray(), isImplicit);

        public Tensor expand(Size sizes, bool isImplicit = false) => expand(sizes.Shape, isImplicit);

        public Tensor expand_as(Tensor other) => expand(other.shape);

        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Dispatcher.Call("flatten.using_ints", this, start_dim, end_dim);

        public Tensor unflatten(long dim, params long[] sizes)
        {
            var from = shape;
            int axis = Wrap((int)dim);
            return reshape([.. from[..axis], .. sizes, .. from[(axis + 1)..]]);
        }

        public Tensor unflatten(long dim, Size sizes) => unflatten(dim, sizes.Shape);

        public Tensor squeeze(long? dim = null) => dim is { } axis ? Dispatcher.Call("squeeze.dim", this, axis) : Dispatcher.Call("squeeze", this);

        public Tensor squeeze_(long? dim = null) => dim is { } axis ? Dispatcher.Call("squeeze_.dim", this, axis) : Dispatcher.Call("squeeze_", this);

        public Tensor unsqueeze(long dim) => Dispatcher.Call("unsqueeze", this, dim);

        public Tensor unsqueeze_(long dim) => Dispatcher.Call("unsqueeze_", this, dim);

        public Tensor contiguous() => Dispatcher.Call("contiguous", this);

        public Tensor clone() => Dispatcher.Call("clone", this);

        public Tensor alias() => Dispatcher.Call("alias", this);

        public Tensor detach() => Dispatcher.Call("detach", this);

        public Tensor detach_() => Dispatcher.Call("detach_", this);

        public Tensor narrow(long dim, long start, long length) => Dispatcher.Call("narrow", this, dim, start, length);

        public Tensor slice(long dim, long start, long finish, long step) => Dispatcher.Call("slice.Tensor", this, dim, start, finish, step);

        public Tensor select(long dim, long index) => Dispatcher.Call("select.int", this, dim, index);

        public Tensor[] chunk(long chunks, long dim = 0) => Dispatcher.CallList("chunk", this, chunks, dim);

        public Tensor[] split(long size, int dim = 0) => Dispatcher.CallList("split.Tensor", this, size, dim);

        public Tensor[] split(params long[] sizes) => split(sizes, 0);

        public Tensor[] split(long[] sizes, long dim = 0) => Dispatcher.CallList("split_with_sizes", this, sizes, dim);

        public Tensor[] split(ReadOnlySpan<long> sizes, long dim = 0) => split(sizes.ToArray(), dim);

        public Tensor[] unbind(long dimension = 0) => Dispatcher.CallList("unbind.int", this, dimension);

        public Tensor repeat(params long[] sizes) => Dispatcher.Call("repeat", this, sizes);

        public Tensor tile(long[] reps) => Dispatcher.Call("tile", this, reps);

        public Tensor flip(params long[] dims) => Dispatcher.Call("flip", this, dims);

        public Tensor roll(long shifts, long? dims = null) => Dispatcher.Call("roll", this, new[] { shifts }, dims is { } axis ? new[] { axis } : System.Array.Empty<long>());

        public Tensor roll(long[] shifts, long[] dims) => Dispatcher.Call("roll", this, shifts, dims);

        /// <summary>Along the first dimension, as in the original; PyTorch rolls the flattened tensor.</summary>
        public Tensor roll(long[] shifts) => Dispatcher.Call("roll", this, shifts, new long[] { 0 });

        public Tensor roll(ReadOnlySpan<long> shifts, ReadOnlySpan<long> dims = default) => roll(shifts.ToArray(), dims.ToArray());

        public Tensor roll((long, long) shifts, (long, long) dims) =>
            Dispatcher.Call("roll", this, new[] { shifts.Item1, shifts.Item2 }, new[] { dims.Item1, dims.Item2 });

        public Tensor roll((long, long, long) shifts, (long, long, long) dims) =>
            Dispatcher.Call("roll", this, new[] { shifts.Item1, shifts.Item2, shifts.Item3 }, new[] { dims.Item1, dims.Item2, dims.Item3 });

        public Tensor tril(long diagonal = 0) => Dispatcher.Call("tril", this, diagonal);

        public Tensor triu(long diagonal = 0) => Dispatcher.Call("triu", this, diagonal);

        public Tensor diag(long diagonal = 0) => Dispatcher.Call("diag", this, diagonal);

        public Tensor diagonal(long offset = 0, long dim1 = 0, long dim2 = 1) => Dispatcher.Call("diagonal", this, offset, dim1, dim2);

        public Tensor gather(long dim, Tensor index) => Dispatcher.Call("gather", this, dim, index);

        public Tensor scatter(long dim, Tensor index, Tensor src) => Dispatcher.Call("scatter.src", this, dim, index, src);

        public Tensor scatter_(long dim, Tensor index, Tensor src) => Dispatcher.Call("scatter_.src", this, dim, index, src);

        public Tensor scatter_add(long dim, Tensor index, Tensor src) => Dispatcher.Call("scatter_add", this, dim, index, src);

        public Tensor scatter_add_(long dim, Tensor index, Tensor src) => Dispatcher.Call("scatter_add_", this, dim, index, src);

        public Tensor index_select(long dim, Tensor index) => Dispatcher.Call("index_select", this, dim, index);

        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha) => Dispatcher.Call("index_add_", this, dim, index, source, alpha);

        public Tensor index_copy_(long dim, Tensor index, Tensor source) => Dispatcher.Call("index_copy_", this, dim, index, source);

        public Tensor index_fill_(long dim, Tensor index, Scalar value) => Dispatcher.Call("index_fill_.int_Scalar", this, dim, index, value);

        public Tensor set_(Tensor source) => Dispatcher.Call("set_.source_Tensor", this, source);
    }
}
