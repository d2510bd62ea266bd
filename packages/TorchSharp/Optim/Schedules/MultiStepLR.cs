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
                /// <summary>initial * gamma^(milestones reached)</summary>
                public class MultiStepLR : LRScheduler
                {
                    private readonly int[] milestones;
                    private readonly double gamma;

                    public MultiStepLR(Optimizer optimizer, IList<int> milestones, double gamma = 0.1, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        (this.milestones, this.gamma) = ([.. milestones.Distinct()], gamma);
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => milestones.Contains(epoch) ? Scale(gamma) : Rates;

                    protected override IEnumerable<double> get_closed_form_lr() => ScaleInitial(Math.Pow(gamma, milestones.Count(milestone => milestone <= epoch)));
                }
            }
        }
    }
}
