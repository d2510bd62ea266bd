using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.CompilerServices;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    /// <summary>Modules called one after the other, each on the result of the one before.</summary>
    public class Sequential : Module<Tensor, Tensor>
    {
        private readonly List<(string name, IModule<Tensor, Tensor> module)> items = [];

        protected internal Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules)
            : base(nameof(Sequential))
        {
            foreach (var (key, module) in modules) append(key, module);
        }

        protected internal Sequential(params Module<Tensor, Tensor>[] modules)
            : base(nameof(Sequential))
        {
            foreach (var module in modules) append(module);
        }

        public int Count => items.Count;

        [IndexerName("SequentialItems")]
        public IModule<Tensor, Tensor> this[int index] => items[index].module;

        /// <summary>A part, sharing its modules with this.</summary>
        [IndexerName("SequentialItems")]
        public Sequential this[Range index]
        {
            get
            {
                var part = new Sequential(Array.Empty<Module<Tensor, Tensor>>());
                foreach (var (key, module) in items[index]) part.append(key, module);
                return part;
            }
        }

        [IndexerName("SequentialItems")]
        public Sequential this[(int? start, int? end) index] => this[(index.start ?? 0)..(index.end ?? Count)];

        protected override void RegisterComponents()
        {
        }

        public Sequential append(string name, IModule<Tensor, Tensor> module)
        {
            add_module(name, (Module)module);
            items.Add((name, module));
            return this;
        }

        public Sequential append(IModule<Tensor, Tensor> module) => append(items.Count.ToString(CultureInfo.InvariantCulture), module);

        /// <summary>Each result is let go as soon as the next module has taken it.</summary>
        public override Tensor forward(Tensor tensor)
        {
            if (items.Count == 0) return tensor.alias();
            var current = tensor;
            foreach (var (_, module) in items)
            {
                var next = module.call(current);
                if (!ReferenceEquals(current, tensor) && !ReferenceEquals(current, next)) current.Dispose();
                current = next;
            }
            return current;
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Sequential Sequential() => new(Array.Empty<Module<Tensor, Tensor>>());

            public static Sequential Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules) => new(modules);

            public static Sequential Sequential(params Module<Tensor, Tensor>[] modules) => new(modules);

            public static Sequential Sequential(params Tuple<string, Module<Tensor, Tensor>>[] modules) => Sequential(modules.AsEnumerable());

            public static Sequential Sequential(IEnumerable<(string name, Module<Tensor, Tensor> submodule)> modules) => new(modules.ToArray());

            public static Sequential Sequential(IEnumerable<Tuple<string, Module<Tensor, Tensor>>> modules) =>
                new(modules.Select(module => (module.Item1, module.Item2)).ToArray());

            public static Sequential Sequential(IEnumerable<Module<Tensor, Tensor>> modules) => new(modules.ToArray());
        }
    }
}
