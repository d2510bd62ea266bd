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
                /// <summary>initial * factor before epoch total_iters, initial from then on</summary>
                public class ConstantLR : LRScheduler
                {
                    private readonly double factor;
                    private readonly int total;

                    public ConstantLR(Optimizer optimizer, double factor = 1.0 / 3, int total_iters = 5, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        (this.factor, total) = (factor, total_iters);
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => epoch == 0 ? Scale(factor) : epoch == total ? Scale(1 / factor) : Rates;

                    protected override IEnumerable<double> get_closed_form_lr() => ScaleInitial(epoch >= total ? 1 : factor);
                }
            }
        }
    }
}
