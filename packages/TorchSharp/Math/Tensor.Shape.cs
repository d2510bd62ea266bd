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

        public Tensor view_as(Tensor other) => view(other.shape);

        public Tensor permute(params long[] permutation) => Dispatcher.Call("permute", this, permutation);

        public Tensor permute(IEnumerable<long> permutation) => permute(permutation.ToArray());

        public Tensor transpose(long dim0, long dim1) => Dispatcher.Call("transpose.int", this, dim0, dim1);

        public Tensor transpose_(long dim0, long dim1) => Dispatcher.Call("transpose_", this, dim0, dim1);

        public Tensor swapaxes(long dim0, long dim1) => transpose(dim0, dim1);

        public Tensor movedim(long[] source, long[] destination) => Dispatcher.Call("movedim.intlist", this, source, destination);

        public Tensor t() => Dispatcher.Call("t", this);

        public Tensor T => Dispatcher.Call("numpy_T", this);

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

        public Tensor roll(long[] shifts) => Dispatcher.Call("roll", this, shifts);

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

    public static Tensor cat(IList<Tensor> tensors, long dim = 0) => Dispatcher.Call("cat", Arg.List(tensors), dim);

    public static Tensor cat(Tensor[] tensors, long dim = 0) => Dispatcher.Call("cat", tensors, dim);

    public static Tensor cat(ReadOnlySpan<Tensor> tensors, long dim = 0) => cat(tensors.ToArray(), dim);

    public static Tensor concat(IList<Tensor> tensors, long dim = 0) => cat(tensors, dim);

    public static Tensor concat(Tensor[] tensors, long dim = 0) => cat(tensors, dim);

    public static Tensor stack(IEnumerable<Tensor> tensors, long dim = 0) => Dispatcher.Call("stack", Arg.List(tensors), dim);

    public static Tensor hstack(params Tensor[] tensors) => Dispatcher.Call("hstack", tensors);

    public static Tensor hstack(IList<Tensor> tensors) => Dispatcher.Call("hstack", Arg.List(tensors));

    public static Tensor vstack(IList<Tensor> tensors) => Dispatcher.Call("vstack", Arg.List(tensors));

    public static Tensor vstack(Tensor[] tensors) => Dispatcher.Call("vstack", tensors);

    public static Tensor[] chunk(Tensor input, long chunks, long dim = 0) => input.chunk(chunks, dim);

    public static Tensor[] split(Tensor tensor, long[] split_size_or_sections, long dim = 0) => tensor.split(split_size_or_sections, dim);

    public static Tensor[] unbind(Tensor input, long dim = 0) => input.unbind(dim);

    public static Tensor[] meshgrid(IEnumerable<Tensor> tensors, string indexing = "ij") => Dispatcher.CallList("meshgrid.indexing", Arg.List(tensors), indexing);

    public static IList<Tensor> broadcast_tensors(params Tensor[] tensors) => Dispatcher.CallList("broadcast_tensors", tensors);

    public static Tensor broadcast_to(Tensor input, params long[] shape) => Dispatcher.Call("broadcast_to", input, shape);

    public static Tensor reshape(Tensor input, params long[] shape) => input.reshape(shape);

    public static Tensor flatten(Tensor input, long start_dim = 0, long end_dim = -1) => input.flatten(start_dim, end_dim);

    public static Tensor squeeze(Tensor input, long? dim = null) => input.squeeze(dim);

    public static Tensor unsqueeze(Tensor input, long dim) => input.unsqueeze(dim);

    public static Tensor transpose(Tensor input, long dim0, long dim1) => input.transpose(dim0, dim1);

    public static Tensor permute(Tensor input, params long[] permutation) => input.permute(permutation);

    public static Tensor flip(Tensor input, params long[] dims) => input.flip(dims);

    public static Tensor narrow(Tensor input, long dim, long start, long length) => input.narrow(dim, start, length);

    public static Tensor gather(Tensor input, long dim, Tensor index) => input.gather(dim, index);

    public static Tensor index_select(Tensor input, long dim, Tensor index) => input.index_select(dim, index);

    public static Tensor tril(Tensor input, long diagonal = 0) => input.tril(diagonal);

    public static Tensor triu(Tensor input, long diagonal = 0) => input.triu(diagonal);

    public static Tensor diag(Tensor input, long diagonal = 0) => input.diag(diagonal);

    public static long numel(Tensor input) => input.numel();
}
