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
                /// <summary>initial * gamma^(epoch / step_size), in whole numbers of steps</summary>
                public class StepLR : LRScheduler
                {
                    private readonly int size;
                    private readonly double gamma;

                    public StepLR(Optimizer optimizer, int step_size, double gamma = 0.1, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        (size, this.gamma) = (step_size, gamma);
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => epoch == 0 || epoch % size != 0 ? Rates : Scale(gamma);

                    protected override IEnumerable<double> get_closed_form_lr() => ScaleInitial(Math.Pow(gamma, epoch / size));
                }
            }
        }
    }
}
