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
                /// <summary>initial times a factor that goes from start_factor to end_factor in total_iters epochs and stays there</summary>
                public class LinearLR : LRScheduler
                {
                    private readonly double start, end;
                    private readonly int total;

                    public LinearLR(Optimizer optimizer, double start_factor = 1.0 / 3, double end_factor = 1, int total_iters = 5, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        (start, end, total) = (start_factor, end_factor, total_iters);
                        step();
                    }

                    protected override IEnumerable<double> get_lr() =>
                        epoch == 0 ? Scale(start)
                        : epoch > total ? Rates
                        : Scale(1 + ((end - start) / ((total * start) + ((epoch - 1) * (end - start)))));

                    protected override IEnumerable<double> get_closed_form_lr() => ScaleInitial(start + ((end - start) * Math.Min(total, epoch) / total));
                }
            }
        }
    }
}
