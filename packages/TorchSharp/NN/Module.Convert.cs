using System;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // Other devices and types. Wrappers stay the same objects, so that an optimizer made before keeps its parameters.
        public partial class Module
        {
            protected internal virtual Module _to(Device device, ScalarType dtype, bool non_blocking)
            {
                _toEpilog(dtype, device, non_blocking);
                return this;
            }

            protected internal virtual Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
            {
                _toEpilog(null, new Device(deviceType, deviceIndex), non_blocking);
                return this;
            }

            protected internal virtual Module _to(ScalarType dtype, bool non_blocking)
            {
                _toEpilog(dtype, null, non_blocking);
                return this;
            }

            public Module _to(Tensor other, bool non_blocking) => _to(other.device, other.dtype, non_blocking);

            /// <summary>Converts what this module and its children hold; integers keep their type.</summary>
            /// <exception cref="ArgumentException">The type is not a floating point type.</exception>
            protected virtual void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
            {
                if (dtype is { } type && !is_floating_point(type))
                {
                    throw new ArgumentException($"a module cannot be converted to {type}, only to a floating point type");
                }
                foreach (var child in children())
                {
                    _ = (dtype, device) switch
                    {
                        ({ } wanted, { } place) => child._to(place, wanted, non_blocking),
                        ({ } wanted, null) => child._to(wanted, non_blocking),
                        (null, { } place) => child._to(place.type, place.index, non_blocking),
                        _ => child,
                    };
                }
                foreach (var (_, parameter) in _internal_params) Convert(parameter, dtype, device, non_blocking);
                foreach (var (_, (buffer, _)) in _internal_buffers) Convert(buffer, dtype, device, non_blocking);
            }

            private static void Convert(Tensor tensor, ScalarType? dtype, Device? device, bool non_blocking)
            {
                var type = dtype is { } wanted && tensor.is_floating_point() ? wanted : tensor.dtype;
                var place = device ?? tensor.device;
                if (type == tensor.dtype && place.Equals(tensor.device)) return;
                using var _ = no_grad();
                using var grad = tensor.grad;
                bool learnt = tensor.requires_grad;
                using var converted = tensor.to(type, place, non_blocking: non_blocking);
                tensor.Adopt(converted);
                if (!learnt) return;
                tensor.requires_grad = true;
                if (grad is null) return;
                using var convertedGrad = grad.to(type, place, non_blocking: non_blocking);
                tensor.grad = convertedGrad;
            }
        }
    }
}
