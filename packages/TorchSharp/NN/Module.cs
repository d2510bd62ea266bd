using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using TorchSharp.Modules;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A part of a network: parameters, buffers and submodules under names.</summary>
        public class Module : IDisposable
        {
            protected string name;
            protected OrderedDict<string, Parameter> _internal_params = new();
            protected OrderedDict<string, (Tensor, bool)> _internal_buffers = new();
            protected OrderedDict<string, Module> _internal_submodules = new();

            protected Module(string name) => this.name = name;

            public virtual bool training { get; private set; } = true;

            public virtual string GetName() => name;

            public virtual void train(bool train = true)
            {
                training = train;
                foreach (var child in children()) child.train(train);
            }

            public virtual void eval() => train(false);

            /// <summary>Registers the fields that hold modules, parameters and tensors (as buffers) under the fields' names.</summary>
            protected virtual void RegisterComponents()
            {
                foreach (var field in Fields(GetType()))
                {
                    var key = field.Name;
                    if (_internal_submodules.ContainsKey(key) || _internal_params.ContainsKey(key) || _internal_buffers.ContainsKey(key)) continue;
                    switch (field.GetValue(this))
                    {
                        case Module module:
                            register_module(key, module);
                            break;
                        case Parameter parameter:
                            register_parameter(key, parameter);
                            break;
                        case Tensor tensor:
                            register_buffer(key, tensor);
                            break;
                    }
                }
            }

            private static IEnumerable<FieldInfo> Fields(Type? type)
            {
                if (type is null || type == typeof(Module)) return [];
                const BindingFlags own = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly;
                return Fields(type.BaseType).Concat(type.GetFields(own));
            }

            public virtual void register_module(string name, Module submodule)
            {
                if (submodule is null)
                {
                    _internal_submodules.Remove(name);
                    return;
                }
                CheckName(name);
                submodule.RegisterComponents();
                _internal_submodules.Add(name, submodule);
            }

            public void add_module(string name, Module module) => register_module(name, module);

            public virtual void register_parameter(string name, Parameter param)
            {
                CheckName(name);
                if (param is null) return;
                _internal_params.Add(name, param);
            }

            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                ArgumentNullException.ThrowIfNull(tensor);
                CheckName(name);
                _internal_buffers.Add(name, (tensor.DetachFromDisposeScope(), persistent));
            }

            private void CheckName(string name)
            {
                if (string.IsNullOrEmpty(name) || name.Contains('.', StringComparison.Ordinal)) throw new ArgumentException($"'{name}' cannot name a component");
                if (_internal_params.ContainsKey(name) || _internal_buffers.ContainsKey(name) || _internal_submodules.ContainsKey(name))
                {
                    throw new InvalidOperationException($"{this.name} already has a component '{name}'");
                }
            }

            protected void ClearModules() => _internal_submodules.Clear();

            public virtual IEnumerable<Module> children() => _internal_submodules.Values;

            public virtual IEnumerable<(string name, Module module)> named_children() => _internal_submodules;

            public virtual IEnumerable<(string name, Module module)> named_modules() =>
                named_children().SelectMany(child => child.module.named_modules().Select(inner => ($"{child.name}.{inner.name}", inner.module)).Prepend(child));

            public virtual IEnumerable<Module> modules() => named_modules().Select(module => module.module);

            /// <summary>Own parameters first, then those of the children in the order of registration.</summary>
            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true) =>
                Collect(module => module._internal_params, recurse);

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(entry => entry.parameter);

            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true) =>
                Collect(module => module._internal_buffers, recurse)
                    .Where(entry => include_nonpersistent || entry.value.Item2)
                    .Select(entry => (entry.name, entry.value.Item1));

            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                named_buffers(recurse, include_nonpersistent).Select(entry => entry.buffer);

            private IEnumerable<(string name, T value)> Collect<T>(Func<Module, OrderedDict<string, T>> own, bool recurse)
            {
                var mine = own(this).Select(entry => (entry.Item1, entry.Item2));
                if (!recurse) return mine;
                return mine.Concat(named_children().SelectMany(child => child.module.Collect(own, true).Select(entry => ($"{child.name}.{entry.name}", entry.value))));
            }

            public virtual bool has_parameter(string target) => get_parameter(target) is not null;

            public virtual bool has_buffer(string target) => get_buffer(target) is not null;

            public virtual Parameter? get_parameter(string target) => named_parameters().FirstOrDefault(entry => entry.name == target).parameter;

            public virtual Tensor? get_buffer(string target) => named_buffers().FirstOrDefault(entry => entry.name == target).buffer;

            public virtual Module apply(Action<Module> fn)
            {
                foreach (var child in children()) child.apply(fn);
                fn(this);
                return this;
            }

            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach (var parameter in parameters())
                {
                    using var grad = parameter.grad;
                    if (grad is null) continue;
                    if (set_to_none) parameter.grad = null;
                    else grad.zero_().Dispose();
                }
            }

            /// <summary>The parameters and persistent buffers themselves, not copies: own first, then the children's.</summary>
            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                string Key(string name) => string.IsNullOrEmpty(prefix) ? name : $"{prefix}.{name}";
                foreach (var (key, parameter) in _internal_params) destination[Key(key)] = parameter;
                foreach (var (key, (buffer, persistent)) in _internal_buffers)
                {
                    if (persistent) destination[Key(key)] = buffer;
                }
                foreach (var (key, child) in named_children()) child.state_dict(destination, Key(key));
                return destination;
            }

            /// <summary>Copies values into this module's parameters and buffers.</summary>
            /// <exception cref="InvalidOperationException">strict: the names differ; always: a shape differs.</exception>
            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(
                Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                var own = state_dict();
                skip ??= [];
                var missing = own.Keys.Where(key => !source.ContainsKey(key) && !skip.Contains(key)).ToList();
                var unexpected = source.Keys.Where(key => !own.ContainsKey(key) && !skip.Contains(key)).ToList();
                if (strict && missing.Count + unexpected.Count > 0)
                {
                    throw new InvalidOperationException(
                        $"the state does not fit {name}; missing: {string.Join(", ", missing)}; unexpected: {string.Join(", ", unexpected)}");
                }
                using var _ = no_grad();
                foreach (var (key, target) in own)
                {
                    if (skip.Contains(key) || !source.TryGetValue(key, out var value)) continue;
                    if (!target.shape.AsSpan().SequenceEqual(value.shape))
                    {
                        throw new InvalidOperationException($"{key} has shape [{string.Join(", ", value.shape)}], {name} needs [{string.Join(", ", target.shape)}]");
                    }
                    target.copy_(value).Dispose();
                }
                return (missing, unexpected);
            }

            protected internal virtual Module _to(Device device, ScalarType dtype, bool non_blocking)
            {
                _toEpilog(dtype, device, non_blocking);
                return this;
            }

            protected internal virtual Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
            {
                _toEpilog(null, new Device(deviceType, deviceIndex), non_blocking);
                return this;
            }

            protected internal virtual Module _to(ScalarType dtype, bool non_blocking)
            {
                _toEpilog(dtype, null, non_blocking);
                return this;
            }

            public Module _to(Tensor other, bool non_blocking) => _to(other.device, other.dtype, non_blocking);

            /// <summary>Converts in place: wrappers stay the same, so that an optimizer made before keeps its parameters. Integers keep their type.</summary>
            protected virtual void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
            {
                if (dtype is { } type && !is_floating_point(type)) throw new ArgumentException($"a module cannot be converted to {type}, only to a floating point type");
                using var _ = no_grad();
                foreach (var child in children()) child._toEpilog(dtype, device, non_blocking);
                foreach (var (_, parameter) in _internal_params) Convert(parameter, parameter.requires_grad);
                foreach (var (_, (buffer, _)) in _internal_buffers) Convert(buffer, false);

                void Convert(Tensor tensor, bool requires_grad)
                {
                    var target = dtype is { } wanted && tensor.is_floating_point() ? wanted : tensor.dtype;
                    var place = device ?? tensor.device;
                    if (target == tensor.dtype && place.Equals(tensor.device)) return;
                    using var converted = tensor.to(target, place, non_blocking: non_blocking);
                    using var grad = tensor.grad;
                    tensor.Adopt(converted);
                    if (requires_grad) tensor.requires_grad = true;
                    if (grad is null) return;
                    using var movedGrad = grad.to(target, place, non_blocking: non_blocking);
                    tensor.grad = movedGrad;
                }
            }

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (!disposing) return;
                foreach (var (_, parameter) in _internal_params)
                {
                    parameter.Dispose();
                }
                foreach (var (_, (buffer, _)) in _internal_buffers) buffer.Dispose();
                foreach (var child in children()) child.Dispose();
            }
        }
    }
}
