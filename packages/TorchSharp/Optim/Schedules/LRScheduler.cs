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
            /// <summary>
            /// Sets the groups' learning rates, for the first epoch when it is made and for the next at each step. A rate follows from the group's
            /// present one, so that several schedulers multiply; only a step to a given epoch starts from the initial rate, where a formula exists.
            /// </summary>
            public abstract class LRScheduler
            {
                internal readonly Optimizer? optimizer;
                internal readonly bool verbose;
                internal readonly double[] initial;
                internal int epoch;
                internal double[] last;
                protected int _step_count;

                protected LRScheduler()
                {
                    (initial, last, epoch) = ([], [], -1);
                }

                protected LRScheduler(Optimizer optimizer, int last_epoch = -1, bool verbose = false)
                {
                    ArgumentNullException.ThrowIfNull(optimizer);
                    (this.optimizer, this.verbose, epoch) = (optimizer, verbose, last_epoch);
                    initial = [.. optimizer.ParamGroups.Select(group => group.InitialLearningRate)];
                    last = [.. Rates];
                }

                /// <summary>The groups' rates as they are now.</summary>
                private protected IEnumerable<double> Rates => optimizer?.ParamGroups.Select(group => group.LearningRate) ?? [];

                public virtual void step() => step((int?)null);

                public virtual void step(int? epoch)
                {
                    _step_count++;
                    this.epoch = epoch ?? this.epoch + 1;
                    Set([.. epoch is null ? get_lr() : get_closed_form_lr()]);
                }

                /// <summary>The metric counts for <see cref="ReduceLROnPlateau"/> only.</summary>
                public virtual void step(double current, int? epoch = null) => step(epoch);

                public IEnumerable<double> get_last_lr() => last;

                protected virtual IEnumerable<double> get_lr() => Rates;

                protected virtual IEnumerable<double> get_closed_form_lr() => get_lr();

                private protected IEnumerable<double> Scale(double factor) => Rates.Select(rate => rate * factor);

                private protected IEnumerable<double> ScaleInitial(double factor) => initial.Select(rate => rate * factor);

                private protected void Set(double[] rates)
                {
                    foreach (var (group, rate) in optimizer?.ParamGroups.Zip(rates) ?? []) group.LearningRate = rate;
                    if (verbose && !rates.AsSpan().SequenceEqual(last)) Console.WriteLine($"epoch {epoch}: learning rate {string.Join(", ", rates)}");
                    last = rates;
                }
            }
        }
    }
}
