using System;
using System.Collections.Generic;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Parameters that share their hyper-parameters.</summary>
public class ParamGroup : optim.ILearningRateController
{
    public IEnumerable<Parameter> Parameters { get; set; } = [];

    /// <summary>Null until they are given or the group joins an optimizer.</summary>
    public OptimizerOptions Options { get; set; } = null!;

    public double LearningRate
    {
        get => Options.LearningRate ?? throw new InvalidOperationException("the group has no learning rate before it joins an optimizer");
        set => Options.LearningRate = value;
    }

    public double InitialLearningRate
    {
        get => Options.InitialLearningRate;
        set => Options.InitialLearningRate = value;
    }
}

public class ParamGroup<TOptions> : ParamGroup
    where TOptions : OptimizerOptions
{
    public ParamGroup()
    {
    }

    public ParamGroup(IEnumerable<Parameter> parameters, TOptions? options = null) => (Parameters, base.Options) = (parameters, options!);

    public new TOptions Options
    {
        get => (TOptions)base.Options;
        set => base.Options = value;
    }
}
