using System;
using System.Collections.Generic;

namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>initial * gamma^epoch</summary>
                public class ExponentialLR : LRScheduler
                {
                    private readonly double gamma;

                    public ExponentialLR(Optimizer optimizer, double gamma = 0.1, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        this.gamma = gamma;
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => epoch == 0 ? Rates : Scale(gamma);

                    protected override IEnumerable<double> get_closed_form_lr() => ScaleInitial(Math.Pow(gamma, epoch));
                }
            }
        }
    }
}
