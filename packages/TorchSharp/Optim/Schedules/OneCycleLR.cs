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
                /// <summary>
                /// The rate rises from max_lr / div_factor to max_lr in the first pct_start of the steps and falls to a final_div_factor-th of where it
                /// began; the momentum (SGD's, or Adam's first beta) moves the other way.
                /// </summary>
                public class OneCycleLR : LRScheduler
                {
                    private readonly ILearningRateController[] groups;
                    private readonly double[] peaks, lowMomenta, highMomenta;
                    private readonly Func<double, double, double, double> anneal;
                    private readonly double initialDivisor, finalDivisor, start;
                    private readonly bool cycles, threePhases;
                    private readonly int total;

                    public enum AnnealStrategy
                    {
                        Cos,
                        Linear,
                    }

                    public OneCycleLR(
                        Optimizer optimizer, double max_lr, int total_steps = -1, int epochs = -1, int steps_per_epoch = -1, double pct_start = 0.3,
                        AnnealStrategy anneal_strategy = AnnealStrategy.Cos, bool cycle_momentum = true, double base_momentum = 0.85, double max_momentum = 0.95,
                        double div_factor = 25, double final_div_factor = 10000, bool three_phase = false, int last_epoch = -1, bool verbose = false)
                        : this(
                            optimizer, Same(optimizer, max_lr), total_steps, epochs, steps_per_epoch, pct_start, anneal_strategy, cycle_momentum,
                            Same(optimizer, base_momentum), Same(optimizer, max_momentum), div_factor, final_div_factor, three_phase, last_epoch, verbose)
                    {
                    }

                    /// <summary>One peak and one range of momentum a group.</summary>
                    public OneCycleLR(
                        Optimizer optimizer, IEnumerable<double> max_lr, int total_steps = -1, int epochs = -1, int steps_per_epoch = -1, double pct_start = 0.3,
                        AnnealStrategy anneal_strategy = AnnealStrategy.Cos, bool cycle_momentum = true, IEnumerable<double>? base_momentum = null,
                        IEnumerable<double>? max_momentum = null, double div_factor = 25, double final_div_factor = 10000, bool three_phase = false,
                        int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        if (cycle_momentum && optimizer is not (IMomentum or IBetas)) throw new ArgumentException("cycle_momentum needs an optimizer with momentum or betas");
                        if (pct_start is < 0 or > 1) throw new ArgumentException($"a pct_start of {pct_start}, where one from 0 to 1 is needed");
                        total = total_steps != -1 ? total_steps : epochs > 0 && steps_per_epoch > 0 ? epochs * steps_per_epoch : 0;
                        if (total <= 0) throw new ArgumentException("either total_steps or both epochs and steps_per_epoch are needed, and positive");
                        groups = [.. optimizer.ParamGroups];
                        (peaks, lowMomenta, highMomenta) = ([.. max_lr], [.. base_momentum ?? Same(optimizer, 0.85)], [.. max_momentum ?? Same(optimizer, 0.95)]);
                        if (new[] { peaks, lowMomenta, highMomenta }.Any(list => list.Length != groups.Length)) throw new ArgumentException($"one value for each of the {groups.Length} parameter groups is needed");
                        anneal = anneal_strategy is AnnealStrategy.Cos
                            ? (from, to, part) => to + ((from - to) / 2 * (Math.Cos(Math.PI * part) + 1))
                            : (from, to, part) => ((to - from) * part) + from;
                        (initialDivisor, finalDivisor, start, cycles, threePhases) = (div_factor, final_div_factor, pct_start, cycle_momentum, three_phase);
                        step();
                    }

                    private static IEnumerable<double> Same(Optimizer optimizer, double value) => Enumerable.Repeat(value, optimizer.ParamGroups.Count());

                    protected override IEnumerable<double> get_lr()
                    {
                        if (epoch > total) throw new InvalidOperationException($"step {epoch + 1} of a cycle of {total} steps");
                        return groups.Select((group, k) =>
                        {
                            double first = peaks[k] / initialDivisor, final = first / finalDivisor, low = lowMomenta[k], high = highMomenta[k];
                            double rise = (start * total) - 1, end = total - 1;
                            // rates and momenta from the end of one phase to that of the next
                            var (begin, until, rates, momenta) =
                                epoch <= rise ? (0, rise, (first, peaks[k]), (high, low))
                                : !threePhases ? (rise, end, (peaks[k], final), (low, high))
                                : epoch <= 2 * rise ? (rise, 2 * rise, (peaks[k], first), (low, high))
                                : (2 * rise, end, (first, final), (high, high));
                            double part = until > begin ? (epoch - begin) / (until - begin) : 1;
                            if (cycles) SetMomentum(group, anneal(momenta.Item1, momenta.Item2, part));
                            return anneal(rates.Item1, rates.Item2, part);
                        });
                    }

                    private static void SetMomentum(ILearningRateController group, double momentum)
                    {
                        if (group is IBetas adam) adam.Betas = (momentum, adam.Betas.Item2);
                        else if (group is IMomentum sgd) sgd.Momentum = momentum;
                    }
                }
            }
        }
    }
}
