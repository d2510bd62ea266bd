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
                /// <summary>Several schedulers at once: their factors multiply.</summary>
                public class ChainedLR : LRScheduler
                {
                    private readonly LRScheduler[] schedulers;

                    public ChainedLR(IEnumerable<LRScheduler> schedulers)
                    {
                        this.schedulers = [.. schedulers];
                        last = this.schedulers.LastOrDefault()?.last ?? [];
                    }

                    public override void step()
                    {
                        foreach (var scheduler in schedulers) scheduler.step();
                        last = schedulers.LastOrDefault()?.last ?? [];
                    }
                }
            }
        }
    }
}
