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
                /// <summary>One scheduler after another; each begins at its own epoch 0 when its milestone is reached.</summary>
                public class SequentialLR : LRScheduler
                {
                    private readonly LRScheduler[] schedulers;
                    private readonly int[] milestones;

                    public SequentialLR(Optimizer optimizer, IEnumerable<LRScheduler> schedulers, IEnumerable<int> milestones, int last_epoch = -1)
                        : base(optimizer, last_epoch + 1)
                    {
                        (this.schedulers, this.milestones) = ([.. schedulers], [.. milestones]);
                        if (this.schedulers.Any(scheduler => scheduler.optimizer != optimizer)) throw new ArgumentException("a scheduler of another optimizer");
                        if (this.milestones.Length != this.schedulers.Length - 1)
                        {
                            throw new ArgumentException($"{this.schedulers.Length} schedulers need {this.schedulers.Length - 1} milestones, not {this.milestones.Length}");
                        }
                        // Each has already set the rates for its first epoch: only the first of them shall have done so.
                        foreach (var group in optimizer.ParamGroups) group.LearningRate = group.InitialLearningRate;
                        foreach (var scheduler in this.schedulers) scheduler.epoch--;
                        this.schedulers[0].step();
                        last = this.schedulers[0].last;
                    }

                    protected override IEnumerable<double> get_lr()
                    {
                        int active = milestones.Length;
                        while (active > 0 && milestones[active - 1] > epoch) active--;
                        if (active > 0 && milestones[active - 1] == epoch) schedulers[active].step((int?)0);
                        else schedulers[active].step();
                        return Rates;
                    }
                }
            }
        }
    }
}
