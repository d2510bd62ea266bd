using System.ComponentModel;
using TimeSformer.Torch;
using YamlDotNet.Serialization;
using static YamlDotNet.Serialization.DefaultValuesHandling;

namespace TimeSformer.Training;

/// <summary>The optimiser's algorithm.</summary>
public enum OptimizerKind
{
    /// <summary>Stochastic gradient descent with momentum; the official recipe.</summary>
    Sgd,

    /// <summary>Adam with decoupled weight decay.</summary>
    AdamW,
}

/// <summary>How the learning rate goes through a run.</summary>
public enum RateSchedule
{
    /// <summary>Constant between given epochs; the official recipe.</summary>
    Steps,

    /// <summary>Half a cosine wave, down to a final rate.</summary>
    Cosine,
}

/// <summary>The optimisation. What a recipe leaves at its default among the later options is not written down either, so that a recipe keeps its hash as options are added.</summary>
public sealed record OptimizationRecipe
{
    /// <summary>Passes over the training list.</summary>
    public int Epochs { get; init; } = 15;

    /// <summary>Clips of a step.</summary>
    public int BatchSize { get; init; } = 8;

    /// <summary>The algorithm.</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Sgd;

    /// <summary>The base rate.</summary>
    public double LearningRate { get; init; } = 0.005;

    /// <summary>For SGD.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Nesterov's momentum, for SGD.</summary>
    public bool Nesterov { get; init; } = true;

    /// <summary>Decay of all weights, a step.</summary>
    public double WeightDecay { get; init; } = 1e-4;

    /// <summary>Epochs at which the rate changes to the factor of the same place in <see cref="StepFactors"/>.</summary>
    public IReadOnlyList<int> Steps { get; init; } = [0, 11, 14];

    /// <summary>Multiples of <see cref="LearningRate"/>.</summary>
    public IReadOnlyList<double> StepFactors { get; init; } = [1, 0.1, 0.01];

    /// <summary>Share of the target spread over all classes.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>Largest norm of the gradient of all weights together; 0 leaves it alone.</summary>
    public double ClipGradient { get; init; }

    /// <summary>Decides initial weights, the order of clips and their variations.</summary>
    public int Seed { get; init; }

    /// <summary>Steps between checkpoints; 0 saves at the end of each epoch.</summary>
    public int CheckpointEverySteps { get; init; }

    /// <summary>Whether <see cref="Steps"/> or a cosine decides the rate.</summary>
    [YamlMember(DefaultValuesHandling = OmitDefaults)]
    public RateSchedule Schedule { get; init; }

    /// <summary>Where the cosine ends.</summary>
    [YamlMember(DefaultValuesHandling = OmitDefaults)]
    public double FinalLearningRate { get; init; }

    /// <summary>Epochs, or a part of one, in which the rate rises linearly to where the schedule then is.</summary>
    [YamlMember(DefaultValuesHandling = OmitDefaults)]
    public double WarmupEpochs { get; init; }

    /// <summary>Where the rise begins.</summary>
    [YamlMember(DefaultValuesHandling = OmitDefaults)]
    public double WarmupLearningRate { get; init; }

    /// <summary>Clips of a step that the rates are given for: with another <see cref="BatchSize"/> they grow in proportion (linear scaling rule). 0 takes them as they are.</summary>
    [YamlMember(DefaultValuesHandling = OmitDefaults)]
    public int BaseBatchSize { get; init; }

    /// <summary>Clips that go through the model at a time; the gradients of a step's parts are added up, which takes less memory. 0 takes the batch as a whole.</summary>
    [YamlMember(DefaultValuesHandling = OmitDefaults)]
    public int MicroBatchSize { get; init; }

    /// <summary>Weight of the past in a moving average of the weights, such as 0.9999, which is then what is evaluated and saved. 0 keeps none.</summary>
    [YamlMember(DefaultValuesHandling = OmitDefaults)]
    public double EmaDecay { get; init; }

    /// <summary>The rate of a layer as a multiple of that of the layer above it, such as 0.75; 1 trains all layers alike.</summary>
    [YamlMember(DefaultValuesHandling = OmitDefaults), DefaultValue(1.0)]
    public double LayerDecay { get; init; } = 1;

    /// <summary>Trains only the weights whose names have one of these in them: <c>[head]</c> the head alone, <c>[head, temporal, time_embed]</c> all that an image model lacks. All where absent.</summary>
    [YamlMember(DefaultValuesHandling = OmitDefaults)]
    public IReadOnlyList<string>? TrainOnly { get; init; }

    /// <summary>Weight of the past in AdamW's mean of the gradient.</summary>
    [YamlMember(DefaultValuesHandling = OmitDefaults), DefaultValue(0.9)]
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Weight of the past in AdamW's mean of the gradient's square.</summary>
    [YamlMember(DefaultValuesHandling = OmitDefaults), DefaultValue(0.999)]
    public double Beta2 { get; init; } = 0.999;

    /// <summary>MixUp: the clips of a batch are added in pairs, in shares drawn from Beta(alpha, alpha); 0 is off.</summary>
    [YamlMember(DefaultValuesHandling = OmitDefaults)]
    public double MixupAlpha { get; init; }

    /// <summary>Epochs between evaluations (the official TRAIN.EVAL_PERIOD); after the last there is one in any case.</summary>
    [YamlMember(DefaultValuesHandling = OmitDefaults), DefaultValue(1)]
    public int EvalPeriod { get; init; } = 1;

    /// <summary>The type in which matrix products and convolutions are computed, in training and in its evaluations.</summary>
    [YamlMember(DefaultValuesHandling = OmitDefaults)]
    public Precision Precision { get; init; }

    /// <summary>Whether the backward pass computes each block again instead of keeping what the forward pass made in it: less memory, about a third more time, the same numbers.</summary>
    [YamlMember(DefaultValuesHandling = OmitDefaults)]
    public bool ActivationCheckpointing { get; init; }
}
