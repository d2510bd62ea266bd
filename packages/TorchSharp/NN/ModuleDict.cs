using System.Collections;
using System.Collections.Generic;
using System.Linq;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
#pragma warning disable CA1710 // the original's name
    /// <summary>Submodules under names, in the order in which they were added.</summary>
    public class ModuleDict<T> : Module, IDictionary<string, T>, IEnumerable<(string, T)>
        where T : Module
#pragma warning restore CA1710
    {
        public ModuleDict()
            : base(nameof(ModuleDict<>))
        {
        }

        public int Count => _internal_submodules.Count;

        public bool IsReadOnly => false;

        public ICollection<string> Keys => _internal_submodules.Keys;

        public ICollection<T> Values => [.. _internal_submodules.Values.Cast<T>()];

        public T this[string key]
        {
            get => (T)_internal_submodules[key];
            set
            {
                if (_internal_submodules.ContainsKey(key)) _internal_submodules[key] = value;
                else Add(key, value);
            }
        }

        protected override void RegisterComponents()
        {
        }

        public void Add(string key, T value) => register_module(key, value);

        public void Add((string, T) item) => Add(item.Item1, item.Item2);

        public void Add(KeyValuePair<string, T> item) => Add(item.Key, item.Value);

        public bool Remove(string key) => _internal_submodules.Remove(key);

        public bool Remove(KeyValuePair<string, T> item) => Contains(item) && Remove(item.Key);

        public void Clear() => ClearModules();

        public void clear() => Clear();

        public bool ContainsKey(string key) => _internal_submodules.ContainsKey(key);

        public bool Contains(KeyValuePair<string, T> item) => TryGetValue(item.Key, out var value) && value == item.Value;

        public bool TryGetValue(string key, out T value)
        {
            bool found = _internal_submodules.TryGetValue(key, out var module);
            value = (T)module;
            return found;
        }

        public IEnumerable<string> keys() => Keys;

        public IEnumerable<T> values() => Values;

        public IEnumerator<(string, T)> items() => GetEnumerator();

        public void CopyTo(KeyValuePair<string, T>[] array, int arrayIndex)
        {
            foreach (var (key, module) in this) array[arrayIndex++] = new(key, module);
        }

        public IEnumerator<(string, T)> GetEnumerator() => _internal_submodules.Select(entry => (entry.Item1, (T)entry.Item2)).GetEnumerator();

        IEnumerator<KeyValuePair<string, T>> IEnumerable<KeyValuePair<string, T>>.GetEnumerator() =>
            _internal_submodules.Select(entry => new KeyValuePair<string, T>(entry.Item1, (T)entry.Item2)).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static ModuleDict<Module> ModuleDict(params (string, Module)[] modules) => ModuleDict<Module>(modules);

            public static ModuleDict<T> ModuleDict<T>(params (string, T)[] modules)
                where T : Module
            {
                var made = new ModuleDict<T>();
                foreach (var module in modules) made.Add(module);
                return made;
            }
        }
    }
}
