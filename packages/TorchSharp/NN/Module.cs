using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp.Modules;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A part of a network: parameters, buffers and submodules under names. It owns them.</summary>
        public partial class Module : IDisposable
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

            public virtual IEnumerable<(string name, Module module)> named_children() => _internal_submodules;

            public virtual IEnumerable<Module> children() => named_children().Select(child => child.module);

            /// <summary>All children first, then the children of each.</summary>
            public virtual IEnumerable<(string name, Module module)> named_modules() => named_children().Concat(
                named_children().SelectMany(child => child.module.named_modules().Select(inner => ($"{child.name}.{inner.name}", inner.module))));

            public virtual IEnumerable<Module> modules() => named_modules().Select(entry => entry.module);

            /// <summary>Own parameters first, then those of the children; one that is shared comes once, under its first name.</summary>
            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true) =>
                Once(_internal_params, recurse, child => child.named_parameters());

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(entry => entry.parameter);

            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true)
            {
                var own = _internal_buffers.Where(entry => include_nonpersistent || entry.Item2.Item2).Select(entry => (entry.Item1, entry.Item2.Item1));
                return Once(own, recurse, child => child.named_buffers(true, include_nonpersistent));
            }

            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                named_buffers(recurse, include_nonpersistent).Select(entry => entry.buffer);

            private IEnumerable<(string name, T tensor)> Once<T>(
                IEnumerable<(string name, T tensor)> own, bool recurse, Func<Module, IEnumerable<(string name, T tensor)>> inside)
                where T : Tensor
            {
                var inner = recurse
                    ? named_children().SelectMany(child => inside(child.module).Select(entry => ($"{child.name}.{entry.name}", entry.tensor)))
                    : [];
                return own.Concat(inner).Where(entry => !entry.tensor.IsInvalid).DistinctBy(entry => entry.tensor.Handle);
            }

            public virtual bool has_parameter(string target) => get_parameter(target) is not null;

            public virtual bool has_buffer(string target) => get_buffer(target) is not null;

            public virtual Parameter? get_parameter(string target) =>
                _internal_params.TryGetValue(target, out var own) ? own : Inside(target, (child, rest) => child.get_parameter(rest));

            public virtual Tensor? get_buffer(string target) =>
                _internal_buffers.TryGetValue(target, out var own) ? own.Item1 : Inside(target, (child, rest) => child.get_buffer(rest));

            private T? Inside<T>(string target, Func<Module, string, T?> find)
                where T : class
            {
                var parts = target.Split('.', 2);
                return parts.Length == 1
                    ? null
                    : named_children().Where(child => child.name == parts[0]).Select(child => find(child.module, parts[1])).FirstOrDefault();
            }

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (!disposing) return;
                foreach (var (_, parameter) in _internal_params) parameter.Dispose();
                foreach (var (_, (buffer, _)) in _internal_buffers) buffer.Dispose();
                foreach (var child in children()) child.Dispose();
            }
        }
    }
}
