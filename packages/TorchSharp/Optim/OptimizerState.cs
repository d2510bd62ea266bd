using System.IO;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What an optimizer remembers of one parameter between steps. Its tensors belong to no dispose scope.</summary>
public abstract class OptimizerState
{
    protected Parameter _parameter;

    protected OptimizerState(Parameter parameter) => _parameter = parameter;

    public abstract void Initialize(OptimizerOptions options);

    public abstract void SaveStateDict(BinaryWriter writer);

    public abstract void LoadStateDict(BinaryReader reader);

    public abstract void LoadStateDict(OptimizerState source);

    public virtual bool ApproximatelyEquals(OptimizerState other) => false;

    public virtual void to(Device device)
    {
    }

    protected static void SaveConditionalStateTensor(BinaryWriter writer, Tensor? tensor)
    {
        writer.Write(tensor is not null);
        tensor?.Save(writer);
    }

    protected static void LoadConditionalStateTensor(BinaryReader reader, ref Tensor? result, Device device)
    {
        using var scope = NewDisposeScope();
        Replace(ref result, reader.ReadBoolean() ? TensorExtensionMethods.Load(reader).to(device).DetachFromDisposeScope() : null);
    }

    private protected static Tensor? Copy(Tensor? source, Device device)
    {
        using var _ = no_grad();
        return source?.to(device, copy: true).DetachFromDisposeScope();
    }

    private protected static void Replace(ref Tensor? held, Tensor? other)
    {
        if (!ReferenceEquals(held, other)) held?.Dispose();
        held = other;
    }
}
