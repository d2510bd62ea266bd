using System;
using System.Collections.Generic;
using System.Linq;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // The state as named tensors.
        public partial class Module
        {
            /// <summary>
            /// The parameters and persistent buffers themselves, not copies: own parameters first, then own buffers, then the children's.
            /// A shared tensor comes under each of its names.
            /// </summary>
            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                string Key(string name) => string.IsNullOrEmpty(prefix) ? name : $"{prefix}.{name}";
                foreach (var (key, parameter) in named_parameters(recurse: false)) destination.TryAdd(Key(key), parameter);
                foreach (var (key, buffer) in named_buffers(recurse: false, include_nonpersistent: false)) destination.TryAdd(Key(key), buffer);
                foreach (var (key, child) in named_children()) child.state_dict(destination, Key(key));
                return destination;
            }

            /// <summary>Copies values into this module's parameters and buffers; where it throws, nothing was copied.</summary>
            /// <exception cref="InvalidOperationException">strict: the names differ; always: a shape differs.</exception>
            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(
                Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                var own = state_dict();
                skip ??= [];
                var missing = own.Keys.Where(key => !source.ContainsKey(key)).Except(skip).ToList();
                var unexpected = source.Keys.Where(key => !own.ContainsKey(key)).Except(skip).ToList();
                if (strict && missing.Count + unexpected.Count > 0)
                {
                    throw new InvalidOperationException(
                        $"the state does not fit {name}; missing: {Join(missing)}; unexpected: {Join(unexpected)}");
                }
                var common = own.Keys.Where(source.ContainsKey).Except(skip).ToList();
                var misfits = common.Where(key => !own[key].shape.AsSpan().SequenceEqual(source[key].shape))
                    .Select(key => $"{key} has shape [{Join(source[key].shape)}] where [{Join(own[key].shape)}] is needed").ToList();
                if (misfits.Count > 0) throw new InvalidOperationException($"the state does not fit {name}; {string.Join("; ", misfits)}");
                using var _ = no_grad();
                foreach (var key in common) own[key].copy_(source[key]).Dispose();
                return (missing, unexpected);

                static string Join<T>(IReadOnlyCollection<T> items) => items.Count == 0 ? "none" : string.Join(", ", items);
            }
        }
    }
}
