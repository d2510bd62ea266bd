using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>The rows of tensors of equal length. It holds aliases, so that the tensors remain their owner's to dispose.</summary>
    public class TensorDataset : utils.data.IterableDataset
    {
        private readonly Tensor[] tensors;

        internal TensorDataset(Tensor[] tensors)
        {
            if (tensors is null or []) throw new ArgumentNullException(nameof(tensors));
            if (Array.Exists(tensors, tensor => tensor.shape[0] != tensors[0].shape[0])) throw new ArgumentException("the tensors' first dimensions differ", nameof(tensors));
            this.tensors = Array.ConvertAll(tensors, tensor => tensor.alias().DetachFromDisposeScope());
        }

        public IList<Tensor> this[long index] => [.. tensors.Select(tensor => tensor[index])];

        public override long Count => tensors[0].shape[0];

        public override IList<Tensor> GetTensor(long index) => this[index];

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                foreach (var tensor in tensors) tensor.Dispose();
            }
            base.Dispose(disposing);
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class utils
        {
            public static partial class data
            {
                public static TensorDataset TensorDataset(params Tensor[] tensors) => new(tensors);
            }
        }
    }
}
