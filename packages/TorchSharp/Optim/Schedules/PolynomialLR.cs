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
                /// <summary>initial * (1 - epoch / total_iters)^power, and 0 from there on</summary>
                public class PolynomialLR : LRScheduler
                {
                    private readonly double total, power;

                    public PolynomialLR(Optimizer optimizer, int total_iters = 5, double power = 1, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        (total, this.power) = (total_iters, power);
                        step();
                    }

                    protected override IEnumerable<double> get_lr() =>
                        epoch == 0 || epoch > total ? Rates : Scale(Math.Pow((1 - (epoch / total)) / (1 - ((epoch - 1) / total)), power));

                    protected override IEnumerable<double> get_closed_form_lr() => ScaleInitial(Math.Pow(1 - (Math.Min(epoch, total) / total), power));
                }
            }
        }
    }
}
