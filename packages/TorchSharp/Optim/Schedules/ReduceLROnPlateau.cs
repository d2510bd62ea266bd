using System;
using System.Collections.Generic;
using System.Linq;

namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>Multiplies the rate by factor when a metric has not improved for more than patience epochs.</summary>
                public class ReduceLROnPlateau : LRScheduler
                {
                    private readonly double factor, threshold, eps;
                    private readonly int patience, cooldown;
                    private readonly bool smallerIsBetter, relative;
                    private readonly double[] floors;
                    private double best;
                    private int bad, cooling;

                    public ReduceLROnPlateau(
                        Optimizer optimizer, string mode = "min", double factor = 0.1, int patience = 10, double threshold = 1E-4, string threshold_mode = "rel",
                        int cooldown = 0, IList<double>? min_lr = null, double eps = 1E-08, bool verbose = false)
                        : base(optimizer, -1, verbose)
                    {
                        if (factor >= 1) throw new ArgumentException($"a factor of {factor}, where one below 1 is needed");
                        smallerIsBetter = mode switch { "min" => true, "max" => false, _ => throw new ArgumentException($"mode \"{mode}\": \"min\" or \"max\" is needed") };
                        relative = threshold_mode switch { "rel" => true, "abs" => false, _ => throw new ArgumentException($"threshold_mode \"{threshold_mode}\": \"rel\" or \"abs\" is needed") };
                        floors = min_lr is { Count: > 1 } ? [.. min_lr] : [.. Enumerable.Repeat(min_lr is [var floor] ? floor : 0, initial.Length)];
                        if (floors.Length != initial.Length) throw new ArgumentException($"{floors.Length} min_lr for {initial.Length} parameter groups");
                        (this.factor, this.patience, this.threshold, this.cooldown, this.eps) = (factor, patience, threshold, cooldown, eps);
                        best = smallerIsBetter ? double.PositiveInfinity : double.NegativeInfinity;
                    }

                    public override void step() => throw new InvalidOperationException("this scheduler's step needs the metric");

                    public override void step(int? epoch) => step();

                    public override void step(double current, int? epoch = null)
                    {
                        this.epoch = epoch ?? this.epoch + 1;
                        if (IsBetter(current)) (best, bad) = (current, 0);
                        else bad++;
                        if (cooling > 0)
                        {
                            cooling--;
                            bad = 0;
                        }
                        if (bad <= patience) return;
                        (cooling, bad) = (cooldown, 0);
                        Set([.. Rates.Zip(floors, (rate, floor) => rate - Math.Max(rate * factor, floor) > eps ? Math.Max(rate * factor, floor) : rate)]);
                    }

                    private bool IsBetter(double current) => (smallerIsBetter, relative) switch
                    {
                        (true, true) => current < best * (1 - threshold),
                        (true, false) => current < best - threshold,
                        (false, true) => current > best * (1 + threshold),
                        (false, false) => current > best + threshold,
                    };
                }
            }
        }
    }
}
