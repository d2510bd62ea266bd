using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp.Modules;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class utils
        {
            public static partial class data
            {
                /// <summary>Items by index.</summary>
                public abstract class Dataset<T> : IDisposable
                {
                    public abstract long Count { get; }

                    /// <summary>The item at `index`. Called from the loader's threads, several at a time.</summary>
                    public abstract T GetTensor(long index);

                    public void Dispose()
                    {
                        Dispose(true);
                        GC.SuppressFinalize(this);
                    }

                    protected virtual void Dispose(bool disposing)
                    {
                    }
                }

                /// <summary>Items of named tensors.</summary>
                public abstract class Dataset : Dataset<Dictionary<string, Tensor>>
                {
                }

                /// <summary>Items of several tensors.</summary>
                public abstract class IterableDataset : Dataset<IList<Tensor>>
                {
                }

                public static TensorDataset TensorDataset(params Tensor[] tensors) => new(tensors);
            }
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>The rows of some tensors of equal length.</summary>
    public sealed class TensorDataset : torch.utils.data.IterableDataset
    {
        private readonly torch.Tensor[] tensors;

        internal TensorDataset(torch.Tensor[] tensors)
        {
            if (tensors.Length == 0) throw new ArgumentException("no tensors");
            if (tensors.Any(tensor => tensor.shape[0] != tensors[0].shape[0])) throw new ArgumentException("the tensors' first dimensions differ");
            this.tensors = tensors;
        }

        public override long Count => tensors[0].shape[0];

        public override IList<torch.Tensor> GetTensor(long index) => Array.ConvertAll(tensors, tensor => tensor[index]);
    }
}
