using System;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>A module without parameters and buffers.</summary>
public interface IParameterLessModule
{
}

/// <summary>A module of one argument without parameters and buffers: conversions have nothing to do.</summary>
public abstract class ParameterLessModule<T1, TResult> : nn.Module<T1, TResult>, IParameterLessModule
{
    protected ParameterLessModule(string name)
        : base(name)
    {
    }

    protected internal override nn.Module _to(Device device, ScalarType dtype, bool non_blocking) => this;

    protected internal override nn.Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking) => this;

    protected internal override nn.Module _to(ScalarType dtype, bool non_blocking) => this;

    public override void register_parameter(string name, Parameter param) =>
        throw new InvalidOperationException($"{GetName()} is a module without parameters");

    public override void register_buffer(string name, Tensor tensor, bool persistent = true) =>
        throw new InvalidOperationException($"{GetName()} is a module without buffers");

    public override void register_module(string name, nn.Module submodule)
    {
        if (submodule is not IParameterLessModule) throw new InvalidOperationException($"{GetName()} takes only submodules without parameters");
        base.register_module(name, submodule);
    }
}
