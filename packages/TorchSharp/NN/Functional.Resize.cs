using System;
using System.Linq;
using TorchSharp.Dispatch;

namespace TorchSharp;

public static partial class torch
{
    public enum InterpolationMode
    {
        Nearest = 0,
        Linear = 1,
        Bilinear = 2,
        Bicubic = 3,
        Trilinear = 4,
        Area = 5,
        NearestExact = 6,
    }

    public enum UpsampleMode
    {
        Nearest = 0,
        Linear = 1,
        Bilinear = 2,
        Bicubic = 3,
        Trilinear = 4,
    }

    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>Resizes the dimensions after the second, to lengths or by factors.</summary>
            public static Tensor interpolate(Tensor x, long[]? size = null, double[]? scale_factor = null, InterpolationMode mode = InterpolationMode.Nearest, bool? align_corners = null, bool recompute_scale_factor = false, bool antialias = false)
            {
                int spatial = (int)x.dim() - 2;
                Check(spatial, size, scale_factor, mode, align_corners, recompute_scale_factor, antialias);
                if (size is { Length: 1 }) size = [.. Enumerable.Repeat(size[0], spatial)];
                if (scale_factor is { Length: 1 }) scale_factor = [.. Enumerable.Repeat(scale_factor[0], spatial)];
                if (scale_factor is not null && (recompute_scale_factor || mode is InterpolationMode.Area))
                {
                    size = [.. x.shape[2..].Zip(scale_factor, (length, factor) => (long)Math.Floor(length * factor))];
                    scale_factor = null;
                }
                bool corners = align_corners ?? false;
                return (mode, spatial) switch
                {
                    (InterpolationMode.Nearest, _) => Dispatcher.Call($"upsample_nearest{spatial}d.vec", x, size, scale_factor),
                    (InterpolationMode.NearestExact, _) => Dispatcher.Call($"_upsample_nearest_exact{spatial}d.vec", x, size, scale_factor),
                    (InterpolationMode.Area, _) => Dispatcher.Call($"adaptive_avg_pool{spatial}d", x, size),
                    (InterpolationMode.Linear, 1) => Dispatcher.Call("upsample_linear1d.vec", x, size, corners, scale_factor),
                    (InterpolationMode.Bilinear, 2) => Dispatcher.Call(antialias ? "_upsample_bilinear2d_aa.vec" : "upsample_bilinear2d.vec", x, size, corners, scale_factor),
                    (InterpolationMode.Bicubic, 2) => Dispatcher.Call(antialias ? "_upsample_bicubic2d_aa.vec" : "upsample_bicubic2d.vec", x, size, corners, scale_factor),
                    (InterpolationMode.Trilinear, 3) => Dispatcher.Call("upsample_trilinear3d.vec", x, size, corners, scale_factor),
                    _ => throw new ArgumentException($"{mode} does not resize {spatial} dimensions"),
                };
            }

            private static void Check(int spatial, long[]? size, double[]? scale_factor, InterpolationMode mode, bool? align_corners, bool recompute_scale_factor, bool antialias)
            {
                if (spatial is < 1 or > 3) throw new ArgumentException($"interpolate takes 3, 4 or 5 dimensions, not {spatial + 2}");
                if ((size is null) == (scale_factor is null)) throw new ArgumentException("give either size or scale_factor");
                int given = size?.Length ?? scale_factor!.Length;
                if (given != spatial && given != 1) throw new ArgumentException($"{given} lengths for {spatial} dimensions to resize");
                bool smooth = mode is InterpolationMode.Linear or InterpolationMode.Bilinear or InterpolationMode.Bicubic or InterpolationMode.Trilinear;
                if (align_corners is not null && !smooth) throw new ArgumentException($"align_corners means nothing to {mode}");
                if (recompute_scale_factor && size is not null) throw new ArgumentException("recompute_scale_factor needs scale_factor");
                if (antialias && mode is not (InterpolationMode.Bilinear or InterpolationMode.Bicubic)) throw new ArgumentException($"{mode} has no antialias");
            }
        }
    }
}
