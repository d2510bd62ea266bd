using System;
using System.Collections.Generic;
using System.Linq;

namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static class lr_scheduler
        {
            /// <summary>Sets the groups' rates for each epoch; a step goes to the next.</summary>
            public abstract class LRScheduler
            {
                private readonly ILearningRateController[] groups;
                private int last_epoch;

                protected LRScheduler(Optimizer optimizer, int last_epoch = -1, bool verbose = false)
                {
                    groups = optimizer.ParamGroups.ToArray();
                    foreach (var group in groups)
                    {
                        if (last_epoch < 0) group.InitialLearningRate = group.LearningRate;
                    }
                    this.last_epoch = last_epoch;
                }

                private protected abstract double Rate(double initial, int epoch);

                public virtual void step() => step(last_epoch + 1);

                public virtual void step(int? epoch)
                {
                    last_epoch = epoch ?? last_epoch + 1;
                    foreach (var group in groups) group.LearningRate = Rate(group.InitialLearningRate, last_epoch);
                }

                public IEnumerable<double> get_last_lr() => groups.Select(group => group.LearningRate);
            }

            // A rate that is a function of the initial rate and the epoch alone.
            private sealed class ClosedForm : LRScheduler
            {
                private readonly Func<double, int, double> rate;

                public ClosedForm(Optimizer optimizer, int last_epoch, Func<double, int, double> rate)
                    : base(optimizer, last_epoch)
                {
                    this.rate = rate;
                    step();
                }

                private protected override double Rate(double initial, int epoch) => rate(initial, epoch);
            }

            public static LRScheduler LambdaLR(Optimizer optimizer, Func<int, double> lr_lambda, int last_epoch = -1, bool verbose = false) =>
                new ClosedForm(optimizer, last_epoch, (initial, epoch) => initial * lr_lambda(epoch));

            public static LRScheduler StepLR(Optimizer optimizer, int step_size, double gamma = 0.1, int last_epoch = -1, bool verbose = false) =>
                LambdaLR(optimizer, epoch => Math.Pow(gamma, epoch / step_size), last_epoch);

            public static LRScheduler MultiStepLR(Optimizer optimizer, IList<int> milestones, double gamma = 0.1, int last_epoch = -1, bool verbose = false) =>
                LambdaLR(optimizer, epoch => Math.Pow(gamma, milestones.Count(milestone => milestone <= epoch)), last_epoch);

            public static LRScheduler ExponentialLR(Optimizer optimizer, double gamma = 0.1, int last_epoch = -1, bool verbose = false) =>
                LambdaLR(optimizer, epoch => Math.Pow(gamma, epoch), last_epoch);

            public static LRScheduler ConstantLR(Optimizer optimizer, double factor = 1.0 / 3, int total_iters = 5, int last_epoch = -1, bool verbose = false) =>
                LambdaLR(optimizer, epoch => epoch < total_iters ? factor : 1, last_epoch);

            public static LRScheduler LinearLR(Optimizer optimizer, double start_factor = 1.0 / 3, double end_factor = 1, int total_iters = 5, int last_epoch = -1, bool verbose = false) =>
                LambdaLR(optimizer, epoch => start_factor + ((end_factor - start_factor) * Math.Min(total_iters, epoch) / total_iters), last_epoch);

            public static LRScheduler PolynomialLR(Optimizer optimizer, int total_iters = 5, double power = 1, int last_epoch = -1, bool verbose = false) =>
                LambdaLR(optimizer, epoch => Math.Pow(1 - ((double)Math.Min(total_iters, epoch) / total_iters), power), last_epoch);

            public static LRScheduler CosineAnnealingLR(Optimizer optimizer, double T_max, double eta_min = 0, int last_epoch = -1, bool verbose = false) =>
                new ClosedForm(optimizer, last_epoch, (initial, epoch) => eta_min + ((initial - eta_min) * (1 + Math.Cos(Math.PI * epoch / T_max)) / 2));
        }
    }
}
