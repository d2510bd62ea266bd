using TorchSharp.Dispatch;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor eq(Tensor target) => Dispatcher.Call("eq.Tensor", this, target);

        public Tensor eq(Scalar target) => Dispatcher.Call("eq.Scalar", this, target);

        public Tensor ne(Tensor target) => Dispatcher.Call("ne.Tensor", this, target);

        public Tensor ne(Scalar target) => Dispatcher.Call("ne.Scalar", this, target);

        public Tensor lt(Tensor target) => Dispatcher.Call("lt.Tensor", this, target);

        public Tensor lt(Scalar target) => Dispatcher.Call("lt.Scalar", this, target);

        public Tensor le(Tensor target) => Dispatcher.Call("le.Tensor", this, target);

        public Tensor le(Scalar target) => Dispatcher.Call("le.Scalar", this, target);

        public Tensor gt(Tensor target) => Dispatcher.Call("gt.Tensor", this, target);

        public Tensor gt(Scalar target) => Dispatcher.Call("gt.Scalar", this, target);

        public Tensor ge(Tensor target) => Dispatcher.Call("ge.Tensor", this, target);

        public Tensor ge(Scalar target) => Dispatcher.Call("ge.Scalar", this, target);

        public Tensor maximum(Tensor other) => Dispatcher.Call("maximum", this, other);

        public Tensor minimum(Tensor other) => Dispatcher.Call("minimum", this, other);

        public Tensor logical_and(Tensor other) => Dispatcher.Call("logical_and", this, other);

        public Tensor logical_or(Tensor other) => Dispatcher.Call("logical_or", this, other);

        public Tensor bitwise_and(Tensor other) => Dispatcher.Call("bitwise_and.Tensor", this, other);

        public Tensor bitwise_or(Tensor other) => Dispatcher.Call("bitwise_or.Tensor", this, other);

        public Tensor bitwise_xor(Tensor other) => Dispatcher.Call("bitwise_xor.Tensor", this, other);

        public Tensor logical_not() => Dispatcher.Call("logical_not", this);

        public Tensor bitwise_not() => Dispatcher.Call("bitwise_not", this);

        public bool allclose(Tensor target, double rtol = 1E-05, double atol = 1E-08, bool equal_nan = false) =>
            Dispatcher.CallBool("allclose", this, target, rtol, atol, equal_nan);

        public bool is_nonzero() => Dispatcher.CallBool("is_nonzero", this);
    }

    public static Tensor eq(Tensor left, Tensor right) => left.eq(right);

    /// <summary>Element by element, like <see cref="eq(Tensor, Tensor)"/>; whether two tensors are the same is <see cref="Tensor.Equals(Tensor)"/>.</summary>
    public static Tensor equal(Tensor tensor, Tensor target) => tensor.eq(target);

    public static Tensor ne(Tensor left, Tensor right) => left.ne(right);

    public static Tensor lt(Tensor left, Tensor right) => left.lt(right);

    public static Tensor le(Tensor left, Tensor right) => left.le(right);

    public static Tensor gt(Tensor left, Tensor right) => left.gt(right);

    public static Tensor ge(Tensor left, Tensor right) => left.ge(right);

    public static Tensor maximum(Tensor input, Tensor other) => input.maximum(other);

    public static Tensor minimum(Tensor input, Tensor other) => input.minimum(other);

    public static Tensor logical_and(Tensor left, Tensor right) => left.logical_and(right);

    public static Tensor logical_or(Tensor left, Tensor right) => left.logical_or(right);

    public static Tensor bitwise_and(Tensor left, Tensor right) => left.bitwise_and(right);

    public static Tensor logical_not(Tensor input) => input.logical_not();

    public static bool allclose(Tensor tensor, Tensor target, double rtol = 1E-05, double atol = 1E-08, bool equal_nan = false) =>
        tensor.allclose(target, rtol, atol, equal_nan);

    public static Tensor isclose(Tensor tensor, Tensor other, double rtol = 1E-05, double atol = 1E-08, bool nanEqual = false) =>
        Dispatcher.Call("isclose", tensor, other, rtol, atol, nanEqual);
}
