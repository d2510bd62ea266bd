using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    public sealed class ReLU : ParameterLessModule<Tensor, Tensor>
    {
        internal ReLU(bool inplace)
            : base(nameof(ReLU)) => this.inplace = inplace;

        public bool inplace { get; set; }

        public override Tensor forward(Tensor tensor) => functional.relu(tensor, inplace);
    }

    public sealed class GELU : ParameterLessModule<Tensor, Tensor>
    {
        public enum Approximate
        {
            none,
            tanh,
        }

        internal GELU(Approximate approximate)
            : base(nameof(GELU)) => this.approximate = approximate;

        public Approximate approximate { get; set; }

        public override Tensor forward(Tensor tensor) => functional.gelu(tensor, approximate);
    }

    public sealed class SiLU : ParameterLessModule<Tensor, Tensor>
    {
        internal SiLU()
            : base(nameof(SiLU))
        {
        }

        public override Tensor forward(Tensor tensor) => functional.silu(tensor);
    }

    public sealed class Sigmoid : ParameterLessModule<Tensor, Tensor>
    {
        internal Sigmoid()
            : base(nameof(Sigmoid))
        {
        }

        public override Tensor forward(Tensor tensor) => tensor.sigmoid();
    }

    public sealed class Tanh : ParameterLessModule<Tensor, Tensor>
    {
        internal Tanh()
            : base(nameof(Tanh))
        {
        }

        public override Tensor forward(Tensor tensor) => tensor.tanh();
    }

    public sealed class Identity : ParameterLessModule<Tensor, Tensor>
    {
        internal Identity()
            : base(nameof(Identity))
        {
        }

        public override Tensor forward(Tensor tensor) => tensor.alias();
    }

    public sealed class Softmax : ParameterLessModule<Tensor, Tensor>
    {
        private readonly long dim;

        internal Softmax(long dim)
            : base(nameof(Softmax)) => this.dim = dim;

        public override Tensor forward(Tensor tensor) => tensor.softmax(dim);
    }

    public sealed class Flatten : ParameterLessModule<Tensor, Tensor>
    {
        private readonly long start;
        private readonly long end;

        internal Flatten(long start_dim, long end_dim)
            : base(nameof(Flatten)) => (start, end) = (start_dim, end_dim);

        public override Tensor forward(Tensor tensor) => tensor.flatten(start, end);
    }

    public sealed class Dropout : ParameterLessModule<Tensor, Tensor>
    {
        internal Dropout(double p, bool inplace)
            : base(nameof(Dropout)) => (this.p, this.inplace) = (p, inplace);

        public double p { get; set; }

        public bool inplace { get; set; }

        public override Tensor forward(Tensor tensor) => functional.dropout(tensor, p, training, inplace);
    }

    /// <summary>A module without parameters, buffers and submodules.</summary>
    public abstract class ParameterLessModule<T1, TResult> : Module<T1, TResult>
    {
        protected ParameterLessModule(string name)
            : base(name)
        {
        }

        protected override void RegisterComponents()
        {
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static ReLU ReLU(bool inplace = false) => new(inplace);

            public static GELU GELU() => new(Modules.GELU.Approximate.none);

            public static GELU GELU(GELU.Approximate approximate, bool inplace = false) => new(approximate);

            public static SiLU SiLU() => new();

            public static Sigmoid Sigmoid() => new();

            public static Tanh Tanh(bool inplace = false) => new();

            public static Identity Identity() => new();

            public static Softmax Softmax(long dim) => new(dim);

            public static Flatten Flatten(long start_dim = 1, long end_dim = -1) => new(start_dim, end_dim);

            public static Dropout Dropout(double p = 0.5, bool inplace = false) => new(p, inplace);
        }
    }
}
