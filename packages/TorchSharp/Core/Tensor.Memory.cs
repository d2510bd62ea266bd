using System;
using System.Runtime.InteropServices;
using TorchSharp.Dispatch;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The elements of a contiguous CPU tensor as raw bytes.</summary>
        /// <exception cref="NotImplementedException">The tensor is not contiguous.</exception>
        /// <exception cref="InvalidOperationException">The tensor is not on the CPU.</exception>
        public unsafe Span<byte> bytes
        {
            get
            {
                if (!is_contiguous()) throw new NotImplementedException("bytes of a tensor that is not contiguous; call contiguous() first");
                return new Span<byte>(DataPointer(), checked((int)(numel() * ElementSize)));
            }

            set
            {
                var target = bytes;
                if (value.Length != target.Length) throw new ArgumentException($"{value.Length} bytes for a tensor of {target.Length}");
                value.CopyTo(target);
            }
        }

        /// <summary>Element-wise access to a CPU tensor's memory; strides are respected.</summary>
        /// <exception cref="InvalidOperationException">The tensor is not on the CPU or has another element type.</exception>
        public TensorAccessor<T> data<T>()
            where T : unmanaged
        {
            if (!Holds<T>(dtype)) throw new InvalidOperationException($"a tensor of {dtype} does not hold {typeof(T).Name}");
            _ = RequireCpu();
            return new TensorAccessor<T>(this);
        }

        internal unsafe void* DataPointer()
        {
            void* data;
            Native.Check(Native.td_data_ptr(RequireCpu().Handle, &data));
            GC.KeepAlive(this);
            return data;
        }

        private Tensor RequireCpu() =>
            device_type is DeviceType.CPU ? this : throw new InvalidOperationException($"reading data of a tensor on {device}; call cpu() first");

        private static bool Holds<T>(ScalarType type) => type switch
        {
            ScalarType.Byte => typeof(T) == typeof(byte),
            ScalarType.Int8 => typeof(T) == typeof(sbyte),
            ScalarType.Int16 => typeof(T) == typeof(short),
            ScalarType.Int32 => typeof(T) == typeof(int),
            ScalarType.Int64 => typeof(T) == typeof(long),
            ScalarType.Float16 => typeof(T) == typeof(Half),
            ScalarType.Float32 => typeof(T) == typeof(float),
            ScalarType.Float64 => typeof(T) == typeof(double),
            ScalarType.Bool => typeof(T) == typeof(bool),
            _ => false,
        };

        public T item<T>()
            where T : unmanaged
        {
            object value = ToScalar() switch
            {
                var number when typeof(T) == typeof(float) => number.ToSingle(),
                var number when typeof(T) == typeof(double) => number.ToDouble(),
                var number when typeof(T) == typeof(long) => number.ToInt64(),
                var number when typeof(T) == typeof(int) => number.ToInt32(),
                var number when typeof(T) == typeof(bool) => number.ToBoolean(),
                var number when typeof(T) == typeof(byte) => checked((byte)number.ToInt64()),
                var number when typeof(T) == typeof(short) => checked((short)number.ToInt64()),
                var number when typeof(T) == typeof(sbyte) => checked((sbyte)number.ToInt64()),
                var number when typeof(T) == typeof(Half) => (Half)number.ToDouble(),
                _ => throw new NotSupportedException($"item<{typeof(T).Name}>"),
            };
            return (T)value;
        }

        /// <summary>The value of a one-element tensor.</summary>
        /// <exception cref="ExternalException">The tensor has more than one element.</exception>
        public Scalar ToScalar()
        {
            var value = Dispatcher.CallValue("item", [this]);
            return value.Tag switch
            {
                Tag.Double => value.Double,
                Tag.Bool => value.Int != 0,
                _ => value.Int,
            };
        }

        public double ReadCpuDouble(long i) => data<double>()[i];

        public float ReadCpuSingle(long i) => data<float>()[i];

        public long ReadCpuInt64(long i) => data<long>()[i];
    }
}
