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
                /// <summary>eta_min + (initial - eta_min) * (1 + cos(pi * epoch / T_max)) / 2, which rises again after T_max</summary>
                public class CosineAnnealingLR : LRScheduler
                {
                    private readonly double period, floor;

                    public CosineAnnealingLR(Optimizer optimizer, double T_max, double eta_min = 0, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        (period, floor) = (T_max, eta_min);
                        step();
                    }

                    private double Height(int epoch) => 1 + Math.Cos(Math.PI * epoch / period);

                    protected override IEnumerable<double> get_lr()
                    {
                        if (epoch == 0) return Rates;
                        // Where the previous height is 0, the next follows from the initial rate.
                        if ((epoch - 1 - period) % (2 * period) == 0) return Rates.Zip(initial, (rate, first) => rate + ((first - floor) * (1 - Math.Cos(Math.PI / period)) / 2));
                        return Rates.Select(rate => (Height(epoch) / Height(epoch - 1) * (rate - floor)) + floor);
                    }

                    protected override IEnumerable<double> get_closed_form_lr() => initial.Select(rate => floor + ((rate - floor) * Height(epoch) / 2));
                }
            }
        }
    }
}
