using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // How parameters, buffers and submodules become known under names.
        public partial class Module
        {
            private bool registered;

            /// <summary>
            /// Registers the fields that hold modules, parameters and tensors (as buffers) under the fields' names, once:
            /// the type's own fields first, then those of its base types. Call it at the end of the constructor.
            /// </summary>
            protected virtual void RegisterComponents()
            {
                if (registered) return;
                foreach (var field in Fields(GetType()))
                {
                    var key = field.ComponentName();
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
                registered = true;
            }

            // A field that a derived type hides under the same name is not reached.
            private static IEnumerable<FieldInfo> Fields(Type type) => Lineage(type)
                .SelectMany(level => level.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance))
                .DistinctBy(field => field.Name);

            private static IEnumerable<Type> Lineage(Type? type)
            {
                for (; type is not null && type != typeof(Module); type = type.BaseType) yield return type;
            }

            /// <summary>Adds a submodule; null takes the one of that name away.</summary>
            public virtual void register_module(string name, Module submodule)
            {
                if (submodule is null)
                {
                    _internal_submodules.Remove(name);
                    return;
                }
                ArgumentException.ThrowIfNullOrEmpty(name);
                if (name.Contains('.', StringComparison.Ordinal)) throw new ArgumentException($"a submodule's name cannot hold a dot: '{name}'");
                RequireNew(_internal_submodules.ContainsKey(name), name);
                submodule.RegisterComponents();
                _internal_submodules.Add(name, submodule);
            }

            public void add_module(string name, Module module) => register_module(name, module);

            public virtual void register_parameter(string name, Parameter param)
            {
                if (param is null or { IsInvalid: true }) throw new ArgumentNullException(nameof(param), $"parameter '{name}' holds no tensor");
                RequireNew(_internal_params.ContainsKey(name), name);
                _internal_params.Add(name, param);
            }

            /// <summary>Adds a tensor that belongs to the state but is not learnt; one that is not persistent stays out of <see cref="state_dict"/>.</summary>
            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                if (tensor is null or { IsInvalid: true }) throw new ArgumentNullException(nameof(tensor), $"buffer '{name}' holds no tensor");
                RequireNew(_internal_buffers.ContainsKey(name), name);
                _internal_buffers.Add(name, (tensor.DetachFromDisposeScope(), persistent));
            }

            private void RequireNew(bool known, string name)
            {
                if (known) throw new InvalidOperationException($"{this.name} already has a component '{name}'");
            }

            protected void ConditionallyRegisterParameter(string name, Parameter? value)
            {
                if (value is null) _internal_params.Remove(name);
                else _internal_params[name] = value;
            }

            protected void ConditionallyRegisterBuffer(string name, Tensor? value, bool persistent = true)
            {
                if (value is null) _internal_buffers.Remove(name);
                else _internal_buffers[name] = (value, persistent);
            }

            protected void ClearModules() => _internal_submodules.Clear();

            /// <summary>What a property's setter does with a parameter: the module owns the new one and lets the old one go.</summary>
            private protected Parameter? Own(string name, Parameter? old, Parameter? value)
            {
                if (ReferenceEquals(old, value)) return value;
                old?.Dispose();
                value?.DetachFromDisposeScope();
                ConditionallyRegisterParameter(name, value);
                return value;
            }

            /// <summary>The same for a buffer.</summary>
            private protected Tensor? OwnBuffer(string name, Tensor? old, Tensor? value)
            {
                if (ReferenceEquals(old, value)) return value;
                old?.Dispose();
                value?.DetachFromDisposeScope();
                ConditionallyRegisterBuffer(name, value);
                return value;
            }
        }
    }
}
