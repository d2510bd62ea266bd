using System;
using System.Linq;
using System.Threading;
using TorchSharp.Dispatch;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>
    /// A handle on a libtorch tensor: it owns one reference, given back by <see cref="Dispose()"/>, by the dispose scope
    /// that it belongs to, or at last by the finalizer.
    /// </summary>
    public partial class Tensor : IDisposable
    {
        private static long live;
        private static long peak;
        private nint handle;

        internal Tensor(IntPtr handle)
        {
            this.handle = handle;
            Interlocked.Increment(ref live);
            if (live > peak) peak = live;
            var statistics = DisposeScopeManager.Statistics;
            if (DisposeScopeManager.Current is { } scope)
            {
                scope.Add(this);
                statistics.CreatedInScopeCount++;
            }
            else
            {
                statistics.CreatedOutsideScopeCount++;
            }
        }

        ~Tensor() => Dispose(false);

        /// <summary>Wrappers that hold a native tensor now, over all threads.</summary>
        public static long TotalCount => Interlocked.Read(ref live);

        /// <summary>The highest <see cref="TotalCount"/> so far.</summary>
        public static long PeakCount => Interlocked.Read(ref peak);

        internal DisposeScope? Scope { get; set; }

        internal int ScopeIndex { get; set; }

        public IntPtr Handle
        {
            get
            {
                if (handle == 0) throw new InvalidOperationException("Tensor invalid -- empty handle. It was disposed.");
                return handle;
            }
        }

        public bool IsInvalid => handle == 0;

        public string? name { get; set; }

        /// <summary>Gives up the native tensor without releasing it: the caller owns the reference now.</summary>
        public IntPtr DecoupleFromNativeHandle()
        {
            var decoupled = Handle;
            Forget();
            return decoupled;
        }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            var owned = handle;
            if (owned == 0) return;
            if (disposing)
            {
                Forget();
            }
            else
            {
                handle = 0;
                Interlocked.Decrement(ref live);
            }
            Native.td_release(owned);
        }

        private void Forget()
        {
            handle = 0;
            Interlocked.Decrement(ref live);
            var statistics = DisposeScopeManager.Statistics;
            if (Scope is null)
            {
                statistics.DisposedOutsideScopeCount++;
            }
            else
            {
                Scope.Remove(this);
                statistics.DisposedInScopeCount++;
            }
        }

        internal void MoveTo(DisposeScope? scope)
        {
            if (Scope == scope || handle == 0) return;
            Scope?.Remove(this);
            if (scope is null)
            {
                DisposeScopeManager.Statistics.DetachedFromScopeCount++;
            }
            else
            {
                scope.Add(this);
                DisposeScopeManager.Statistics.AttachedToScopeCount++;
            }
        }

        /// <summary>Takes this wrapper's place as the owner of another's native tensor; the other becomes empty.</summary>
        internal void Adopt(Tensor other)
        {
            var previous = Handle;
            handle = Native.td_alias(other.Handle);
            GC.KeepAlive(other);
            Native.td_release(previous);
        }

        public Tensor DetachFromDisposeScope()
        {
            MoveTo(null);
            return this;
        }

        public Tensor MoveToOuterDisposeScope()
        {
            Scope?.MoveToOuter(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other.Scope);

        public Tensor MoveToOtherDisposeScope(DisposeScope? other)
        {
            MoveTo(other);
            return this;
        }

        public long dim()
        {
            var dim = Native.td_dim(Handle);
            GC.KeepAlive(this);
            return dim;
        }

        public long ndim => dim();

        public unsafe long[] shape
        {
            get
            {
                var sizes = new long[dim()];
                fixed (long* memory = sizes) Native.td_sizes(Handle, memory);
                GC.KeepAlive(this);
                return sizes;
            }
        }

        public long[] size() => shape;

        public long size(int dim) => shape[Wrap(dim)];

        public unsafe long[] stride()
        {
            var strides = new long[dim()];
            fixed (long* memory = strides) Native.Check(Native.td_strides(Handle, memory));
            GC.KeepAlive(this);
            return strides;
        }

        public long stride(int dim) => stride()[Wrap(dim)];

        private int Wrap(int dim)
        {
            long rank = this.dim();
            if (dim < -rank || dim >= rank) throw new IndexOutOfRangeException($"dimension {dim} of a tensor with {rank} dimensions");
            return dim < 0 ? dim + (int)rank : dim;
        }

        public long numel()
        {
            var count = Native.td_numel(Handle);
            GC.KeepAlive(this);
            return count;
        }

        public long NumberOfElements => numel();

        public ScalarType dtype
        {
            get
            {
                var type = Native.td_scalar_type(Handle);
                GC.KeepAlive(this);
                return (ScalarType)type;
            }
        }

        public long ElementSize
        {
            get
            {
                var bytes = Native.td_element_size(Handle);
                GC.KeepAlive(this);
                return bytes;
            }
        }

        public unsafe Device device
        {
            get
            {
                int type, index;
                Native.td_device(Handle, &type, &index);
                GC.KeepAlive(this);
                return type == (int)DeviceType.CPU ? CPU : new Device((DeviceType)type, index);
            }
        }

        public DeviceType device_type => device.type;

        public int device_index => device.index;

        public bool is_cuda => device_type is DeviceType.CUDA;

        public bool is_meta => device_type is DeviceType.META;

        public bool is_cpu() => device_type is DeviceType.CPU;

        public bool is_sparse
        {
            get
            {
                var kind = Native.td_layout(Handle);
                GC.KeepAlive(this);
                return kind == (int)layout.sparse_coo;
            }
        }

        public bool is_contiguous()
        {
            var contiguous = Native.td_is_contiguous(Handle);
            GC.KeepAlive(this);
            return contiguous != 0;
        }

        public bool is_floating_point() => torch.is_floating_point(dtype);

        public bool is_integral() => torch.is_integral(dtype);

        public bool is_complex() => dtype is ScalarType.ComplexFloat32 or ScalarType.ComplexFloat64;

        public override bool Equals(object? obj) => obj is Tensor other && Equals(other);

        /// <summary>Whether both have the same shape and the same values.</summary>
        public bool Equals(Tensor target) => ReferenceEquals(this, target) || Dispatcher.CallBool("equal", this, target);

        public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

        internal Tensor Rewrap() => new(Native.td_alias(Handle));

        internal static nint[] Handles(System.Collections.Generic.IEnumerable<Tensor>? tensors) =>
            tensors?.Select(tensor => tensor.Handle).ToArray() ?? [];
    }

    public static bool is_floating_point(ScalarType type) =>
        type is ScalarType.Float16 or ScalarType.Float32 or ScalarType.Float64 or ScalarType.BFloat16;

    public static bool is_integral(ScalarType type) =>
        type is ScalarType.Byte or ScalarType.Int8 or ScalarType.Int16 or ScalarType.Int32 or ScalarType.Int64;
}
