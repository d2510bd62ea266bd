using System;
using System.IO;

namespace TorchSharp.Modules;

/// <summary>Hyper-parameters of a group. What a group leaves open is filled in when it joins an optimizer.</summary>
public class OptimizerOptions
{
    public double? LearningRate { get; set; }

    public double InitialLearningRate { get; set; }

    public virtual void SaveStateDict(BinaryWriter writer)
    {
        writer.Write(InitialLearningRate);
        writer.Write(LearningRate ?? throw new InvalidOperationException("the group has no learning rate"));
    }

    public virtual void LoadStateDict(BinaryReader reader)
    {
        InitialLearningRate = reader.ReadDouble();
        LearningRate = reader.ReadDouble();
    }

    public virtual void LoadStateDict(OptimizerOptions source)
    {
        InitialLearningRate = source.InitialLearningRate;
        LearningRate = source.LearningRate;
    }

    /// <summary>Another optimizer's options or states, which must be of the same kind.</summary>
    internal static T SameKind<T>(object source)
        where T : class => source as T ?? throw new ArgumentException($"expected {typeof(T)}, found {source.GetType()}", nameof(source));
}
