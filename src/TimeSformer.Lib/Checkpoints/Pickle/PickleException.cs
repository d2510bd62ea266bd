namespace TimeSformer.Checkpoints.Pickle;

/// <summary>A pickle that is damaged, or that asks for more than tensors, containers and plain values.</summary>
internal sealed class PickleException(long position, string cause) : Exception($"at byte {position} of its pickle {cause}");
