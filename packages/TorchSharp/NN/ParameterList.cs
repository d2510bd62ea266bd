using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    /// <summary>Parameters under their positions: "0", "1", ...</summary>
    public class ParameterList : Module, IList<Parameter>
    {
        private readonly List<Parameter> items = [];

        public ParameterList(params Parameter[] parameters)
            : base(nameof(ParameterList)) => extend(parameters);

        public int Count => items.Count;

        public bool IsReadOnly => false;

        public Parameter this[int index]
        {
            get => items[index];
            set
            {
                items[index] = value;
                Renumber();
            }
        }

        protected override void RegisterComponents()
        {
        }

        public void Add(Parameter item)
        {
            register_parameter(items.Count.ToString(CultureInfo.InvariantCulture), item);
            items.Add(item);
        }

        public void append(params Parameter[] parameters) => extend(parameters);

        public void extend(IEnumerable<Parameter> parameters)
        {
            foreach (var parameter in parameters) Add(parameter);
        }

        public void Insert(int index, Parameter item)
        {
            items.Insert(index, item);
            Renumber();
        }

        public void RemoveAt(int index)
        {
            items.RemoveAt(index);
            Renumber();
        }

        public bool Remove(Parameter item)
        {
            bool removed = items.Remove(item);
            Renumber();
            return removed;
        }

        public void Clear()
        {
            items.Clear();
            _internal_params.Clear();
        }

        private void Renumber()
        {
            Parameter[] all = [.. items];
            Clear();
            extend(all);
        }

        public bool Contains(Parameter item) => items.Contains(item);

        public int IndexOf(Parameter item) => items.IndexOf(item);

        public void CopyTo(Parameter[] array, int arrayIndex) => items.CopyTo(array, arrayIndex);

        public IEnumerator<Parameter> GetEnumerator() => items.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static ParameterList ParameterList(params Parameter[] parameters) => new(parameters);
        }
    }
}
